"""An answer that was stopped goes on where it ended: the real worker and its template."""

import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Message, Piece, PromptRead, Role, Sampling
from engine.errors import TemplateFailed
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.protocol.load import LoadSpec

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(240)]


@pytest.fixture
async def host(model_file: Path, tmp_path: Path) -> AsyncIterator[Host]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=30)

    async def order_for(model: str) -> LoadOrder:
        spec = LoadSpec(path=model, gpu_layers=0, context_tokens=1024, streams=2, threads=1)
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


async def heard(answer: AsyncGenerator[Delta]) -> tuple[PromptRead, str]:
    async with aclosing(answer) as deltas:
        all_of_them = [delta async for delta in deltas]
    assert isinstance(all_of_them[0], PromptRead)
    return all_of_them[0], "".join(one.text for one in all_of_them if isinstance(one, Piece))


async def test_that_an_answer_goes_on_as_if_it_had_never_stopped(host: Host) -> None:
    question = Message(role=Role.USER, content="What is the capital of France? Tell me about it.")
    asked = ChatRequest(messages=(question,), sampling=Sampling(temperature=0), max_tokens=24)
    _, whole = await heard(host.generate(asked))
    _, begun = await heard(host.generate(replace(asked, max_tokens=10)))
    assert whole.startswith(begun)
    further = replace(
        asked,
        messages=(question, Message(role=Role.ASSISTANT, content=begun)),
        continue_last=True,
        max_tokens=14,
    )
    read, rest = await heard(host.generate(further))
    assert begun + rest == whole
    assert read.prompt_tokens - read.reused_tokens <= 2


async def test_that_a_question_cannot_be_continued(host: Host) -> None:
    question = Message(role=Role.USER, content="Who are you?")
    with pytest.raises(TemplateFailed, match="Only an assistant"):
        await heard(host.generate(ChatRequest(messages=(question,), continue_last=True)))
