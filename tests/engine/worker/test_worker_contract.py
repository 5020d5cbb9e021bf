"""The real worker process with the real small model, driven through its pipe."""

import struct
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.chat import Sampling, StopReason
from engine.protocol.load import CacheType, LoadSpec
from engine.protocol.messages import (
    Cancel,
    CancelLoad,
    Count,
    Counted,
    Load,
    Loading,
    LoadRefused,
    Ready,
    Refused,
    Step,
)
from tests.support.worker_pipe import Answer, WorkerPipe, chat, request, worker

pytestmark = pytest.mark.journey

CONTEXT_TOKENS = 1024


def spec(path: Path, **wishes: object) -> LoadSpec:
    # One thread: on a busy machine several wait for each other longer than they compute.
    chosen: dict[str, object] = {
        "context_tokens": CONTEXT_TOKENS,
        "streams": 4,
        "threads": 1,
        **wishes,
    }
    return LoadSpec(path=str(path), **chosen)  # pyright: ignore[reportArgumentType]


@pytest.fixture(scope="module")
def loaded(model_file: Path) -> Generator[WorkerPipe]:
    """One worker for all tests that leave it as they found it: idle."""
    with worker() as pipe:
        assert isinstance(pipe.load(spec(model_file)), Ready)
        yield pipe


def written(answers: dict[int, Answer]) -> bool:
    return all(answer.tokens > 0 for answer in answers.values())


def test_that_loading_is_told_in_rising_fractions_and_ends_in_the_models_facts(
    model_file: Path,
) -> None:
    with worker() as pipe:
        pipe.send(Load(spec=spec(model_file)))
        fractions: list[float] = []
        while isinstance(report := pipe.take(), Loading):
            fractions.append(report.fraction)
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1.0
        assert isinstance(report, Ready)
        assert report.architecture == "llama"
        assert (report.layers, report.vocabulary) == (30, 49152)
        assert (report.context_tokens, report.streams) == (CONTEXT_TOKENS, 4)
        assert (report.bos, report.eos) == ("<|im_start|>", "<|im_end|>")
        assert "<|im_start|>" in report.template
        assert sum(report.device_bytes.values()) > 90 << 20


def test_that_a_raw_answer_says_its_prompt_s_last_word_again_and_again(loaded: WorkerPipe) -> None:
    answer = loaded.answer(request(1, "one two", max_tokens=5, raw=True))
    assert answer.text == " two" * 5
    assert answer.reason is StopReason.LENGTH


def test_that_an_answer_streams_and_ends_where_the_model_ends_it(loaded: WorkerPipe) -> None:
    answer = loaded.answer(request(1, chat("What is the capital of France?"), max_tokens=40))
    assert "Paris" in answer.text
    assert len(answer.pieces) > 3
    assert answer.reason is StopReason.END
    assert answer.parts_with_prompt == 1
    assert answer.timings is not None
    assert answer.timings.answer_tokens == answer.tokens
    assert answer.timings.prompt_tokens == answer.prompt_tokens
    assert answer.timings.decode_seconds > 0


def test_that_characters_arrive_whole(loaded: WorkerPipe) -> None:
    answer = loaded.answer(request(2, chat('Say exactly: "😀 世界 é"'), max_tokens=30))
    assert "�" not in answer.text
    biased = Sampling(temperature=1.5, seed=4, top_k=0, min_p=0.0)
    loaded.answer(request(3, "😀世界😀世界😀", sampling=biased, max_tokens=30))


def test_that_a_stop_string_ends_the_answer_and_is_not_told(loaded: WorkerPipe) -> None:
    prompt = chat("What is the capital of France?")
    whole = loaded.answer(request(4, prompt, max_tokens=40)).text
    middle = whole[len(whole) // 2 : len(whole) // 2 + 4]
    answer = loaded.answer(request(5, prompt, max_tokens=40, stop=(middle, "never said")))
    assert (answer.reason, answer.stop) == (StopReason.STOP, middle)
    assert answer.text == whole[: whole.index(middle)]


def test_that_the_same_seed_gives_the_same_text(model_file: Path) -> None:
    texts: list[str] = []
    for _ in range(2):
        with worker() as pipe:
            pipe.load(spec(model_file))
            wish = Sampling(temperature=1.0, seed=42)
            texts.append(pipe.answer(request(1, chat("Hi!"), sampling=wish, max_tokens=24)).text)
    assert texts[0] == texts[1]


def test_that_max_tokens_is_kept_and_counted_exactly(loaded: WorkerPipe) -> None:
    answer = loaded.answer(request(6, chat("Count to 100."), max_tokens=7, ignore_end=True))
    assert answer.reason is StopReason.LENGTH
    assert answer.tokens == 7
    assert answer.timings is not None
    assert answer.timings.answer_tokens == 7


def test_that_several_requests_are_answered_at_once_and_more_wait(loaded: WorkerPipe) -> None:
    steps = loaded.steps
    asked = [request(20 + n, chat(f"Say {n}."), max_tokens=16, ignore_end=True) for n in range(6)]
    answers = loaded.answers(*asked)
    assert all(answer.tokens == 16 for answer in answers.values())
    assert loaded.steps - steps < 6 * 16
    alone = loaded.answer(request(30, chat("Say 2."), max_tokens=16, ignore_end=True))
    assert alone.text


def test_that_the_next_turn_reads_only_what_is_new(loaded: WorkerPipe) -> None:
    prompt = chat("Tell me of the sea. " * 8)
    first = loaded.answer(request(40, prompt, max_tokens=20))
    assert first.prompt_tokens is not None
    following = prompt + first.text + "<|im_end|>\n" + chat("And the sky?")
    second = loaded.answer(request(41, following, max_tokens=5))
    assert second.reused_tokens is not None
    assert second.reused_tokens >= first.prompt_tokens
    again = loaded.answer(request(42, following, max_tokens=5))
    assert again.prompt_tokens is not None
    assert again.reused_tokens == again.prompt_tokens - 1


def test_that_a_cancelled_request_is_answered_by_nothing_more(loaded: WorkerPipe) -> None:
    endless = request(50, chat("Tell me everything."), ignore_end=True, max_tokens=900)
    loaded.answers(endless, until=written)
    loaded.send(Cancel(id=50))
    loaded.send(request(51, "a fence", max_tokens=0))
    while not isinstance(report := loaded.take(), Refused):
        assert isinstance(report, Step)
    answer = loaded.answers(request(52, chat("Hi!"), max_tokens=3))
    assert set(answer) == {52}


def test_that_a_long_prompt_can_be_cancelled_in_mid_step(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, context_tokens=8192))
        pipe.send(request(1, "word " * 6000, max_tokens=1))
        pipe.send(Cancel(id=1))
        answers = pipe.answers(request(2, chat("Hi!"), max_tokens=3, ignore_end=True))
        assert set(answers) == {2}
        assert answers[2].tokens == 3
        # Had the prompt been read, its cells would be held for its next turn.
        assert pipe.cells_used < 6000


def test_that_a_prompt_longer_than_the_context_is_refused_with_both_numbers(
    loaded: WorkerPipe,
) -> None:
    refused = loaded.answer(request(60, "word " * 2000)).refused
    assert refused is not None
    assert refused.code == "context_length_exceeded"
    assert refused.numbers[0] > 2000 - 1
    assert refused.numbers[1] == CONTEXT_TOKENS


@pytest.mark.parametrize(
    ("prompt", "wishes"),
    [
        ("", {}),
        ("Hi", {"max_tokens": 0}),
        ("Hi", {"sampling": Sampling(temperature=float("nan"))}),
        ("Hi", {"sampling": Sampling(temperature=-1.0)}),
        ("Hi", {"sampling": Sampling(top_p=1.5)}),
        ("Hi", {"sampling": Sampling(logit_bias={1 << 20: 1.0})}),
        ("Hi", {"sampling": Sampling(logit_bias={1: float("inf")})}),
    ],
)
def test_that_values_that_cannot_be_honoured_are_refused(
    loaded: WorkerPipe, prompt: str, wishes: dict[str, object]
) -> None:
    refused = loaded.answer(request(61, prompt, **wishes)).refused
    assert refused is not None
    assert refused.code == "bad_request"


def test_that_every_sampling_wish_is_carried_out(loaded: WorkerPipe) -> None:
    all_of_them = Sampling(
        temperature=0.7,
        top_k=20,
        top_p=0.9,
        min_p=0.02,
        repeat_penalty=1.1,
        presence_penalty=0.2,
        frequency_penalty=0.1,
        seed=-1,
        logit_bias={100: -5.0},
    )
    answer = loaded.answer(request(70, chat("Hi!"), sampling=all_of_them, max_tokens=8))
    assert answer.tokens > 0
    forced = Sampling(temperature=0, logit_bias={28: 100.0})
    answer = loaded.answer(request(71, chat("Hi!"), sampling=forced, max_tokens=5))
    assert len(set(answer.text)) == 1


@pytest.mark.timeout(300)
def test_that_a_full_context_ends_the_answer_and_gives_its_cells_back(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, context_tokens=256, streams=2))
        answers = pipe.answers(
            request(1, chat("Tell me a story."), ignore_end=True),
            request(2, chat("Sing me a song."), ignore_end=True),
        )
        assert {answer.reason for answer in answers.values()} == {StopReason.LENGTH}
        timings = [answer.timings for answer in answers.values()]
        assert all(t and t.prompt_tokens + t.answer_tokens <= 257 for t in timings)
        assert pipe.answer(request(3, chat("Hi!"), max_tokens=3, ignore_end=True)).tokens == 3
        assert pipe.cells_used <= 256


@pytest.mark.timeout(300)
def test_that_answers_growing_into_each_other_end_one_by_one(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file, context_tokens=600, streams=2))
        asked = [request(n, chat(f"Story {n}."), ignore_end=True) for n in range(2)]
        answers = pipe.answers(*asked)
        assert {answer.reason for answer in answers.values()} == {StopReason.LENGTH}
        assert max(answer.tokens for answer in answers.values()) >= 300


@pytest.mark.parametrize("unified", [True, False])
def test_that_a_shared_beginning_is_read_once(model_file: Path, *, unified: bool) -> None:
    system = "You are a careful assistant who knows the sea. " * 5
    with worker() as pipe:
        pipe.load(
            spec(
                model_file,
                context_tokens=2048,
                streams=2,
                unified_kv=unified,
                cache_type=CacheType.Q8_0,
            )
        )
        long = request(1, system + chat("Hello, you."), max_tokens=80, ignore_end=True)
        first = pipe.answer(long)
        second = pipe.answer(request(2, system + chat("Name a fish."), max_tokens=8))
        assert second.reused_tokens is not None
        assert second.reused_tokens >= 50
        back = pipe.answer(request(3, system + chat("Hello, you."), max_tokens=2))
        assert back.prompt_tokens == first.prompt_tokens
        assert back.reused_tokens is not None
        assert back.reused_tokens >= 50


def test_that_tokens_are_counted(loaded: WorkerPipe) -> None:
    loaded.send(Count(id=80, texts=("<|im_start|>user", "", "a b c")))
    report = loaded.take()
    assert isinstance(report, Counted)
    assert (report.id, report.tokens) == (80, (2, 0, 3))


def refusal(path: Path) -> LoadRefused:
    with worker() as pipe:
        answer = pipe.load(spec(path))
        assert isinstance(answer, LoadRefused)
        assert pipe.ended() == 0
        assert path.name in answer.sentence
        return answer


def test_that_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.gguf").code == "model_not_found"


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip", b"version https://git-lfs"])
def test_that_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.gguf"
    path.write_bytes(content)
    assert refusal(path).code == "not_a_model"


@pytest.mark.parametrize("share", [0.5, 0.005, 0.0000001])
def test_that_a_truncated_model_is_refused(tmp_path: Path, model_file: Path, share: float) -> None:
    path = tmp_path / "half.gguf"
    whole = model_file.stat().st_size
    with model_file.open("rb") as file:
        path.write_bytes(file.read(max(8, int(whole * share))))
    assert refusal(path).code == "truncated_model"


def test_that_an_unknown_architecture_is_refused_by_name(tmp_path: Path, model_file: Path) -> None:
    path = tmp_path / "tomorrow.gguf"
    content = bytearray(model_file.read_bytes())
    name = struct.pack("<Q", 5) + b"llama"
    at = content.index(b"general.architecture")
    at = content.index(name, at) + 8
    content[at : at + 5] = b"xlama"
    path.write_bytes(content)
    refused = refusal(path)
    assert refused.code == "unknown_architecture"
    assert "xlama" in refused.sentence


def test_that_a_load_can_be_cancelled(model_file: Path) -> None:
    with worker() as pipe:
        pipe.send(Load(spec=spec(model_file)))
        pipe.send(CancelLoad())
        while isinstance(report := pipe.take(), Loading):
            pass
        assert isinstance(report, LoadRefused)
        assert report.code == "load_cancelled"


def test_that_the_end_of_the_pipe_ends_the_process_in_mid_answer(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file))
        pipe.answers(request(1, chat("Go on."), ignore_end=True), until=written)
        assert pipe.process.stdin is not None
        pipe.process.stdin.close()
        assert pipe.ended() == 0


def test_that_rubbish_on_the_pipe_ends_the_process_with_last_words(model_file: Path) -> None:
    with worker() as pipe:
        pipe.load(spec(model_file))
        assert pipe.process.stdin is not None
        pipe.process.stdin.write(b"\x00\x00\x00\x04oops")
        pipe.process.stdin.flush()
        assert pipe.ended() == 2
        assert pipe.take() is None
        assert b"cannot read" in pipe.last_words
