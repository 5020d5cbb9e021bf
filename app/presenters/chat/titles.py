"""A title made by the model, after the first answer; the person never waits for it."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge, Stream
from engine.chat import ChatRequest, Message, Piece, Role, Sampling

TITLE_TOKENS = 16
MOST_CHARACTERS = 60
_LOOK_MS = 50
_MARKS = "*_# "
_QUOTES = ('""', "''", "``", "“”", "„“", "‘’", "«»", "「」", "『』")
_WISH = (
    "Give this conversation a title of three to six words, in its own language. "
    "Write the title alone, without quotes."
)
_BEGINNING = "Title:"  # the answer goes on from here: models that think do not begin to


class Titler(QObject):
    """Asks for one title at a time, in the background."""

    made = Signal(int, str)  # the chat, and its title

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._chat_id = 0
        self._stream: Stream | None = None
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether a title is being made."""
        return self._stream is not None

    def ask(self, chat_id: int, told: tuple[Message, ...], model: str | None) -> None:
        """Have that chat named after what was told and answered."""
        self.cancel()
        self._chat_id, self._text = chat_id, ""
        self._stream = self._bridge.stream(title_request(told, model))
        self._timer.start()

    def cancel(self) -> None:
        """Its plain title stays."""
        self._timer.stop()
        if self._stream is not None:
            self._stream.cancel()
            self._stream = None

    def _look(self) -> None:
        assert self._stream is not None
        deltas, ending = self._stream.take()
        self._text += "".join(
            delta.text for delta in deltas if isinstance(delta, Piece) and not delta.reasoning
        )
        if ending is None:
            return
        self._timer.stop()
        self._stream = None
        title = title_from_answer(self._text)
        if title and ending.failure is None and not ending.cancelled:
            self.made.emit(self._chat_id, title)


def title_request(told: tuple[Message, ...], model: str | None) -> ChatRequest:
    """The conversation goes on: what the model has read of it need not be read again."""
    return ChatRequest(
        messages=(
            *told,
            Message(role=Role.USER, content=_WISH),
            Message(role=Role.ASSISTANT, content=_BEGINNING),
        ),
        model=model,
        sampling=Sampling(temperature=0.2),
        max_tokens=TITLE_TOKENS,
        stop=("\n\n",),
        continue_last=True,
    )


def title_from_answer(text: str) -> str:
    """What can be used of it: one line, without quotes; "" if it is no title."""
    lines = text.strip().removeprefix(_BEGINNING).strip().splitlines()
    title = " ".join(lines[0].replace("**", "").split()).strip(_MARKS) if lines else ""
    bare = _unquoted(title)
    while bare != title:
        title, bare = bare, _unquoted(bare)
    printable = all(character.isprintable() for character in title)
    sound = any(character.isalnum() for character in title)
    return title if printable and sound and len(title) <= MOST_CHARACTERS else ""


def _unquoted(title: str) -> str:
    quoted = len(title) > 1 and title[0] + title[-1] in _QUOTES
    return (title[1:-1] if quoted else title.rstrip(".。")).strip(_MARKS)
