"""Memories that cannot be cut (recurrent states, sliding attention) in the real worker."""

from collections.abc import Generator

import pytest

from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready
from tests.support.ghosts import write_ghost
from tests.support.worker_pipe import WorkerPipe, request, worker

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

TALK = "".join(f"w{n} " for n in range(40)) * 4  # some 700 tokens of a made-up tokenizer


@pytest.fixture(scope="module", params=["tiny-next", "tiny-swa"])
def ghost(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[WorkerPipe]:
    shape = str(request.param)
    path = tmp_path_factory.mktemp("ghosts") / f"{shape}.gguf"
    write_ghost(shape, path)
    with worker() as pipe:
        spec = LoadSpec(
            path=str(path), context_tokens=4096, streams=2, threads=1, micro_batch_tokens=64
        )
        assert isinstance(pipe.load(spec), Ready)
        yield pipe


def test_that_the_next_turn_goes_back_to_the_last_prompts_end(ghost: WorkerPipe) -> None:
    first = ghost.answer(request(1, TALK, max_tokens=700, ignore_end=True))
    assert first.prompt_tokens is not None
    # What was answered is not what comes back as history: memory must go back before it.
    following = TALK + "and now something else"
    second = ghost.answer(request(2, following, max_tokens=4, ignore_end=True))
    assert second.reused_tokens is not None
    assert first.prompt_tokens - 16 <= second.reused_tokens <= first.prompt_tokens
    # The same, read in a memory that holds nothing of it.
    with_nothing = request(3, following, max_tokens=4, ignore_end=True)
    other = "".join(f"x{n} " for n in range(60))
    ghost.answers(
        request(4, other, max_tokens=2, ignore_end=True),
        request(5, other[::-1], max_tokens=2, ignore_end=True),
    )
    ghost.answers(
        request(6, "y" + other, max_tokens=2, ignore_end=True),
        request(7, "z" + other[::-1], max_tokens=2, ignore_end=True),
    )
    fresh = ghost.answer(with_nothing)
    assert fresh.text == second.text


def test_that_the_same_prompt_again_reads_only_its_end(ghost: WorkerPipe) -> None:
    prompt = "again " + TALK
    first = ghost.answer(request(8, prompt, max_tokens=300, ignore_end=True))
    again = ghost.answer(request(9, prompt, max_tokens=300, ignore_end=True))
    assert again.prompt_tokens is not None
    assert again.reused_tokens is not None
    assert again.reused_tokens >= again.prompt_tokens - 16
    assert again.text[:60] == first.text[:60]
