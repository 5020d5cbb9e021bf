"""An answer while it is being written."""

from dataclasses import replace
from time import monotonic

from app.text.blocks import unread
from app.text.shown import Shown
from app.text.stream import BlockStream
from app.widgets.transcript.block_parts import shown_by
from app.widgets.transcript.entry import READ_AT_ONCE, Entry
from app.widgets.transcript.message_parts import ReasoningPart, WaitingPart
from app.widgets.transcript.part import Part

# More letters than this are not shown by one look: the next one shows the rest.
SHOWN_AT_ONCE = 2_000


class Answer:
    """Feeds an entry with what arrives; every block but the last stays as it is."""

    def __init__(self, *, thoughts_open: bool = False) -> None:
        self.entry = Entry(Shown(role="assistant", content=""), thoughts_open=thoughts_open)
        self._thoughts_open = thoughts_open
        self._stream = BlockStream()
        self._waiting = ""  # has arrived, and is for the next looks
        self._reasoning: list[str] = []
        self._thought: ReasoningPart | None = None
        self._thinking_since = 0.0
        self._seconds: float | None = None
        self._frozen: list[Part] = []
        self._open: list[Part] = []
        self._stands = 0  # so many parts will not change again
        self._unseen = False
        self.entry.begin(WaitingPart())

    @property
    def is_behind(self) -> bool:
        """Whether more has arrived than one look could show."""
        return bool(self._waiting)

    def feed(self, answer: str, reasoning: str, *, look: bool = True) -> None:
        """Add what has arrived; without `look` it is kept for the next time."""
        if reasoning:
            self._think(reasoning)
        if answer:
            self._stop_thinking()
            self._waiting += answer
        self._unseen = self._unseen or bool(answer or reasoning)
        if look and self._unseen:
            self._stream.feed(self._waiting[:SHOWN_AT_ONCE])
            self._waiting = self._waiting[SHOWN_AT_ONCE:]
            self._unseen = self.is_behind
            self._look()
            self._show()

    def finish(self, *, statistics: str = "", failure: str = "") -> None:
        """Nothing more arrives."""
        self._stop_thinking()
        shown = Shown(
            role="assistant",
            content=self._content,
            reasoning="".join(self._reasoning).strip(),
            reasoning_seconds=self._seconds,
            statistics=statistics,
            failure=failure,
        )
        self.entry.parts = [part for part in self.entry.parts if not isinstance(part, WaitingPart)]
        if len(self._waiting) > READ_AT_ONCE:
            # As it was typed for now: what has arrived and was never shown takes long to read.
            self.entry.settle(shown, tuple(unread(shown.content)), whole=False)
            return
        self._stream.feed(self._waiting)
        self._waiting = ""
        blocks = self._stream.finish()
        self.entry.settle(shown, blocks, whole=self._stream.is_whole)

    @property
    def _content(self) -> str:
        return self._stream.source + self._waiting

    def _think(self, reasoning: str) -> None:
        self._reasoning.append(reasoning)
        if self._thought is None:
            self._thinking_since = monotonic()
            self._thought = ReasoningPart(reasoning, None, growing=True)
            if self._thoughts_open:
                self._thought.toggle()
        else:
            self._thought.grow(reasoning)

    def _stop_thinking(self) -> None:
        if self._thought is not None and self._seconds is None:
            self._seconds = monotonic() - self._thinking_since
            self._thought.finish(self._seconds)
            self._stands = 0

    def _look(self) -> None:
        progress = self._stream.look()
        waiting = self._open
        for block in progress.frozen:
            self._frozen.append(shown_by(waiting.pop(0) if waiting else None, block))
        self._open = [
            shown_by(waiting.pop(0) if waiting else None, block, growing=True)
            for block in progress.open
        ]

    def _show(self) -> None:
        head: list[Part] = [self._thought] if self._thought else []
        unchanged = self._stands if self._seconds is not None or not head else 0
        self.entry.grow([*head, *self._frozen, *self._open], unchanged)
        self._stands = len(head) + len(self._frozen)
        self.entry.shown = replace(self.entry.shown, content=self._content)
