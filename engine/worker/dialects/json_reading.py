"""JSON, character by character: told as it comes, and refused where it ends to be JSON."""

import json
import re
from typing import Any, NoReturn, cast

from engine.worker.dialects.tape import NotACall, Reading, Tape, Tell
from engine.worker.dialects.told import Told

_DEEPEST = 128
_LONGEST_SCALAR = 400
_STOPS = frozenset(('"', "\\", *map(chr, range(32))))
_SPACE = " \t\n\r"
_KEY: str = "key"
_COLON: str = "colon"
_VALUE: str = "value"
_NEXT: str = "next"
_SCALAR = re.compile(r"true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")


def read_object(tape: Tape, tell: Tell) -> Reading[None]:
    """Tell one object, whole. Raises NotACall where it is none, with that place given back."""
    yield from tape.space()
    if (yield from tape.peek()) != "{":
        raise NotACall
    yield from read_value(tape, tell)


def read_value(tape: Tape, tell: Tell) -> Reading[None]:
    """Tell one value. Raises NotACall."""
    closers: list[str] = []
    want, fresh = _VALUE, False
    while want != _NEXT or closers:
        char = yield from tape.next()
        if char and char in _SPACE:
            tell(char)
            continue
        closes = bool(closers) and char == closers[-1] and (want == _NEXT or fresh)
        if closes:
            closers.pop()
            tell(char)
            want, fresh = _NEXT, False
        elif want == _VALUE and char in {"{", "["} and len(closers) < _DEEPEST:
            closers.append("}" if char == "{" else "]")
            tell(char)
            want, fresh = (_KEY if char == "{" else _VALUE), True
        elif want in {_KEY, _VALUE} and char == '"':
            yield from _string(tape, tell)
            want, fresh = (_COLON if want == _KEY else _NEXT), False
        elif want == _VALUE:
            yield from _scalar(tape, tell, char)
            want, fresh = _NEXT, False
        elif char == (":" if want == _COLON else ",") and want in {_COLON, _NEXT}:
            tell(char)
            want = _KEY if want == _NEXT and closers[-1] == "}" else _VALUE
        else:
            tape.back(char)
            raise NotACall


def _string(tape: Tape, tell: Tell) -> Reading[None]:
    """What comes after the first quotation mark. Control characters are escaped for the model."""
    told = '"'
    while True:
        if told:
            char = yield from tape.next()
        else:
            char = yield from tape.next_of_text(tell, _STOPS)
        if not char:
            tell(told)
            raise NotACall
        if char == "\\":
            told += yield from _escape(tape)
        elif char == '"':
            tell(told + char)
            return
        elif char < " ":
            told += json.dumps(char)[1:-1]
        else:
            told += char
        tell(told)
        told = ""


def _escape(tape: Tape) -> Reading[str]:
    char = yield from tape.next()
    if char and char in '"\\/bfnrt':
        return "\\" + char
    if char == "u":
        digits = ""
        while len(digits) < 4:
            digit = yield from tape.next()
            if not digit or digit not in "0123456789abcdefABCDEF":
                tape.back("\\u" + digits + digit)
                raise NotACall
            digits += digit
        return "\\u" + digits
    if char == "'":
        return char
    # Models write \d and the like: the backslash itself was meant.
    tape.back(char)
    return "\\\\"


def _scalar(tape: Tape, tell: Tell, first: str) -> Reading[None]:
    word, char = "", first
    while char and (char.isalnum() or char in "+-.") and len(word) < _LONGEST_SCALAR:
        word += char
        char = yield from tape.next()
    if not _SCALAR.fullmatch(word):
        tape.back(word + char)
        raise NotACall
    tape.back(char)
    tell(word)


def read_named_call(tape: Tape, told: Told) -> Reading[None]:
    """One call as `{"name": …, "arguments": {…}}`, told as it comes where the name comes first."""
    place = tape.place
    try:
        name = yield from _name_first(tape)
    except NotACall:
        tape.rewind(place)
        yield from _whole(tape, told)
        return
    told.begin(name)
    tape.commit()
    yield from read_object(tape, told.arguments)
    while True:  # an id, perhaps: we give our own
        yield from tape.space()
        if not (yield from tape.take(",")):
            break
        yield from read_value(tape, _drop)
        yield from tape.space()
        yield from tape.demand(":")
        yield from read_value(tape, _drop)
    yield from tape.take("}")


def _name_first(tape: Tape) -> Reading[str]:
    for word in ("{", '"name"', ":"):
        yield from tape.space()
        yield from tape.demand(word)
    yield from tape.space()
    written: list[str] = []
    yield from read_value(tape, written.append)
    name = json.loads("".join(written))
    yield from tape.space()
    yield from tape.demand(",")
    yield from tape.space()
    if not (yield from tape.take('"arguments"')):
        yield from tape.demand('"parameters"')
    yield from tape.space()
    yield from tape.demand(":")
    yield from tape.space()
    if not isinstance(name, str) or not name or (yield from tape.peek()) != "{":
        raise NotACall
    return name


def _whole(tape: Tape, told: Told) -> Reading[None]:
    """A call whose members stand in another order is told when it is complete."""
    written: list[str] = []
    yield from read_object(tape, written.append)
    name, arguments = call_of(json.loads("".join(written)))
    told.begin(name)
    tape.commit()
    told.arguments(arguments)


def call_of(written: Any) -> tuple[str, str]:
    """The name and the arguments of a call that was written as one object. Raises NotACall."""
    if not isinstance(written, dict):
        raise NotACall
    members = cast("dict[str, Any]", written)
    inner = members.get("function")
    if isinstance(inner, dict):
        members = cast("dict[str, Any]", inner)
    name = members.get("name") or (inner if isinstance(inner, str) else None)
    arguments = members.get("arguments", members.get("parameters"))
    if isinstance(arguments, str):
        arguments = _loaded(arguments)
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise NotACall
    return name, json.dumps(arguments, ensure_ascii=False)


def as_value(text: str) -> str:
    """What was written without quotation marks as JSON: itself if it is, else a string."""
    stripped = text.strip()
    try:
        json.loads(stripped, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return json.dumps(text, ensure_ascii=False)
    return stripped


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _drop(_: str) -> None:
    pass
