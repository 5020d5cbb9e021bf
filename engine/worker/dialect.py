"""Text → reasoning and answer, as it streams. Pure."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from engine.chat import CallPiece
from engine.protocol.dialects import THINK
from engine.worker.text import overlap


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of text, split."""

    answer: str = ""
    reasoning: str = ""
    calls: tuple[CallPiece, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.answer or self.reasoning or self.calls)

    def followed_by(self, other: "Said") -> "Said":
        """Both, as one stretch."""
        if not (self and other):
            return self or other
        return Said(
            self.answer + other.answer,
            self.reasoning + other.reasoning,
            (*self.calls, *other.calls),
        )


class _Place(Enum):
    START = auto()  # nothing but white space so far
    REASONING = auto()
    GAP = auto()  # the white space between reasoning and answer
    ANSWER = auto()


class Dialect:
    """Splits `<think>…</think>`, or what these tags are, at an answer's head from what follows.

    The tags themselves and the white space around them are dropped. Some templates open the tag
    in the prompt: then the text begins as reasoning. A tag later in the answer is plain text.
    """

    called = False  # it knows no calls

    def __init__(
        self, prompt: str, *, continues: bool = False, tags: tuple[str, str] = THINK
    ) -> None:
        """With `continues` the prompt ends in the midst of an answer, or of its reasoning."""
        self._open, self._close = tags
        opened = prompt[-64:].rstrip().endswith(self._open)
        self._place = _Place.REASONING if opened else _Place.START
        self._held = ""
        self._reasoned = False
        if continues and not opened:
            self._reasoned = prompt.rfind(self._open) > prompt.rfind(self._close)
            self._place = _Place.REASONING if self._reasoned else _Place.ANSWER

    def feed(self, text: str) -> Said:
        """Split what came, holding back what may still become a tag."""
        if self._place is _Place.ANSWER:
            return Said(text)
        self._held += text
        if self._place is _Place.START:
            self._start()
        reasoning = self._reason() if self._place is _Place.REASONING else ""
        return Said(self._answer(), reasoning)

    def finish(self) -> Said:
        """What was held back, now that nothing more comes."""
        held, self._held = self._held, ""
        match self._place:
            case _Place.REASONING:
                text = held.rstrip()
                return Said(reasoning=text if self._reasoned else text.lstrip())
            case _Place.START | _Place.ANSWER:
                return Said(held)
            case _Place.GAP:
                return Said()
            case _:
                assert_never(self._place)

    def _start(self) -> None:
        seen = self._held.lstrip()
        if seen.startswith(self._open):
            self._held = seen[len(self._open) :]
            self._place = _Place.REASONING
        elif not self._open.startswith(seen):
            self._place = _Place.ANSWER

    def _reason(self) -> str:
        thought, closed, rest = self._held.partition(self._close)
        if closed:
            self._held = rest
            self._place = _Place.GAP
            told = thought.rstrip()
        else:
            told = thought[: len(thought) - overlap(thought, self._close)].rstrip()
            self._held = thought[len(told) :]
        if not self._reasoned:
            told = told.lstrip()
            self._reasoned = bool(told)
        return told

    def _answer(self) -> str:
        if self._place is _Place.GAP:
            self._held = self._held.lstrip()
            if self._held:
                self._place = _Place.ANSWER
        if self._place is not _Place.ANSWER:
            return ""
        held, self._held = self._held, ""
        return held
