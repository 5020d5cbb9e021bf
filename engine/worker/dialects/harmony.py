"""gpt-oss: every message has a channel; analysis is reasoning, and a recipient makes it a call."""

import re
from contextlib import suppress

from engine.worker.dialect import Said
from engine.worker.dialects.json_reading import read_object
from engine.worker.dialects.tape import NotACall, Reading, Tape
from engine.worker.dialects.told import Told

NEEDS_SPECIAL = (
    *("<|channel|>", "<|message|>", "<|start|>", "<|end|>"),
    *("<|constrain|>", "<|call|>", "<|return|>"),
)
_MESSAGE, _START = "<|message|>", "<|start|>"
_ENDS = ("<|end|>", "<|call|>", "<|return|>", _START, "<|channel|>")
_HEADS = ("<|channel|>", "to=", _START, "assistant", _MESSAGE)
_LONGEST_HEAD = 512
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)")
_CALLED = re.compile(r"to=(?:functions\.)?([\w.\-]+)")


class Harmony:
    """Splits an answer into channels."""

    def __init__(self, prompt: str, *, calls: bool) -> None:
        self._calls = calls
        self._tape, self._told = Tape(), Told()
        self._tape.commit()
        head = prompt.rpartition(_START)[2].removeprefix("assistant") if _START in prompt else ""
        self._reading = self._read(head)
        next(self._reading)

    @property
    def called(self) -> bool:
        """Whether a call has begun."""
        return self._told.calls_begun > 0

    def feed(self, text: str) -> Said:
        """Split what came."""
        if not self._tape.told_whole(text):
            for char in text:
                self._reading.send(char)
        return self._told.drain()

    def finish(self) -> Said:
        """What was held back, now that nothing more comes."""
        with suppress(StopIteration):
            self._reading.send("")
        return self._told.drain()

    def _read(self, head: str) -> Reading[None]:
        if _MESSAGE in head:  # the prompt ends in the midst of a message
            yield from self._message(head.partition(_MESSAGE)[0])
            head = ""
        while not (self._tape.ended and self._tape.idle):
            written = yield from self._head(head)
            if written is not None:
                yield from self._message(written)
            elif not (yield from self._loose()):
                return
            head = ""

    def _head(self, begun: str) -> Reading[str | None]:
        """What stands before a message; None, and given back, where it is no head."""
        self._tape.begin()
        seen = begun
        while not seen.endswith(_MESSAGE):
            char = yield from self._tape.next()
            seen += char
            stripped = seen.lstrip()
            known = any(word.startswith(stripped) or stripped.startswith(word) for word in _HEADS)
            if not char or not known or len(seen) > _LONGEST_HEAD:
                self._tape.rewind(0)
                return None
        self._tape.commit()
        return seen.removesuffix(_MESSAGE)

    def _loose(self) -> Reading[bool]:
        """Text without a head is answer; False at the end."""
        self._tape.commit()
        char = yield from self._tape.next()
        self._told.answer(char)  # so that a mark at its beginning is not met again and again
        mark = yield from self._tape.stream(_ENDS, self._told.answer) if char else _nothing()
        self._again(mark)
        return bool(char)

    def _message(self, head: str) -> Reading[None]:
        head = head.rpartition(_START)[2]
        called = _CALLED.search(head)
        channel = _CHANNEL.search(head)
        if called and self._calls and called[1] != "assistant":
            mark = yield from self._call(called[1])
        else:
            thinks = channel is not None and channel[1] == "analysis"
            tell = self._told.reasoning if thinks else self._told.answer
            mark = yield from self._tape.stream(_ENDS, tell)
        self._again(mark)

    def _call(self, name: str) -> Reading[str]:
        self._told.begin(name)
        with suppress(NotACall):
            yield from read_object(self._tape, self._told.arguments)
            yield from self._tape.space()
        return (yield from self._tape.stream(_ENDS, self._told.answer))

    def _again(self, mark: str) -> None:
        # These two belong to the next message's head.
        if mark in {_START, "<|channel|>"}:
            self._tape.back(mark)


def _nothing() -> Reading[str]:
    yield from ()
    return ""
