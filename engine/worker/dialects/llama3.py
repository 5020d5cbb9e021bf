"""Llama 3's calls: an answer that is a JSON object, perhaps after `<|python_tag|>`."""

from engine.worker.dialects.calls import CallForm
from engine.worker.dialects.json_reading import read_named_call
from engine.worker.dialects.pythonic import calls_in
from engine.worker.dialects.tape import Reading, Tape
from engine.worker.dialects.told import Told

_TAG = "<|python_tag|>"


def read_llama3(opening: str, tape: Tape, told: Told, _: frozenset[str]) -> Reading[None]:
    """One call; several are parted by semicolons."""
    if opening == _TAG:
        yield from tape.space()
    if (yield from tape.peek()) == "{":
        yield from read_named_call(tape, told)
        yield from tape.space()
        yield from tape.take(";")
        return
    written: list[str] = []
    yield from tape.stream(("<|eom_id|>",), written.append)
    for name, arguments in calls_in("".join(written).replace(".call(", "(", 1)):
        told.begin(name)
        told.arguments(arguments)
    tape.commit()


LLAMA3 = CallForm(read=read_llama3, openings=(_TAG,), bare=("{",), needs_special=(_TAG,))
