"""DeepSeek's calls: R1 and V3 write JSON in a fence after a type and a name, V3.1 JSON alone."""

from engine.worker.dialects.calls import CallForm
from engine.worker.dialects.json_reading import read_object
from engine.worker.dialects.tape import NotACall, Reading, Tape
from engine.worker.dialects.told import Told

_ALL, _ONE, _SEP = "<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>", "<｜tool▁sep｜>"
_ONE_END, _ALL_END = "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"


def read_deepseek(opening: str, tape: Tape, told: Told, _: frozenset[str]) -> Reading[None]:
    """One call, or what stands around several."""
    if opening == _ALL_END:
        if told.calls_begun == 0:
            raise NotACall
        return
    if opening == _ALL:
        yield from tape.space()
        yield from tape.demand(_ONE)
    head, _mark = yield from tape.until(_SEP)
    name = head.strip()
    fenced = name == "function"
    if fenced:
        written, _mark = yield from tape.until("\n")
        name = written.strip()
        yield from tape.space()
        yield from tape.take("```json")
    if not name:
        raise NotACall
    yield from tape.space()
    if (yield from tape.peek()) != "{":
        raise NotACall
    told.begin(name)
    tape.commit()
    yield from read_object(tape, told.arguments)
    yield from tape.space()
    if fenced and (yield from tape.take("```")):
        yield from tape.space()
    yield from tape.take(_ONE_END)


DEEPSEEK = CallForm(
    read=read_deepseek,
    openings=(_ALL, _ONE, _ALL_END),
    needs_special=(_ALL, _ONE, _SEP, _ONE_END, _ALL_END),
)
