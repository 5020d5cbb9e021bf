"""Characters one by one, which can be given back: what readers of calls read from."""

from collections import deque
from collections.abc import Callable, Generator
from typing import TypeVar

from engine.worker.text import overlap

T = TypeVar("T")
Reading = Generator[None, str, T]  # asks for characters; "" is the end
Tell = Callable[[str], None]


class NotACall(Exception):
    """What was read is not what a call looks like."""


class Tape:
    """The text that comes. What was read can be given back until `commit`."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self.ended = False
        self.committed = False
        self._open: tuple[Tell, frozenset[str]] | None = None

    def told_whole(self, text: str) -> bool:
        """Whether this text could be told at once: nothing in it is more than text."""
        if self._open is None or self._waiting or not self.committed:
            return False
        tell, stops = self._open
        if not stops.isdisjoint(text):
            return False
        tell(text)
        return True

    def next_of_text(self, tell: Tell, stops: frozenset[str]) -> Reading[str]:
        """The next character, where all but `stops` would only be told: several may be at once."""
        self._open = (tell, stops)
        char = yield from self.next()
        self._open = None
        return char

    @property
    def idle(self) -> bool:
        """Whether nothing that was given back waits."""
        return not self._waiting

    def begin(self) -> None:
        """A call may begin here: it can be given back whole."""
        self._taken.clear()
        self.committed = False

    def commit(self) -> None:
        """It is a call: nothing of it so far will be given back."""
        self._taken.clear()
        self.committed = True

    @property
    def place(self) -> int:
        """Where we are, for `rewind`."""
        return len(self._taken)

    @property
    def taken(self) -> str:
        """What was read since `begin`."""
        return "".join(self._taken)

    def rewind(self, place: int) -> None:
        """Give back all that was read since then."""
        self._waiting.extendleft(reversed(self._taken[place:]))
        del self._taken[place:]

    def back(self, text: str) -> None:
        """Give back what was read last."""
        self._waiting.extendleft(reversed(text))
        if not self.committed and text:
            del self._taken[-len(text) :]

    def put(self, text: str) -> None:
        """This comes next, though it was not read from here."""
        self._waiting.extendleft(reversed(text))

    def next(self) -> Reading[str]:
        """The next character; "" at the end, again and again."""
        if self._waiting:
            char = self._waiting.popleft()
        elif self.ended:
            return ""
        else:
            char = yield
            if not char:
                self.ended = True
                return ""
        if not self.committed:
            self._taken.append(char)
        return char

    def space(self) -> Reading[None]:
        """Skip white space."""
        while True:
            char = yield from self.next()
            if not char.isspace():
                self.back(char)
                return

    def peek(self) -> Reading[str]:
        """The next character, which stays; "" at the end."""
        char = yield from self.next()
        self.back(char)
        return char

    def take(self, word: str) -> Reading[bool]:
        """Whether this word comes next; it is read if so, and nothing is otherwise."""
        seen = ""
        while seen != word:
            char = yield from self.next()
            seen += char
            if not char or not word.startswith(seen):
                self.back(seen)
                return False
        return True

    def demand(self, word: str) -> Reading[None]:
        """This word must come next. Raises NotACall."""
        if not (yield from self.take(word)):
            raise NotACall

    def until(self, *marks: str, most: int = 256) -> Reading[tuple[str, str]]:
        """What comes before one of these, and which. Raises NotACall if none comes soon."""
        seen = ""
        while len(seen) <= most:
            char = yield from self.next()
            if not char:
                raise NotACall
            seen += char
            for mark in marks:
                if seen.endswith(mark):
                    return seen[: len(seen) - len(mark)], mark
        raise NotACall

    def stream(self, marks: tuple[str, ...], tell: Tell) -> Reading[str]:
        """Tell what comes before one of these marks, and give the mark; "" at the end."""
        held = ""
        stops = frozenset(mark[0] for mark in marks)
        while True:
            if held:
                char = yield from self.next()
            else:
                char = yield from self.next_of_text(tell, stops)
            if not char:
                tell(held)
                return ""
            held += char
            for mark in marks:
                if held.endswith(mark):
                    tell(held[: len(held) - len(mark)])
                    return mark
            keep = max(overlap(held, mark) for mark in marks)
            if keep < len(held):
                tell(held[: len(held) - keep])
                held = held[len(held) - keep :]
