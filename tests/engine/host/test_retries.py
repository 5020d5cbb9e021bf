"""What becomes of those that were being answered when their worker died."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.chat import (
    CallPiece,
    ChatRequest,
    Delta,
    Finished,
    Format,
    Message,
    Piece,
    PromptRead,
    Role,
    StopReason,
    Timings,
)
from engine.errors import Busy, OtherProcessor, Unanswerable, WorkerDied
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.limits import Limits
from engine.host.line import Line
from engine.host.remembered import Remembered
from engine.host.replay import Replay
from engine.protocol.load import LoadSpec
from tests.support.fake_worker import fake_worker

pytestmark = pytest.mark.anyio

READ = PromptRead(prompt_tokens=7, reused_tokens=2)
DEATH = WorkerDied("It died.")


def asking(text: str, **wishes: object) -> ChatRequest:
    said = (Message(role=Role.USER, content=text),)
    return ChatRequest(messages=said, model="a", **wishes)  # pyright: ignore[reportArgumentType]


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=20)

    async def order_for(model: str) -> LoadOrder:
        return LoadOrder(spec=LoadSpec(path=f"{model}.gguf", gpu_layers=0), layers=8)

    host = Host(
        worker_command=fake_worker("--tokens", "60", "--step", "0.01"),
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    yield host
    await host.close()
    await background.close()


async def heard(host: Host, request: ChatRequest) -> list[Delta]:
    return [delta async for delta in host.generate(request)]


async def test_that_the_one_that_kills_twice_is_refused_and_the_others_are_whole(
    host: Host,
) -> None:
    others = [asyncio.create_task(heard(host, asking(f"hello {n}"))) for n in range(3)]
    with pytest.raises(Unanswerable, match="twice"):
        await heard(host, asking("die"))
    for answer in await asyncio.gather(*others):
        assert sum(isinstance(delta, PromptRead) for delta in answer) == 1
        assert isinstance(last := answer[-1], Finished)
        words = [delta.text for delta in answer if isinstance(delta, Piece) and delta.text]
        assert len(words) >= 60
        assert last.timings.answer_tokens >= 60


async def test_that_an_answer_ended_by_an_unload_is_not_tried_again(host: Host) -> None:
    answer = host.generate(asking("hello"))
    await anext(answer)
    await host.unload()
    with pytest.raises(WorkerDied, match="unloaded"):
        async for _ in answer:
            pass
    assert host.loaded is None


@pytest.mark.skipif(sys.platform == "win32", reason="signals are for Unix")
async def test_that_what_this_processor_cannot_do_is_not_tried_again(host: Host) -> None:
    answer = host.generate(asking("hello"))
    await anext(answer)
    os.kill(host.worker_pids()[0], signal.SIGILL)
    with pytest.raises(OtherProcessor, match="an instruction that this processor does not have"):
        async for _ in answer:
            pass
    assert not host.worker_pids()


async def test_that_past_the_limit_one_is_told_to_come_again(host: Host) -> None:
    host.limits = Limits(queue=2)
    answers = [host.generate(asking("hello")) for _ in range(3)]
    first = [asyncio.ensure_future(anext(answer)) for answer in answers[:2]]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as turned_away:
        await anext(answers[2])
    assert turned_away.value.retry_seconds >= 1
    await asyncio.gather(*first)
    later = host.generate(asking("hello"))
    assert isinstance(await anext(later), PromptRead)
    for answer in (*answers, later):
        await answer.aclose()


def test_that_those_who_leave_the_line_make_room() -> None:
    line = Line(lambda: 1)
    for _ in range(3):
        with line.stand("a"), line.stand("b"), pytest.raises(Busy), line.stand("a"):
            pass
    with line.stand("a") as served:
        served()
        served()
        with line.stand("a"):
            pass


def test_that_an_answer_goes_on_where_it_was() -> None:
    replay = Replay(asking("tell", max_tokens=10, min_tokens=4))
    assert replay.hear(READ) == READ
    replay.hear(Piece(text="Hmm.", tokens=2, reasoning=True))
    replay.hear(Piece(text="Once upon", tokens=3))
    replay.after(DEATH)
    assert replay.request.continue_last
    assert replay.request.messages[-1] == Message(
        role=Role.ASSISTANT, content="Once upon", reasoning="Hmm."
    )
    assert (replay.request.max_tokens, replay.request.min_tokens) == (5, 0)
    assert replay.hear(READ) is None
    replay.hear(Piece(text=" a time", tokens=3))
    timings = Timings(
        prompt_tokens=14,
        reused_tokens=0,
        answer_tokens=3,
        queue_seconds=0,
        prompt_seconds=0,
        decode_seconds=0,
    )
    last = replay.hear(Finished(reason=StopReason.END, timings=timings))
    assert isinstance(last, Finished)
    assert (last.timings.prompt_tokens, last.timings.answer_tokens) == (7, 8)
    with pytest.raises(Unanswerable):
        replay.after(DEATH)


def test_that_a_continued_answer_is_continued_once_more() -> None:
    request = ChatRequest(
        messages=(
            Message(role=Role.USER, content="tell"),
            Message(role=Role.ASSISTANT, content="Once"),
        ),
        continue_last=True,
    )
    replay = Replay(request)
    replay.hear(Piece(text=" upon", tokens=1))
    replay.after(DEATH)
    assert [message.content for message in replay.request.messages] == ["tell", "Once upon"]


def test_that_before_its_first_word_a_request_is_asked_again_as_it_was() -> None:
    request = asking("tell", format=Format(kind="json"))
    replay = Replay(request)
    replay.hear(READ)
    replay.after(DEATH)
    assert replay.request == request


def test_that_what_cannot_be_gone_on_with_is_told() -> None:
    shaped = Replay(asking("tell", format=Format(kind="json")))
    shaped.hear(Piece(text="{", tokens=1))
    with pytest.raises(WorkerDied):
        shaped.after(DEATH)
    called = Replay(asking("tell"))
    called.hear(CallPiece(index=0, name="f", tokens=1))
    with pytest.raises(WorkerDied):
        called.after(DEATH)
    full = Replay(asking("tell", max_tokens=1))
    full.hear(Piece(text="x", tokens=1))
    with pytest.raises(WorkerDied):
        full.after(DEATH)
