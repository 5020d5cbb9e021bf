"""A fake engine behind the real bridge, on its real thread."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from tests.support.engine import FakeEngine
from tests.support.garbage import collected_by_this_thread, nothing_left

__all__ = ("collected_by_this_thread", "nothing_left")


@pytest.fixture
def engine() -> FakeEngine:
    """Set its knobs before `bridge.start()`."""
    return FakeEngine()


@pytest.fixture
def bridge(engine: FakeEngine, qtbot: QtBot) -> Iterator[EngineBridge]:
    """Not started yet, so that a test can connect first; closed at the end."""
    bridge = EngineBridge(lambda: engine)
    yield bridge
    bridge.close()
    assert not bridge.alive
