"""How a child's end is told."""

import pytest

from engine.background.child_process import describe_end


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, "ended with code 1"),
        (-9, "ended by signal 9"),
        (-4, "met an instruction that this processor does not have"),
        (0xC000001D, "met an instruction that this processor does not have"),
        (0xC0000005, "ended with code 0xC0000005"),
        (3221225781, "ended with code 0xC0000135"),
    ],
)
def test_that_an_end_is_told_as_it_is_known(code: int, words: str) -> None:
    assert describe_end(code) == words
