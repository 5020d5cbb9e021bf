"""Gemma's calls: version 3 in a fence of code, version 4 in tokens of its own."""

import json
import re

from engine.worker.dialects.calls import CallForm
from engine.worker.dialects.json_reading import as_value, call_of
from engine.worker.dialects.pythonic import calls_in
from engine.worker.dialects.tagged import read_tagged
from engine.worker.dialects.tape import NotACall, Reading, Tape
from engine.worker.dialects.told import Told

_FENCE = "```tool_code\n"
_OPEN, _CLOSE, _QUOTE = "<|tool_call>", "<tool_call|>", '<|"|>'
_DEEPEST = 64
_NAME = re.compile(r"[\w.\-]{1,128}")


def read_gemma3(opening: str, tape: Tape, told: Told, texts: frozenset[str]) -> Reading[None]:
    """A fence with Python or JSON in it, or what Fullbore's own prompt asks for."""
    if opening != _FENCE:
        yield from read_tagged(opening, tape, told, texts)
        return
    written: list[str] = []
    yield from tape.stream(("```",), written.append)
    text = "".join(written)
    try:
        calls = [call_of(json.loads(text))]
    except (ValueError, RecursionError):
        calls = calls_in(text)
    tape.commit()
    for name, arguments in calls:
        told.begin(name)
        told.arguments(arguments)


def read_gemma4(_: str, tape: Tape, told: Told, __: frozenset[str]) -> Reading[None]:
    """`call:name{…}` and its end."""
    yield from tape.space()
    yield from tape.demand("call:")
    written, _mark = yield from tape.until("{")
    name = written.strip()
    if not _NAME.fullmatch(name):
        raise NotACall
    told.begin(name)
    tape.commit()
    yield from _members(tape, told, 0)
    yield from tape.space()
    yield from tape.take(_CLOSE)


def _members(tape: Tape, told: Told, depth: int) -> Reading[None]:
    """The members of an object, after its brace."""
    told.arguments("{")
    yield from tape.space()
    first = True
    while not (yield from tape.take("}")):
        if not first:
            yield from tape.demand(",")
            told.arguments(", ")
            yield from tape.space()
        first = False
        key = yield from _key(tape)
        told.arguments(f"{json.dumps(key, ensure_ascii=False)}: ")
        yield from _value(tape, told, depth + 1)
        yield from tape.space()
    told.arguments("}")


def _key(tape: Tape) -> Reading[str]:
    if (yield from tape.take(_QUOTE)):
        key, _ = yield from tape.until(_QUOTE)
        yield from tape.space()
        yield from tape.demand(":")
        return key
    written, _ = yield from tape.until(":")
    return written.strip().strip('"')


def _value(tape: Tape, told: Told, depth: int) -> Reading[None]:
    yield from tape.space()
    if depth > _DEEPEST:
        raise NotACall
    if (yield from tape.take(_QUOTE)):
        yield from _string(tape, told, _QUOTE)
    elif (yield from tape.take('"')):
        yield from _string(tape, told, '"')
    elif (yield from tape.take("{")):
        yield from _members(tape, told, depth)
    elif (yield from tape.take("[")):
        yield from _items(tape, told, depth)
    else:
        written, mark = yield from tape.until(",", "}", "]")
        tape.back(mark)
        told.arguments(as_value(written.strip()))


def _items(tape: Tape, told: Told, depth: int) -> Reading[None]:
    told.arguments("[")
    yield from tape.space()
    first = True
    while not (yield from tape.take("]")):
        if not first:
            yield from tape.demand(",")
            told.arguments(", ")
        first = False
        yield from _value(tape, told, depth + 1)
        yield from tape.space()
    told.arguments("]")


def _string(tape: Tape, told: Told, mark: str) -> Reading[None]:
    told.arguments('"')
    if not (yield from tape.stream((mark,), told.string)):
        raise NotACall
    told.arguments('"')


GEMMA3 = CallForm(
    read=read_gemma3,
    openings=(_FENCE, "<tool_call>"),
    needs_special=("<tool_call>", "</tool_call>"),
)
GEMMA4 = CallForm(
    read=read_gemma4,
    openings=(_OPEN,),
    needs_special=(_OPEN, _CLOSE, _QUOTE, "<|channel>", "<channel|>"),
)
