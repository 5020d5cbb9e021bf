"""What the real worker does when its memory is full, and what it gives back."""

from pathlib import Path

import pytest

from engine.chat import StopReason
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.worker_pipe import request, worker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def spec(path: Path, **wishes: object) -> LoadSpec:
    chosen: dict[str, object] = {"context_tokens": 512, "streams": 4, "threads": 1, **wishes}
    return LoadSpec(path=str(path), **chosen)  # pyright: ignore[reportArgumentType]


CYCLES = (
    "one two three four five six seven eight nine ten ",
    "the cat sat on the mat. ",
)


def test_that_one_set_aside_in_mid_answer_loses_nothing_and_tells_nothing_twice(
    model_file: Path,
) -> None:
    """Each goes round a cycle of words, which it knows by heart: a slip would be seen."""
    with worker() as pipe:
        assert isinstance(ready := pipe.load(spec(model_file, context_tokens=768)), Ready)
        asked = [
            request(n, (cycle * 6).rstrip(), ignore_end=True, max_tokens=370)
            for n, cycle in enumerate(CYCLES)
        ]
        # Both enter, and outgrow the cells: the younger is set aside after some 320 tokens.
        assert ready.context_tokens < 2 * (60 + 370)
        answers = pipe.answers(*asked)
        for number, answer in answers.items():
            assert answer.reason is StopReason.LENGTH
            assert answer.tokens == 370
            assert (" " + CYCLES[number] * 60).startswith(answer.text)
            timings = answer.timings
            assert timings is not None
            assert (timings.prompt_tokens, timings.answer_tokens) == (answer.prompt_tokens, 370)
            assert answer.parts_with_prompt == 1
        ends = [answer.timings.decode_seconds for answer in answers.values() if answer.timings]
        assert ends[1] > ends[0], "the younger came back after the older had ended"


LONG = "The sea is wide, and the ship is small. " * 70  # some 700 tokens


def test_that_a_conversation_outlives_its_worker(model_file: Path, tmp_path: Path) -> None:
    kept = spec(
        model_file, context_tokens=2048, kv_folder=str(tmp_path / "kv"), kv_bytes=100_000_000
    )
    with worker() as pipe:
        pipe.load(kept)
        first = pipe.answer(request(1, LONG, max_tokens=8, ignore_end=True))
        assert pipe.process.stdin is not None
        pipe.process.stdin.close()
        assert pipe.ended() == 0
    files = list((tmp_path / "kv").glob("*/*"))
    assert [file.suffix for file in files] == [".kv"]
    with worker() as pipe:
        pipe.load(kept)
        again = pipe.answer(request(1, LONG, max_tokens=8, ignore_end=True))
        assert again.prompt_tokens is not None
        assert again.reused_tokens == again.prompt_tokens - 1
        assert again.text == first.text
        other = pipe.answer(request(2, "Something else.", max_tokens=2))
        assert other.reused_tokens == 0
    other_shape = spec(
        model_file, context_tokens=4096, kv_folder=str(tmp_path / "kv"), kv_bytes=100_000_000
    )
    with worker() as pipe:
        pipe.load(other_shape)
        assert pipe.answer(request(1, LONG, max_tokens=2)).reused_tokens == 0


def test_that_a_damaged_state_is_removed_and_does_no_harm(model_file: Path, tmp_path: Path) -> None:
    kept = spec(
        model_file, context_tokens=2048, kv_folder=str(tmp_path / "kv"), kv_bytes=100_000_000
    )
    with worker() as pipe:
        pipe.load(kept)
        first = pipe.answer(request(1, LONG, max_tokens=8, ignore_end=True))
        assert pipe.process.stdin is not None
        pipe.process.stdin.close()
        assert pipe.ended() == 0
    (file,) = (tmp_path / "kv").glob("*/*.kv")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    foreign = file.with_name("foreign.kv")
    foreign.write_bytes(b"not ours")
    with worker() as pipe:
        pipe.load(kept)
        again = pipe.answer(request(1, LONG, max_tokens=8, ignore_end=True))
        assert not foreign.exists()
        assert again.reused_tokens == 0
        assert again.text == first.text


def test_that_what_is_evicted_comes_back_from_the_disk(model_file: Path, tmp_path: Path) -> None:
    kept = spec(
        model_file,
        context_tokens=1024,
        streams=2,
        kv_folder=str(tmp_path / "kv"),
        kv_bytes=100_000_000,
    )
    with worker() as pipe:
        pipe.load(kept)
        first = pipe.answer(request(1, LONG, max_tokens=4, ignore_end=True))
        pipe.answer(request(2, "Once upon a time " * 150, max_tokens=4, ignore_end=True))
        again = pipe.answer(request(3, LONG, max_tokens=4, ignore_end=True))
        assert again.prompt_tokens is not None
        assert again.reused_tokens == again.prompt_tokens - 1
        assert again.text == first.text
        assert pipe.cells_used <= 1024


@pytest.mark.parametrize("unified", [True, False])
def test_that_an_answer_that_rolls_goes_on_past_a_full_context(
    model_file: Path, *, unified: bool
) -> None:
    with worker() as pipe:
        ready = pipe.load(spec(model_file, context_tokens=512, streams=2, unified_kv=unified))
        assert isinstance(ready, Ready)
        room = ready.answer_context_tokens
        rolling = request(
            1, (CYCLES[1] * 6).rstrip(), ignore_end=True, max_tokens=room + 100, rolls=True
        )
        answer = pipe.answer(rolling)
        assert answer.tokens == room + 100
        assert pipe.cells_used <= room
        # It still knows where it is: nothing slips where the oldest was forgotten.
        assert (" " + CYCLES[1] * 200).startswith(answer.text)


@pytest.mark.parametrize(("streams", "unified"), [(2, True), (6, True), (2, False), (6, False)])
def test_that_a_beginning_is_shared_in_either_kind_of_memory(
    model_file: Path, streams: int, *, unified: bool
) -> None:
    """In split memory a copy of a part aborts the process; many streams may be in one memory."""
    with worker() as pipe:
        pipe.load(
            spec(model_file, context_tokens=512 * streams, streams=streams, unified_kv=unified)
        )
        head = "The sea is wide, and the ship is small. " * 6
        pipe.answer(request(1, head + "First.", max_tokens=40, ignore_end=True))
        answers = pipe.answers(
            *(
                request(n, f"{head}Number {n}.", max_tokens=4, ignore_end=True)
                for n in range(2, 2 + streams)
            )
        )
        assert all((answer.reused_tokens or 0) >= 60 for answer in answers.values())
        assert all(answer.tokens == 4 for answer in answers.values())
