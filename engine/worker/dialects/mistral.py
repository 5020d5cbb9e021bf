"""Mistral's calls: a list after `[TOOL_CALLS]`, or `[TOOL_CALLS]name[ARGS]{…}` one by one."""

import re

from engine.worker.dialects.calls import CallForm
from engine.worker.dialects.json_reading import read_named_call, read_object
from engine.worker.dialects.tape import NotACall, Reading, Tape
from engine.worker.dialects.told import Told

_NAME = re.compile(r"[\w.\-]{1,128}")


def read_mistral(_: str, tape: Tape, told: Told, __: frozenset[str]) -> Reading[None]:
    """What comes after `[TOOL_CALLS]`."""
    yield from tape.space()
    match (yield from tape.peek()):
        case "[":
            yield from _list(tape, told)
        case "{":
            yield from read_named_call(tape, told)
        case _:
            yield from _named(tape, told)


def _list(tape: Tape, told: Told) -> Reading[None]:
    yield from tape.demand("[")
    while True:
        yield from tape.space()
        yield from read_named_call(tape, told)
        yield from tape.space()
        if not (yield from tape.take(",")):
            break
    yield from tape.take("]")


def _named(tape: Tape, told: Told) -> Reading[None]:
    written, mark = yield from tape.until("[ARGS]", "[CALL_ID]")
    name = written.strip()
    if not _NAME.fullmatch(name):
        raise NotACall
    if mark == "[CALL_ID]":
        yield from tape.until("[ARGS]")
    yield from tape.space()
    if (yield from tape.peek()) != "{":
        raise NotACall
    told.begin(name)
    tape.commit()
    yield from read_object(tape, told.arguments)


MISTRAL = CallForm(
    read=read_mistral,
    openings=("[TOOL_CALLS]",),
    needs_special=("[TOOL_CALLS]", "[ARGS]", "[CALL_ID]", "[THINK]", "[/THINK]"),
)
