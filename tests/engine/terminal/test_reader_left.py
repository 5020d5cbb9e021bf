"""Whoever reads our output may leave; Windows has another word for it."""

import errno

import pytest

from engine.terminal.verbs import reader_left


@pytest.mark.parametrize(
    ("error", "system", "left"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "linux", True),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "win32", True),
        (OSError(errno.EINVAL, "Invalid argument"), "linux", False),
        (OSError(errno.EINVAL, "Invalid argument", "a.json"), "win32", False),
        (OSError(errno.EIO, "Input/output error"), "win32", False),
    ],
)
def test_that_a_closed_pipe_is_told_from_a_bug(error: OSError, system: str, *, left: bool) -> None:
    assert reader_left(error, system) is left
