"""The lock of a home is its owner's alone."""

import sys

import pytest

from engine.config import Home
from engine.handover.lock import HomeLock


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps folders shut by itself")
def test_that_others_on_this_computer_cannot_hold_it(home: Home) -> None:
    lock = HomeLock(home)
    lock.take()
    assert home.lock.stat().st_mode & 0o077 == 0
    lock.release()
