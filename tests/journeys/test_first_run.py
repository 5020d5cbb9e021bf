"""A newcomer: a clean home, the guide, the starter model out of a Hub, and the first answer."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Fullbore
from app.presenters.guide.presenter import Step
from engine.config import EngineConfig, Home, write_config
from engine.planner.curated import read_curated, starter
from tests.journeys.windows import answer, ask, wait_for_answer, window
from tests.support.hub import Hub

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


def test_that_a_newcomer_chats_after_three_times_enter(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, model_file: Path
) -> None:
    known = starter(read_curated())
    assert known is not None
    home = Home(tmp_path / "home")
    home.make()
    with Hub() as hub:
        hub.add(known.id, {model_file.name: model_file.read_bytes(), "README.md": b"# Small"})
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        with window(qapp, home, first_run=True) as fullbore:
            guide = fullbore.screens.guide
            qtbot.waitUntil(lambda: guide.open, timeout=20_000)
            for step in Step:
                assert guide.step is step
                press_enter(fullbore)

            # It is brought, loaded, and the keyboard is where the question goes.
            chat = fullbore.window.composer.edit
            qtbot.waitUntil(lambda: not guide.open, timeout=90_000)
            assert fullbore.window.focusWidget() is chat
            assert fullbore.screens.models.current == f"{known.id}:Q4_1"
            place = home.models / known.id / model_file.name
            assert place.stat().st_size == model_file.stat().st_size

            ask(fullbore, "Say hello.")
            qtbot.waitUntil(lambda: len(answer(fullbore)) > 3, timeout=40_000)
            fullbore.screens.chat.stop()
            assert wait_for_answer(qtbot, fullbore).strip()
        assert "guide_done = true" in home.ui_toml.read_text("utf-8")

        # The next time it is the chat that comes.
        with window(qapp, home, first_run=True) as fullbore:
            models = fullbore.screens.models
            qtbot.waitUntil(lambda: models.shelf_known, timeout=20_000)
            assert not fullbore.screens.guide.open


def press_enter(fullbore: Fullbore) -> None:
    """Upon whatever has the keyboard."""
    focused = fullbore.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Return)
