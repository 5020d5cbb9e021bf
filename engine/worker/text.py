"""Bytes of tokens → whole characters, and stop strings across token borders. Pure."""

import codecs
from collections.abc import Sequence


class Characters:
    """Bytes in, whole characters out: a character whose bytes are still coming is held back."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def feed(self, piece: bytes) -> str:
        return self._decoder.decode(piece)


class StopStrings:
    """Ends a text before the first stop string that completes.

    What may still become a stop string is held back, so no part of one is ever told. The answer
    does not depend on how the text was cut into pieces.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held: str = ""
        self.found: str | None = None  # the one that ended it

    def feed(self, text: str) -> str:
        """What of the text so far can be told; nothing more once `found`."""
        if self.found is not None or not self._stops:
            return "" if self.found is not None else text
        text = self._held + text
        ends = [(at + len(stop), at, stop) for stop in self._stops if (at := text.find(stop)) >= 0]
        if ends:
            _, at, self.found = min(ends)
            self._held = ""
            return text[:at]
        keep = max(overlap(text, stop) for stop in self._stops)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def finish(self) -> str:
        """What was held back, now that nothing more comes."""
        held, self._held = self._held, ""
        return held


def overlap(text: str, word: str) -> int:
    """The length of the longest end of `text` with which `word`, not yet complete, begins."""
    for length in range(min(len(text), len(word) - 1), 0, -1):
        if text.endswith(word[:length]):
            return length
    return 0
