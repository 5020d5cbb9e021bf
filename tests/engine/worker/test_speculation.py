"""Speculation in the real worker with the real small model: faster, and never another text."""

from collections.abc import Generator
from pathlib import Path

import pytest

from engine.chat import Sampling
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Cancel, Generate, LoadRefused, Ready
from tests.support.worker_pipe import Answer, WorkerPipe, chat, request, worker

pytestmark = pytest.mark.journey

DRAFT_TOKENS = 8
_ASKED_AGAIN = 12
REPEATED = "def area(width, height):\n    return width * height\n\n"
REPETITIVE = chat("Repeat this code exactly, three times:\n" + REPEATED * 3)
FREE = chat("What is the capital of France?")


def spec(path: Path, **wishes: object) -> LoadSpec:
    chosen: dict[str, object] = {"context_tokens": 2048, "streams": 4, "threads": 1, **wishes}
    return LoadSpec(path=str(path), **chosen)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module", name="plain")
def _plain(model_file: Path) -> Generator[WorkerPipe]:
    with worker() as pipe:
        assert isinstance(pipe.load(spec(model_file)), Ready)
        yield pipe


@pytest.fixture(scope="module", name="guessing")
def _guessing(model_file: Path) -> Generator[WorkerPipe]:
    with worker() as pipe:
        assert isinstance(pipe.load(spec(model_file, draft_tokens=DRAFT_TOKENS)), Ready)
        yield pipe


def accepted(answer: Answer) -> int:
    assert answer.timings is not None
    assert answer.timings.accepted_tokens <= answer.timings.drafted_tokens
    return answer.timings.accepted_tokens


def guessed(pipe: WorkerPipe, asked: Generate, text: str) -> Answer:
    """The answer, which was guessed in part. On a busy machine steps look dear, and guesses may be
    put off for an answer or two; what is said is the same each time."""
    for _ in range(_ASKED_AGAIN):
        answer = pipe.answer(asked)
        assert answer.text == text
        if accepted(answer):
            return answer
    raise AssertionError("nothing was guessed rightly")


def test_that_a_greedy_answer_is_the_same_and_was_guessed_in_part(
    plain: WorkerPipe, guessing: WorkerPipe
) -> None:
    without = plain.answer(request(1, REPETITIVE, max_tokens=150))
    with_it = guessed(guessing, request(1, REPETITIVE, max_tokens=150), without.text)
    assert with_it.tokens == without.tokens
    assert with_it.reason == without.reason
    assert accepted(without) == 0


def test_that_the_same_seed_gives_the_same_text_with_penalties_too(
    plain: WorkerPipe, guessing: WorkerPipe
) -> None:
    wish = Sampling(temperature=0.6, top_k=5, top_p=0.9, repeat_penalty=1.05, seed=11)
    asked = request(2, REPETITIVE, sampling=wish, max_tokens=120)
    guessed(guessing, asked, plain.answer(asked).text)


def test_that_a_grammar_holds_over_guesses(plain: WorkerPipe, guessing: WorkerPipe) -> None:
    grammar = 'root ::= ("the cat sat on the mat and " | "a dog ran ") root | "end"'
    prompt = chat("Write: " + "the cat sat on the mat and " * 6)
    asked = request(3, prompt, grammar=grammar, max_tokens=80)
    guessed(guessing, asked, plain.answer(asked).text)


def test_that_limits_are_kept_to_the_token(guessing: WorkerPipe) -> None:
    for most in (1, 2, 3, 17):
        answer = guessing.answer(request(4, REPETITIVE, max_tokens=most, ignore_end=True))
        assert answer.tokens == most


def test_that_an_answer_fills_its_memory_to_the_last_cell(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, draft_tokens=DRAFT_TOKENS, context_tokens=256, streams=1))
        answer = pipe.answer(request(5, REPETITIVE, ignore_end=True))
        assert answer.prompt_tokens is not None
        assert answer.prompt_tokens + answer.tokens == 256 + 1
        assert accepted(answer) > 0
        assert pipe.cells_used == 256


def test_that_a_stop_string_within_guesses_ends_the_answer(
    plain: WorkerPipe, guessing: WorkerPipe
) -> None:
    asked = request(6, REPETITIVE, max_tokens=150, stop=("height):\n    return width",))
    without, with_it = plain.answer(asked), guessing.answer(asked)
    assert (with_it.text, with_it.reason) == (without.text, without.reason)


def test_that_what_was_guessed_wrongly_is_no_part_of_the_next_turn(
    plain: WorkerPipe, guessing: WorkerPipe
) -> None:
    texts: list[str] = []
    for pipe in (plain, guessing):
        first = pipe.answer(request(7, REPETITIVE, max_tokens=150))
        turn = REPETITIVE + first.text + "<|im_end|>\n" + FREE
        second = pipe.answer(request(8, turn, max_tokens=12))
        assert second.reused_tokens is not None
        assert second.reused_tokens > 100
        texts.append(second.text)
    assert texts[0] == texts[1]


def test_that_several_are_guessed_for_side_by_side_and_one_may_leave(guessing: WorkerPipe) -> None:
    asked = [request(20 + n, REPETITIVE, max_tokens=40, ignore_end=True) for n in range(4)]
    answers = guessing.answers(
        *asked, until=lambda so_far: all(one.tokens > 10 for one in so_far.values())
    )
    guessing.send(Cancel(id=20))
    assert all(not answer.over for answer in answers.values())
    # Of the one that left there may still be parts on the way: it is not waited for.
    rest = guessing.answers(
        request(30, FREE, max_tokens=8),
        until=lambda so_far: all(answer.over for n, answer in so_far.items() if n != 20),
    )
    assert rest[30].text


def test_that_a_model_guesses_for_itself_almost_always_rightly(
    model_file: Path, plain: WorkerPipe
) -> None:
    with worker() as pipe:
        asked = spec(model_file, draft_tokens=DRAFT_TOKENS, draft=str(model_file))
        assert isinstance(pipe.load(asked), Ready)
        question = request(40, REPETITIVE, max_tokens=100)
        answer = pipe.answer(question)
        assert answer.timings is not None
        assert answer.timings.drafted_tokens > 0
        assert accepted(answer) >= 0.9 * answer.timings.drafted_tokens
        assert answer.text == plain.answer(question).text


def test_that_a_draft_model_with_other_words_is_refused(model_file: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.gguf"
    told = model_file.read_bytes()
    # A word of the vocabulary, as long as before.
    at = told.index(b"\xc4\xa0something")
    foreign.write_bytes(told[:at] + b"\xc4\xa0nothingxx" + told[at + 11 :])
    with worker() as pipe:
        refused = pipe.load(spec(model_file, draft_tokens=DRAFT_TOKENS, draft=str(foreign)))
        assert isinstance(refused, LoadRefused)
        assert "another vocabulary" in refused.sentence
