"""The ledger, behind a real port with a scripted engine."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from engine.chat import CallPiece
from engine.config import EngineConfig
from engine.errors import WorkerDied
from engine.events import Event, RequestMoved
from engine.requests import RequestInside, Stage
from engine.server import ledger as rules
from engine.server.ledger import Ledger
from engine.server.port import Port
from tests.support.answers import QUIET_MODEL, ScriptedAnswers
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

CHAT = {"messages": [{"role": "user", "content": "What is the secret?"}], "max_tokens": 9}


class Desk:
    """A ledger, its settings and what it told."""

    def __init__(self, answers: ScriptedAnswers, folder: Path) -> None:
        self.config = EngineConfig()
        self.told: list[Event] = []
        self.bodies = folder / "logs" / "requests.jsonl"
        self.ledger = Ledger(
            lambda: self.config, self.told.append, answers=answers, bodies=self.bodies
        )

    def stages(self) -> list[Stage]:
        """Of what was told, one after the other."""
        return [event.request.stage for event in self.told if isinstance(event, RequestMoved)]

    def set(self, **changes: object) -> None:
        self.config = self.config.model_copy(update=changes)

    def only(self) -> RequestInside:
        """The one request there was."""
        (seen,) = self.ledger.all()
        inside = self.ledger.one(seen.id)
        assert inside is not None
        return inside


@pytest.fixture
def desk(answers: ScriptedAnswers, tmp_path: Path) -> Desk:
    return Desk(answers, tmp_path)


@pytest.fixture
async def http(answers: ScriptedAnswers, desk: Desk) -> AsyncGenerator[httpx.AsyncClient]:
    port = Port(answers, observers=(desk.ledger,))
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        yield client
    await port.close()
    await desk.ledger.close()


async def chat(http: httpx.AsyncClient, **more: object) -> httpx.Response:
    return await http.post("/v1/chat/completions", json={**CHAT, **more})


async def test_that_an_answer_is_kept_with_its_numbers_and_words(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.thoughts = ("Well", "…")
    assert (await chat(http, temperature=0.25)).status_code == 200
    await until(lambda: Stage.DONE in desk.stages())
    inside = desk.only()
    seen = inside.seen
    assert (seen.stage, seen.status, seen.dialect) == (Stage.DONE, 200, "openai")
    assert (seen.path, seen.model) == ("/v1/chat/completions", QUIET_MODEL.id)
    assert (seen.prompt_tokens, seen.reused_tokens, seen.answer_tokens) == (4, 1, 6)
    assert seen.first_token_seconds is not None
    assert 0 < seen.first_token_seconds <= seen.seconds
    assert (inside.answer, inside.reasoning) == ("Hello, world!", "Well…")
    sampling = inside.parameters["sampling"]
    assert isinstance(sampling, dict)
    assert sampling["temperature"] == 0.25
    assert inside.parameters["max_tokens"] == 9


async def test_that_parameters_are_plain_json(desk: Desk, http: httpx.AsyncClient) -> None:
    tool = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    assert (await chat(http, tools=[tool], logit_bias={"5": -1}, n=2)).status_code == 200
    inside = desk.only()
    assert json.loads(json.dumps(inside.parameters)) == json.loads(
        json.dumps(inside.parameters, default=str)
    )
    assert inside.parameters["answers"] == 2
    assert inside.answer == "[0] Hello, world!\n\n[1] Hello, world!"


async def test_that_the_prompt_is_rendered_when_somebody_looks(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    await chat(http)
    asked = len(answers.requests)
    assert desk.only().prompt == ""
    await until(lambda: desk.only().prompt != "")
    assert desk.only().prompt == "user: What is the secret?\n"
    assert len(answers.requests) == asked + 1
    assert desk.stages()[-1] is Stage.DONE


async def test_that_no_model_is_loaded_for_a_look(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    await chat(http)
    answers.loaded = None
    asked = len(answers.requests)
    desk.only()
    await desk.ledger.close()
    assert len(answers.requests) == asked


async def test_that_tool_calls_are_words_too(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.words = ()
    answers.calls = (
        CallPiece(index=0, id="c", name="look", tokens=1),
        CallPiece(index=0, arguments='{"at":1}', tokens=1),
    )
    await chat(http)
    assert desk.only().answer == '\nlook {"at":1}'


async def test_that_a_request_in_progress_is_seen_and_told(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 2
    under_way = asyncio.create_task(chat(http, stream=True))
    async with asyncio.timeout(10):
        await answers.pausing.wait()
    inside = desk.only()
    assert (inside.seen.stage, inside.answer) == (Stage.WRITING, "Hello,")
    assert inside.seen.answer_tokens == 2
    answers.may_go_on.set()
    await under_way
    assert desk.stages()[0] is Stage.WAITING
    assert desk.stages()[-1] is Stage.DONE


async def test_that_a_client_that_went_away_is_told_as_one(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.pause_after = 1
    async with http.stream("POST", "/v1/chat/completions", json={**CHAT, "stream": True}):
        await answers.pausing.wait()
    await until(lambda: desk.stages()[-1] is Stage.LEFT)
    assert desk.only().seen.failure == ""


async def test_that_a_failure_is_told_with_its_sentence(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure, answers.fail_after = WorkerDied("It fell."), 2
    assert (await chat(http, stream=True)).status_code == 200
    await until(lambda: Stage.FAILED in desk.stages())
    inside = desk.only()
    assert inside.seen.failure.startswith("It fell.")
    assert inside.answer == "Hello,"


async def test_that_a_request_that_is_wrong_is_kept_with_what_is_wrong(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    assert (await chat(http, temperature="hot")).status_code == 400
    seen = desk.only().seen
    assert (seen.stage, seen.status) == (Stage.FAILED, 400)
    assert "temperature" in seen.failure


async def test_that_looking_at_the_port_is_no_request_unless_it_fails(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    await http.get("/v1/models")
    await http.get("/health")
    assert desk.ledger.all() == ()
    await http.get("/nowhere")
    assert desk.only().seen.status == 404


async def test_that_texts_for_vectors_are_kept(desk: Desk, http: httpx.AsyncClient) -> None:
    await http.post("/v1/embeddings", json={"input": ["one two", "three"]})
    inside = desk.only()
    assert (inside.seen.stage, inside.seen.prompt_tokens) == (Stage.DONE, 3)
    assert inside.prompt == "one two\nthree"


async def test_that_no_word_is_kept_where_the_settings_say_so(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    await chat(http)
    assert desk.only().answer
    desk.set(inspect=False)
    await chat(http)
    for seen in desk.ledger.all():
        inside = desk.ledger.one(seen.id)
        assert inside is not None
        assert (inside.prompt, inside.answer, dict(inside.parameters)) == ("", "", {})
    desk.set(inspect=True)  # they are gone, not hidden
    assert all(
        (inside := desk.ledger.one(seen.id)) is not None and not inside.answer
        for seen in desk.ledger.all()
    )


async def test_that_words_reach_the_disk_only_where_that_was_asked_for(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    await chat(http)
    assert not desk.bodies.exists()
    desk.set(log_bodies=True, inspect=False)
    await chat(http)
    await chat(http, stream=True)
    await until(lambda: [one.stage for one in desk.ledger.all()] == [Stage.DONE] * 3)
    await desk.ledger.close()
    lines = [json.loads(line) for line in desk.bodies.read_text("utf-8").splitlines()]
    assert [line["answer"] for line in lines] == ["Hello, world!"] * 2
    assert lines[0]["prompt"] == "user: What is the secret?\n"
    assert lines[0]["stage"] == "done"
    assert all(
        (inside := desk.ledger.one(seen.id)) is not None and not inside.answer
        for seen in desk.ledger.all()
    )


async def test_that_the_file_of_words_is_bounded(
    desk: Desk, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.server.body_log.MOST_BYTES", 2_500)
    desk.set(log_bodies=True)
    for _ in range(12):
        await chat(http)
    await desk.ledger.close()
    files = sorted(desk.bodies.parent.iterdir())
    assert [file.name for file in files] == [
        "requests.1.jsonl",
        "requests.2.jsonl",
        "requests.jsonl",
    ]
    assert all(file.stat().st_size <= 2_500 for file in files)


async def test_that_requests_and_words_are_bounded(
    desk: Desk,
    http: httpx.AsyncClient,
    answers: ScriptedAnswers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "MOST_REQUESTS", 5)
    monkeypatch.setattr(rules, "MOST_CHARACTERS", 3_000)
    answers.words = ("x" * 1_000,)
    await chat(http)
    for _ in range(6):
        await http.get("/nowhere")
    await chat(http)
    seen = desk.ledger.all()
    assert len(seen) == 5
    assert [one.status for one in seen if one.status == 200] == [200, 200]  # strangers went first
    for _ in range(4):
        await chat(http)
    words = [
        len(inside.answer)
        for one in desk.ledger.all()
        if (inside := desk.ledger.one(one.id)) is not None
    ]
    assert sum(words) <= 3_000
    assert words[0] == 1_000


async def test_that_a_word_costs_no_fact_of_its_own(
    desk: Desk, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.words = ("word ",) * 2_000
    await chat(http, stream=True, max_tokens=None)
    await until(lambda: Stage.DONE in desk.stages())
    seconds = desk.only().seen.seconds
    assert len(desk.told) <= 4 + seconds / 0.25
