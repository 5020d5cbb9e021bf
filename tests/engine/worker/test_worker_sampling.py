"""Grammars, log probabilities, least lengths: the real worker with the real small model."""

import json
import math
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.chat import Sampling, StopReason
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.worker_pipe import WorkerPipe, chat, request, worker

pytestmark = pytest.mark.journey

GREEDY = Sampling(temperature=0)
COLOURS = 'root ::= "red" | "green" | "blue"'
RECORD = r"""
root   ::= "{\"name\":\"" [a-zA-Z ]{1,12} "\",\"age\":" number "}"
number ::= [1-9] [0-9]?
"""


@pytest.fixture(scope="module")
def loaded(model_file: Path) -> Generator[WorkerPipe]:
    spec = LoadSpec(path=str(model_file), context_tokens=2048, streams=4, threads=1)
    with worker() as pipe:
        assert isinstance(pipe.load(spec), Ready)
        yield pipe


def test_that_an_answer_follows_its_grammar_and_ends_with_it(loaded: WorkerPipe) -> None:
    prompt = chat("Which colour has the sky?")
    answer = loaded.answer(request(1, prompt, grammar=COLOURS, max_tokens=20))
    assert answer.text in {"red", "green", "blue"}
    assert answer.reason is StopReason.END
    for seed in range(3):
        wild = Sampling(temperature=2.0, top_k=0, top_p=1.0, min_p=0.0, seed=seed)
        asked = request(2, chat("Who are you?"), grammar=RECORD, sampling=wild, max_tokens=60)
        person = json.loads(loaded.answer(asked).text)
        assert set(person) == {"name", "age"}
        assert 1 <= person["age"] <= 99


def test_that_streams_with_and_without_a_grammar_go_side_by_side(loaded: WorkerPipe) -> None:
    prompt = chat("Write a short poem.")
    free = request(1, prompt, max_tokens=20, sampling=GREEDY)
    alone = loaded.answer(free).text
    bound = [request(n, prompt, grammar=COLOURS, max_tokens=20) for n in (2, 3)]
    answers = loaded.answers(free, *bound)
    assert answers[1].text == alone
    assert {answers[2].text, answers[3].text} <= {"red", "green", "blue"}


def test_that_a_grammar_holds_only_from_its_trigger_on(loaded: WorkerPipe) -> None:
    prompt = chat("What is the capital of France?")
    plain = loaded.answer(request(1, prompt, sampling=GREEDY, max_tokens=40)).text
    assert "Paris" in plain
    never = request(
        2, prompt, sampling=GREEDY, max_tokens=40, grammar=COLOURS, triggers=("<never>",)
    )
    assert loaded.answer(never).text == plain
    bound = request(
        3,
        prompt,
        sampling=GREEDY,
        max_tokens=40,
        grammar='root ::= "Paris" " is red!"',
        triggers=("x{9}", "Paris"),
    )
    answer = loaded.answer(bound)
    assert answer.text == plain[: plain.index("Paris")] + "Paris is red!"
    assert answer.reason is StopReason.END


def test_that_a_trigger_too_late_for_its_grammar_lets_the_answer_go_on(loaded: WorkerPipe) -> None:
    prompt = chat("What is the capital of France?")
    plain = loaded.answer(request(1, prompt, sampling=GREEDY, max_tokens=40)).text
    midway = request(
        2, prompt, sampling=GREEDY, max_tokens=40, grammar='root ::= "aris!"', triggers=("ari",)
    )
    assert loaded.answer(midway).text == plain[: plain.index("Paris")] + "Paris!"
    late = request(
        3, prompt, sampling=GREEDY, max_tokens=40, grammar='root ::= "ar!"', triggers=("ari",)
    )
    assert loaded.answer(late).text == plain


@pytest.mark.parametrize(
    "grammar",
    ["root", "no root at all", 'root ::= "a" other', "root ::= root", "x ::= [a-z]", "\0"],
)
def test_that_a_grammar_llama_cpp_refuses_is_refused(loaded: WorkerPipe, grammar: str) -> None:
    answer = loaded.answer(request(1, chat("Hi"), grammar=grammar))
    assert answer.refused is not None
    assert answer.refused.code == "bad_request"
    assert "grammar" in answer.refused.sentence
    assert loaded.answer(request(2, chat("Hi"), max_tokens=3)).tokens == 3


def test_that_a_trigger_that_is_no_expression_is_refused(loaded: WorkerPipe) -> None:
    asked = request(1, chat("Hi"), grammar=COLOURS, triggers=("(",))
    refused = loaded.answer(asked).refused
    assert refused is not None
    assert "regular expression" in refused.sentence


def test_that_an_answer_has_its_least_length(loaded: WorkerPipe) -> None:
    prompt = chat("Say only: yes")
    short = loaded.answer(request(1, prompt, sampling=GREEDY, max_tokens=200))
    assert short.reason is StopReason.END
    least = short.tokens + 5
    longer = loaded.answer(request(2, prompt, sampling=GREEDY, max_tokens=200, min_tokens=least))
    assert longer.tokens >= least
    endless = loaded.answer(request(3, prompt, sampling=GREEDY, max_tokens=64, ignore_end=True))
    assert endless.tokens == 64
    assert "<|im_end|>" not in endless.text


def test_that_a_complete_grammar_ends_even_an_answer_that_must_go_on(loaded: WorkerPipe) -> None:
    asked = request(1, chat("Hi"), grammar=COLOURS, ignore_end=True, max_tokens=50)
    answer = loaded.answer(asked)
    assert answer.text in {"red", "green", "blue"}
    assert answer.reason is StopReason.END


def test_that_log_probabilities_come_with_their_tokens(loaded: WorkerPipe) -> None:
    prompt = chat("What is the capital of France? é")
    answer = loaded.answer(request(1, prompt, sampling=GREEDY, max_tokens=40, logprobs=3))
    assert len(answer.logprobs) == answer.tokens
    assert b"".join(one.candidate.text for one in answer.logprobs).decode() == answer.text
    for one in answer.logprobs:
        assert one.top[0] == one.candidate
        assert [each.logprob for each in one.top] == sorted(
            (each.logprob for each in one.top), reverse=True
        )
        assert sum(math.exp(each.logprob) for each in one.top) <= 1 + 1e-6
    own = loaded.answer(request(2, prompt, sampling=GREEDY, max_tokens=40, logprobs=0))
    assert [one.candidate for one in own.logprobs] == [one.candidate for one in answer.logprobs]
    assert all(one.top == () for one in own.logprobs)


def test_that_every_sampler_writes_and_the_same_seed_writes_the_same(loaded: WorkerPipe) -> None:
    everything = Sampling(
        seed=11,
        temperature=0.9,
        repeat_penalty=1.1,
        presence_penalty=0.2,
        logit_bias={100: -3.0},
        dry_multiplier=0.8,
        top_n_sigma=2.0,
        typical_p=0.95,
        xtc_probability=0.2,
        dynamic_temperature_range=0.2,
    )
    for wish in (everything, Sampling(seed=11, mirostat=1), Sampling(seed=11, mirostat=2)):
        asked = request(1, chat("Tell me a story."), sampling=wish, max_tokens=24)
        assert loaded.answer(asked).text == loaded.answer(asked).text != ""


def test_that_dry_breaks_a_loop(loaded: WorkerPipe) -> None:
    prompt = " ".join(["one two three four five"] * 12)
    looping = loaded.answer(request(1, prompt, sampling=GREEDY, max_tokens=20)).text
    dry = Sampling(temperature=0, dry_multiplier=5.0, dry_breakers=())
    assert "one two three four five" in looping
    broken = loaded.answer(request(2, prompt, sampling=dry, max_tokens=20)).text
    assert "one two three four five" not in broken


@pytest.mark.parametrize(
    ("wishes", "named"),
    [
        ({"min_tokens": -1}, "min_tokens"),
        ({"min_tokens": 9, "max_tokens": 8}, "min_tokens"),
        ({"logprobs": 21}, "logprobs"),
        ({"logprobs": -1}, "logprobs"),
        ({"sampling": Sampling(dry_base=0.0)}, "dry_base"),
        ({"sampling": Sampling(xtc_threshold=math.nan)}, "xtc_threshold"),
    ],
)
def test_that_an_absurd_wish_is_refused(
    loaded: WorkerPipe, wishes: dict[str, object], named: str
) -> None:
    refused = loaded.answer(request(1, chat("Hi"), **wishes)).refused
    assert refused is not None
    assert refused.code == "bad_request"
    assert refused.sentence.startswith(named)
