"""What those who watch the port are told."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest

from engine.chat import Delta, Finished, Piece
from engine.errors import WorkerDied
from engine.server.observer import Call, Observer, Question, TextsAsked
from engine.server.port import Port
from tests.support.answers import ScriptedAnswers
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

CHAT = {"messages": [{"role": "user", "content": "Hi"}]}


class Diary(Observer):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.questions: list[tuple[int, int, Question]] = []
        self.deltas: list[tuple[int, int, Delta]] = []
        self.ends: list[Call] = []

    def began(self, call: Call) -> None:
        self.calls.append(call)

    def asked(self, call: Call, index: int, question: Question) -> None:
        self.questions.append((call.id, index, question))

    def delta(self, call: Call, index: int, delta: Delta) -> None:
        self.deltas.append((call.id, index, delta))

    def ended(self, call: Call) -> None:
        self.ends.append(call)

    def words(self, call: Call, index: int = 0) -> str:
        """Of that answer."""
        return "".join(
            delta.text
            for which, at, delta in self.deltas
            if (which, at) == (call.id, index) and isinstance(delta, Piece)
        )


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
async def http(answers: ScriptedAnswers, diary: Diary) -> AsyncGenerator[httpx.AsyncClient]:
    port = Port(answers, observers=(diary,))
    address = await port.open("127.0.0.1", 0, explicit=True)
    async with httpx.AsyncClient(base_url=address, timeout=20) as client:
        yield client
    await port.close()


async def test_that_every_word_is_told_to_its_own_request(
    diary: Diary, http: httpx.AsyncClient
) -> None:
    asks = [
        http.post("/v1/chat/completions", json={**CHAT, "stream": at % 2 == 1}) for at in range(8)
    ]
    await asyncio.gather(*asks)
    await until(lambda: len(diary.ends) == 8)
    assert len({call.id for call in diary.calls}) == 8
    for call in diary.calls:
        assert diary.words(call) == "Hello, world!"
        assert (call.status, call.failure, call.left, call.whole) == (200, None, False, True)
    assert sum(isinstance(delta, Finished) for _, _, delta in diary.deltas) == 8


async def test_that_each_of_several_answers_has_a_number(
    diary: Diary, http: httpx.AsyncClient
) -> None:
    await http.post("/v1/chat/completions", json={**CHAT, "n": 3})
    (call,) = diary.calls
    assert sorted(index for _, index, _ in diary.questions) == [0, 1, 2]
    assert [diary.words(call, index) for index in range(3)] == ["Hello, world!"] * 3


async def test_that_a_request_knows_its_route_and_dialect(
    diary: Diary, http: httpx.AsyncClient
) -> None:
    await http.get("/v1/models")
    await http.get("/nowhere")
    await http.post("/api/nothing", json={})
    known, unknown, other = diary.ends
    assert (known.route, known.dialect, known.status) == ("/v1/models", "openai", 200)
    assert (unknown.route, unknown.status) == ("", 404)
    assert other.dialect == "ollama"


async def test_that_those_who_are_refused_are_seen(diary: Diary, http: httpx.AsyncClient) -> None:
    await http.get("/v1/models", headers={"Host": "stranger.example"})
    (call,) = diary.ends
    assert call.status == 403
    assert call.failure is not None


async def test_that_a_failure_is_told_whether_or_not_words_were_sent(
    diary: Diary, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure = WorkerDied("It fell.")
    await http.post("/v1/chat/completions", json=CHAT)
    answers.fail_after = 1
    await http.post("/v1/chat/completions", json={**CHAT, "stream": True})
    await http.post("/v1/embeddings", json={"input": "x"})
    await until(lambda: len(diary.ends) == 3)
    assert [call.failure for call in diary.ends] == [answers.failure] * 3
    assert [call.status for call in diary.ends] == [503, 200, 503]


async def test_that_a_bug_is_told_too(
    diary: Diary, http: httpx.AsyncClient, answers: ScriptedAnswers
) -> None:
    answers.failure = ZeroDivisionError()
    assert (await http.post("/v1/chat/completions", json=CHAT)).status_code == 500
    await until(lambda: bool(diary.ends))
    assert (diary.ends[0].failure, diary.ends[0].status) == (answers.failure, 500)


async def test_that_texts_are_told_with_their_tokens(diary: Diary, http: httpx.AsyncClient) -> None:
    await http.post("/v1/rerank", json={"query": "q", "documents": ["one two", "three"]})
    ((_, _, question),) = diary.questions
    assert question == TextsAsked(model=None, texts=("one two", "three"), query="q")
    assert len(diary.deltas) == 1
