import gc
from collections.abc import Iterator

import pytest

from engine.background import collecting


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.enable()


class _Ring:
    """Holds itself alive."""

    gone = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        _Ring.gone += 1


def _made(count: int) -> list[list[int]]:
    return [[] for _ in range(count)]


def test_that_garbage_waits_until_there_is_enough_and_nothing_is_awaited() -> None:
    gc.collect()
    collecting.begin()
    before = _Ring.gone
    _Ring()
    collecting.collect(awaited=False)
    assert _Ring.gone == before
    kept = _made(30_000)
    collecting.collect(awaited=True)
    assert _Ring.gone == before
    collecting.collect(awaited=False)
    assert _Ring.gone == before + 1
    assert len(kept) == 30_000


def test_that_too_much_is_collected_all_the_same() -> None:
    gc.collect()
    collecting.begin()
    before = _Ring.gone
    _Ring()
    kept = _made(600_000)
    collecting.collect(awaited=True)
    assert _Ring.gone == before + 1
    assert len(kept) == 600_000
