"""Answers of a wanted shape, and tool calls: the real worker, template and grammars."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from engine.background.background import Background
from engine.chat import (
    CallPiece,
    ChatRequest,
    Delta,
    Finished,
    Format,
    Message,
    Piece,
    Role,
    Sampling,
    StopReason,
    Tool,
    ToolCall,
    Tools,
)
from engine.errors import BadRequest
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.protocol.load import LoadSpec

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(240)]

QUESTION = Message(role=Role.USER, content="Tell me the weather in Paris.")
WARM = Sampling(temperature=1.0, seed=7)


@pytest.fixture
async def host(model_file: Path, tmp_path: Path) -> AsyncIterator[Host]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=30)

    async def order_for(model: str) -> LoadOrder:
        spec = LoadSpec(path=model, gpu_layers=0, context_tokens=2048, streams=2, threads=1)
        return LoadOrder(spec=spec, layers=30)

    host = Host(
        worker_command=(sys.executable, "-m", "engine.worker"),
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    await host.load(str(model_file), await order_for(str(model_file)))
    yield host
    await host.close()
    await background.close()


async def heard(host: Host, **wishes: object) -> list[Delta]:
    request = ChatRequest(**{"messages": (QUESTION,), "sampling": WARM, **wishes})  # pyright: ignore[reportArgumentType]
    async with aclosing(host.generate(request)) as deltas:
        return [delta async for delta in deltas]


def text(deltas: list[Delta]) -> str:
    return "".join(one.text for one in deltas if isinstance(one, Piece))


def reason(deltas: list[Delta]) -> StopReason:
    last = deltas[-1]
    assert isinstance(last, Finished)
    return last.reason


class Weather(BaseModel):
    city: Annotated[str, Field(min_length=1, max_length=20)]
    sky: Literal["clear", "cloudy"]
    degrees: Annotated[int, Field(ge=-30, le=50)]
    days: Annotated[list[bool], Field(min_length=1, max_length=3)]
    wind: Annotated[float, Field(ge=0, le=1)] | None = None


async def test_that_an_answer_follows_a_schema(host: Host) -> None:
    schema = json.dumps(Weather.model_json_schema())
    for seed in range(4):
        deltas = await heard(
            host,
            format=Format(kind="schema", text=schema),
            sampling=Sampling(temperature=1.5, seed=seed),
            max_tokens=400,
        )
        assert reason(deltas) is StopReason.END
        Weather.model_validate_json(text(deltas))


async def test_that_an_answer_follows_a_grammar_of_ones_own(host: Host) -> None:
    form = Format(kind="grammar", text='root ::= "yes" | "no"')
    assert text(await heard(host, format=form)) in {"yes", "no"}


async def test_that_a_demanded_call_is_made_with_arguments_that_are_json(host: Host) -> None:
    parameters = json.dumps(
        {"type": "object", "properties": {"city": {"type": "string", "maxLength": 12}},
         "required": ["city"]}
    )  # fmt: skip
    tools = (Tool(name="get_weather", parameters=parameters), Tool(name="now"))
    deltas = await heard(
        host, tools=Tools(tools=tools, name="get_weather", parallel=False), max_tokens=200
    )
    calls = [one for one in deltas if isinstance(one, CallPiece)]
    assert reason(deltas) is StopReason.TOOLS
    assert {call.index for call in calls} == {0}
    assert (calls[0].name, calls[0].id[:5]) == ("get_weather", "call_")
    arguments = json.loads("".join(call.arguments for call in calls))
    assert arguments.keys() == {"city"}
    assert not text(deltas).strip()


@pytest.mark.parametrize("weather", ["Snow", "Fog"])
async def test_that_what_a_tool_said_reaches_the_model(host: Host, weather: str) -> None:
    call = ToolCall(id="call_1", name="get_weather", arguments='{"city": "Paris"}')
    messages = (
        QUESTION,
        Message(role=Role.ASSISTANT, content="", tool_calls=(call,)),
        Message(role=Role.TOOL, content=f"{weather}, 12 degrees.", tool_call_id="call_1"),
    )
    # A small model says much; which of these words it was told, it knows on every processor.
    form = Format(kind="grammar", text='root ::= "Snow" | "Fog"')
    greedy = Sampling(temperature=0)
    deltas = await heard(host, messages=messages, sampling=greedy, format=form, max_tokens=24)
    assert text(deltas) == weather


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"format": Format(kind="schema", text="{")}, "not JSON"),
        ({"format": Format(kind="grammar", text='root ::= root "a"')}, "begin with itself"),
        ({"tools": Tools(tools=(Tool(name="a"),), name="b")}, "not offered"),
        ({"messages": (Message(role=Role.TOOL, content="1", tool_call_id="x"),)}, "nobody made"),
    ],
)
async def test_that_what_cannot_be_honoured_is_refused_and_others_are_answered(
    host: Host, wishes: dict[str, object], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        await heard(host, **wishes)
    assert reason(await heard(host, max_tokens=2)) is StopReason.LENGTH
