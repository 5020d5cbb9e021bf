"""An answer's text → text and tool calls."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.worker.dialect import Said
from engine.worker.dialects.tape import NotACall, Reading, Tape
from engine.worker.dialects.told import Told

_LONGEST_REREAD = 4096  # of what was no call: more would cost the square of its length

# Reads a call whose opening was just read; `texts` are arguments that are text ("name.argument").
ReadCall = Callable[[str, Tape, Told, frozenset[str]], Reading[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForm:
    """How calls are written. `openings` may come anywhere, `bare` ones where no text came before.

    `needs_special` are the texts of control tokens that must be seen.
    """

    read: ReadCall
    openings: tuple[str, ...]
    bare: tuple[str, ...] = ()
    needs_special: tuple[str, ...] = ()


class Calls:
    """Splits calls from the text around them; white space between them is dropped."""

    def __init__(self, form: CallForm, texts: frozenset[str]) -> None:
        self._form, self._texts = form, texts
        self._tape, self._told = Tape(), Told()
        self._gap = ""  # white space that may come before a call
        self._held = ""
        self._silent = True  # no text since the beginning, or since the last call
        self._firsts = frozenset(opening[0] for opening in (*form.openings, *form.bare))
        self._between = False
        self._tape.commit()  # text is not given back
        self._reading = self._read()
        next(self._reading)

    @property
    def called(self) -> bool:
        """Whether a call has begun."""
        return self._told.calls_begun > 0

    def feed(self, text: str) -> Said:
        """Split what came."""
        if self._is_plain(text):
            return Said(text)
        if not self._tape.told_whole(text):
            for char in text:
                self._reading.send(char)
        return self._told.drain()

    def finish(self) -> Said:
        """What was held back, now that nothing more comes."""
        try:
            self._reading.send("")
        except StopIteration:
            pass
        else:
            raise AssertionError("A reader of calls asked for more than there is.")
        return self._told.drain()

    def _is_plain(self, text: str) -> bool:
        """Whether nothing in it can begin a call, and nothing waits: then it is told as it is."""
        return (
            self._between
            and not (self._held or self._gap or self._silent)
            and self._tape.idle
            and bool(text)
            and not text[-1].isspace()
            and self._firsts.isdisjoint(text)
        )

    def _read(self) -> Reading[None]:
        while True:
            self._between = True
            char = yield from self._tape.next()
            if not char:
                break
            self._held += char
            opening = self._opening()
            if opening:
                self._between, self._held = False, ""
                yield from self._call(opening)
        self._say(self._held)
        if not self.called:
            self._told.answer(self._gap)

    def _opening(self) -> str:
        """What opens a call and was read whole; text that cannot become one is told."""
        while self._held:
            wanted = (*self._form.openings, *(self._form.bare if self._silent else ()))
            if self._held in wanted:
                return self._held
            if any(opening.startswith(self._held) for opening in wanted):
                return ""
            self._say(self._held[0])
            self._held = self._held[1:]
        return ""

    def _say(self, text: str) -> None:
        for char in text:
            if char.isspace():
                self._gap += char
            else:
                gap, self._gap = self._gap, ""
                self._told.answer(gap + char)
                self._silent = False

    def _call(self, opening: str) -> Reading[None]:
        self._tape.begin()
        before = self._told.calls_begun
        if opening in self._form.bare:
            self._tape.put(opening)  # it is part of the call
        try:
            yield from self._form.read(opening, self._tape, self._told, self._texts)
        except NotACall:
            if not self._tape.committed:
                self._no_call(opening)
        if self._told.calls_begun > before:
            self._gap, self._silent = "", True
        self._tape.commit()

    def _no_call(self, opening: str) -> None:
        """It comes out as text; what may yet be a call within it is looked for."""
        rest = self._tape.taken
        if opening in self._form.bare:
            rest = rest.removeprefix(opening)
        self._say(opening)
        if self._tape.ended or len(rest) > _LONGEST_REREAD:
            self._say(rest)
        else:
            self._tape.put(rest)
