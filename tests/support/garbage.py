"""Tests of the window leave collecting to their own thread, as the window does."""

import gc
from collections.abc import Generator

import pytest

from app.collecting import collect_due


@pytest.fixture(autouse=True)
def collected_by_this_thread() -> Generator[None]:
    """Whatever holds a timer of Qt and itself ends here, in this test or after it."""
    gc.disable()
    yield
    collect_due()
    gc.enable()


@pytest.fixture(scope="package", autouse=True)
def nothing_left() -> Generator[None]:
    """Tests that come later, and their threads, find no such thing of these."""
    yield
    gc.collect()
