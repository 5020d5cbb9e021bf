"""Logits that are cut down where the model runs: the real worker with the real small model."""

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.chat import Sampling
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.worker_pipe import WorkerPipe, chat, request, worker

pytestmark = pytest.mark.journey

PROMPT = chat("Tell me a story.")
DRAWN = Sampling(seed=5, temperature=0.7, top_k=40, top_p=0.95, min_p=0.05)
CHAINS = (
    DRAWN,
    Sampling(temperature=0),
    Sampling(seed=5, temperature=1.2, top_k=0, top_p=1.0, min_p=0.1),
)


@pytest.fixture(scope="module")
def loaded(model_file: Path) -> Generator[WorkerPipe]:
    spec = LoadSpec(path=str(model_file), context_tokens=2048, streams=3, threads=1, shortlist=True)
    with worker() as pipe:
        assert isinstance(pipe.load(spec), Ready)
        yield pipe


def test_that_the_same_seed_writes_the_same_there_too(loaded: WorkerPipe) -> None:
    for wish in CHAINS:
        first = loaded.answer(request(1, PROMPT, sampling=wish, max_tokens=24))
        again = loaded.answer(request(2, PROMPT, sampling=wish, max_tokens=24))
        assert first.text == again.text != ""
    one, other = (
        loaded.answer(
            request(3, PROMPT, sampling=Sampling(seed=seed, temperature=1.5), max_tokens=24)
        )
        for seed in (1, 2)
    )
    assert one.text != other.text


def test_that_the_same_is_written_as_from_all_logits(loaded: WorkerPipe, model_file: Path) -> None:
    asked = [request(n, PROMPT, sampling=wish, max_tokens=40) for n, wish in enumerate(CHAINS, 1)]
    there = [loaded.answer(one).text for one in asked]
    with worker() as pipe:
        plain = LoadSpec(path=str(model_file), context_tokens=2048, streams=3, threads=1)
        assert isinstance(pipe.load(plain), Ready)
        assert [pipe.answer(one).text for one in asked] == there


def test_that_guesses_are_checked_by_what_is_left(model_file: Path) -> None:
    text = chat("Say these words again: one two three four. one two three four. one two three")
    texts: list[str] = []
    for shortlist in (False, True):
        spec = LoadSpec(
            path=str(model_file),
            context_tokens=2048,
            streams=2,
            threads=1,
            draft_tokens=4,
            shortlist=shortlist,
        )
        with worker() as pipe:
            assert isinstance(pipe.load(spec), Ready)
            texts.append(pipe.answer(request(1, text, max_tokens=60)).text)
    assert texts[0] == texts[1] != ""


def test_that_requests_that_need_all_logits_go_beside_those_that_do_not(
    loaded: WorkerPipe,
) -> None:
    bound = request(1, PROMPT, grammar='root ::= "red" | "blue"', max_tokens=9)
    told = request(2, PROMPT, sampling=DRAWN, logprobs=2, max_tokens=9)
    free = request(3, PROMPT, sampling=DRAWN, max_tokens=30)
    later = request(4, PROMPT, sampling=Sampling(seed=1, repeat_penalty=1.2), max_tokens=9)
    for _ in range(2):
        answers = loaded.answers(bound, told, free, later)
        assert answers[1].text in {"red", "blue"}
        assert len(answers[2].logprobs) == answers[2].tokens == 9
        assert answers[3].tokens == 30
        assert answers[4].tokens == 9
