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
