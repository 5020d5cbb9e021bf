"""`<tool_call>…</tool_call>`: JSON within (Hermes, Qwen 3), tags (Qwen3-Coder, 3.5), or GLM's."""

import json
import re

from engine.worker.dialects.calls import CallForm
from engine.worker.dialects.json_reading import as_value, read_named_call
from engine.worker.dialects.tape import NotACall, Reading, Tape, Tell
from engine.worker.dialects.told import Told

_NAME = re.compile(r"[\w.\-:]{1,128}")
_TAGS = ("<tool_call>", "</tool_call>")


def read_tagged(opening: str, tape: Tape, told: Told, texts: frozenset[str]) -> Reading[None]:
    """What comes after `<tool_call>`, or after a `<function=` that stands alone."""
    if opening == "<function=":
        yield from _functions(tape, told, texts)
        yield from tape.space()
        yield from tape.take("</tool_call>")
        return
    yield from tape.space()
    match (yield from tape.peek()):
        case "{":
            yield from read_named_call(tape, told)
        case "<":
            yield from tape.demand("<function=")
            yield from _functions(tape, told, texts)
        case _:
            yield from _glm(tape, told, texts)
            return
    yield from tape.space()
    yield from tape.take("</tool_call>")


def _functions(tape: Tape, told: Told, texts: frozenset[str]) -> Reading[None]:
    """`name>`, its parameters, `</function>`."""
    written, _ = yield from tape.until(">")
    name = _named(written.strip().strip("\"'"))
    arguments = _Arguments(name, tape, told, texts)
    while True:
        yield from tape.space()
        if (yield from tape.take("<parameter=")):
            key, _ = yield from _key(tape, ">")
            yield from arguments.read(key.strip("\"'"), "</parameter>", lines=True)
        else:
            yield from tape.take("</function>")
            arguments.close()
            return


def _glm(tape: Tape, told: Told, texts: frozenset[str]) -> Reading[None]:
    """`name`, its keys and values, `</tool_call>`."""
    written, mark = yield from tape.until("<", "\n")
    name = _named(written.strip())
    if mark == "<":
        tape.back("<")
        if not (yield from _follows(tape, "<arg_key>", "</tool_call>")):
            raise NotACall
    else:
        yield from tape.space()
        if not (yield from _follows(tape, "<arg_key>", "</tool_call>")):
            raise NotACall
    arguments = _Arguments(name, tape, told, texts)
    while True:
        yield from tape.space()
        if (yield from tape.take("<arg_key>")):
            key, _ = yield from _key(tape, "</arg_key>")
            yield from tape.space()
            yield from tape.take("<arg_value>")
            yield from arguments.read(key, "</arg_value>", lines=False)
        else:
            yield from tape.take("</tool_call>")
            arguments.close()
            return


class _Arguments:
    """The arguments of a call whose values are written without quotation marks."""

    def __init__(self, name: str, tape: Tape, told: Told, texts: frozenset[str]) -> None:
        self._name, self._tape, self._told, self._texts = name, tape, told, texts
        self._count = 0
        told.begin(name)
        tape.commit()

    def read(self, key: str, mark: str, *, lines: bool) -> Reading[None]:
        """One value, up to its mark; with `lines` it stands on lines of its own."""
        before = "{" if self._count == 0 else ", "
        self._count += 1
        self._told.arguments(f"{before}{json.dumps(key, ensure_ascii=False)}: ")
        if f"{self._name}.{key}" in self._texts:
            self._told.arguments('"')
            text = _Lines(self._told.string) if lines else None
            found = yield from self._tape.stream((mark,), text or self._told.string)
            if found:
                self._told.arguments('"')
            else:
                raise NotACall
            return
        written: list[str] = []
        text = _Lines(written.append) if lines else None
        if not (yield from self._tape.stream((mark,), text or written.append)):
            self._told.string("")
            raise NotACall
        self._told.arguments(as_value("".join(written)))

    def close(self) -> None:
        """There are no more."""
        self._told.arguments("{}" if self._count == 0 else "}")


class _Lines:
    """Drops the line breaks that stand around a value."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._begun = False
        self._held = ""

    def __call__(self, text: str) -> None:
        if not text:
            return
        if not self._begun:
            self._begun = True
            text = text.removeprefix("\n")
        text = self._held + text
        self._held = "\n" if text.endswith("\n") else ""
        self._tell(text.removesuffix("\n"))


def _key(tape: Tape, mark: str) -> Reading[tuple[str, str]]:
    key, found = yield from tape.until(mark)
    return key.strip(), found


def _follows(tape: Tape, *words: str) -> Reading[bool]:
    for word in words:
        place = tape.place
        if (yield from tape.take(word)):
            tape.rewind(place)
            return True
    return False


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotACall
    return name


TAGGED = CallForm(read=read_tagged, openings=("<tool_call>", "<function="), needs_special=_TAGS)
