"""One conversation in memory, and its copy on disk.

Memory leads: what was said is never lost because the disk is full. `save` brings the disk up to
what is in memory, and may be tried again until it succeeds.
"""

from app.store.chats import ChatStore, title_from
from app.store.values import Chat, StoredMessage
from engine.chat import Message, Role


class Transcript:
    """What was said in one chat; a new one has no `chat` until it is saved."""

    def __init__(self, store: ChatStore, chat: Chat | None = None) -> None:
        """Raises StoreError if the chat cannot be read."""
        self._store = store
        self._chat = chat
        self._messages: list[StoredMessage] = [] if chat is None else list(store.messages(chat.id))
        self._amended = set[int]()  # places in the list whose words on disk are old
        self._model: str | None = None

    @property
    def chat(self) -> Chat | None:
        """The chat on disk, as it was when last read; None: not there yet."""
        return self._chat

    @property
    def messages(self) -> tuple[StoredMessage, ...]:
        """In order, the answer in progress included."""
        return tuple(self._messages)

    def add(self, message: StoredMessage) -> None:
        """Append a turn."""
        self._messages.append(message)

    def amend(self, message: StoredMessage) -> None:
        """The last turn says this now."""
        place = len(self._messages) - 1
        self._messages[place] = message
        if message.id is not None:
            self._amended.add(place)

    def answered_by(self, model: str) -> None:
        """That model answers now."""
        self._model = model

    def read_chat_again(self) -> None:
        """Its title or age may have changed on disk. Raises StoreError."""
        if self._chat is not None:
            self._chat = self._store.chat(self._chat.id)

    def save(self) -> None:
        """Bring the disk up to memory. Raises DiskFull or another StoreError; try again later."""
        if self._chat is None:
            if not self._messages:
                return
            self._chat = self._store.new(title=title_from(self._messages[0].content))
        for place, message in enumerate(self._messages):
            if message.id is None:
                self._messages[place] = self._store.append(self._chat.id, message)
            elif place in self._amended:
                self._store.amend(message)
            self._amended.discard(place)
        if self._model is not None and self._model != self._chat.model:
            self._store.answered_by(self._chat.id, self._model)
            self.read_chat_again()


def request_messages(messages: tuple[StoredMessage, ...]) -> tuple[Message, ...]:
    """What a model is told of these turns.

    Answers that never came are left out. Templates want the roles to alternate, so turns of one
    speaker that now follow each other become one.
    """
    told: list[Message] = []
    for message in messages:
        if message.role is Role.ASSISTANT and not message.content:
            continue
        if told and told[-1].role is message.role:
            joined = f"{told[-1].content}\n\n{message.content}"
            told[-1] = Message(role=message.role, content=joined)
        else:
            told.append(
                Message(role=message.role, content=message.content, reasoning=message.reasoning)
            )
    return tuple(told)
