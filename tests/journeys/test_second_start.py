"""A second start, as a process of its own, beside the real window or a real `serve`."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Fullbore
from app.views.application import neighbour
from app.views.occupied_dialog import OccupiedDialog
from engine.config import EngineConfig, Home, write_config
from engine.handover.lock import is_owned, read_card
from engine.handover.visitor import hand_over
from tests.journeys.windows import window

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(120),
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
]

WAIT_MS = 40_000
# Nobody listens there: a journey does not ask the world.
QUIET = EngineConfig(serve=False, hub_endpoint="http://127.0.0.1:9")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "our home 中")
    home.make()
    write_config(home.engine_toml, QUIET)
    return home


@pytest.fixture
def fullbore(qtbot: QtBot, qapp: QApplication, home: Home) -> Generator[Fullbore]:
    with window(qapp, home) as opened:
        qtbot.waitUntil(lambda: read_card(home) is not None, timeout=WAIT_MS)
        yield opened


@contextmanager
def process(
    home: Home, *words: str, module: str = "app", **more: str
) -> Generator[subprocess.Popen[str]]:
    environment = {**os.environ, "FULLBORE_HOME": str(home.root), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env={**environment, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def start_again(qtbot: QtBot, home: Home, *words: str) -> None:
    with process(home, *words) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=WAIT_MS)
        assert second.returncode == 0


def test_that_files_and_links_go_to_the_window_that_is_open(
    qtbot: QtBot, fullbore: Fullbore, home: Home, tmp_path: Path
) -> None:
    broken = tmp_path / "not a model 中.gguf"
    broken.write_bytes(b"GGUF, or so it says")
    fullbore.window.showMinimized()
    start_again(qtbot, home, broken.as_uri())
    qtbot.waitUntil(lambda: broken.stem in fullbore.window.banner.sentence, timeout=WAIT_MS)
    assert not fullbore.window.isMinimized()
    start_again(qtbot, home, "fullbore://chat?text=Hello%20%E4%B8%AD")
    edit = fullbore.window.composer.edit
    qtbot.waitUntil(lambda: edit.toPlainText() == "Hello 中", timeout=WAIT_MS)
    start_again(qtbot, home, "fullbore://model/someone/tiny-GGUF:Q4_K_M")
    discover = fullbore.screens.discover
    qtbot.waitUntil(lambda: discover.repository == "someone/tiny-GGUF", timeout=WAIT_MS)
    fullbore.window.hide()
    start_again(qtbot, home)
    qtbot.waitUntil(fullbore.window.isVisible, timeout=WAIT_MS)


def test_that_a_start_with_the_session_leaves_an_open_window_alone(
    qtbot: QtBot, fullbore: Fullbore, home: Home
) -> None:
    fullbore.window.hide()
    start_again(qtbot, home, "--hidden")
    assert not fullbore.window.isVisible()


def test_that_a_link_brings_no_other_words(qtbot: QtBot, fullbore: Fullbore, home: Home) -> None:
    elsewhere = home.root.parent / "elsewhere"
    start_again(qtbot, home, "fullbore://chat?text=a", "--home", str(elsewhere))
    edit = fullbore.window.composer.edit
    qtbot.waitUntil(lambda: edit.toPlainText() == "a", timeout=WAIT_MS)
    assert not elsewhere.exists()


def test_that_what_a_killed_window_left_behind_is_in_nobodys_way(home: Home) -> None:
    home.lock.touch()
    card = {"pid": 2, "port": 9, "token": "gone"}
    home.lock.with_name("engine.door.json").write_text(json.dumps(card), "utf-8")
    assert hand_over(home, ()) is None
    with process(home, "--first-paint") as second:
        said, complaint = second.communicate(timeout=60)
    assert "first paint" in said, complaint
    assert second.returncode == 0


def test_that_a_home_that_cannot_be_ours_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    with process(Home(tmp_path / "file" / "home")) as second:
        assert second.stderr is not None
        # Then a dialog says so, for those who see no terminal.
        assert second.stderr.readline().startswith("Fullbore cannot write to ")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="an administrator may write anywhere"
)
def test_that_somebody_elses_home_is_told_in_a_sentence(home: Home) -> None:
    home.lock.touch()
    home.lock.chmod(0o400)
    home.logs.chmod(0o500)
    with process(home) as second:
        assert second.stderr is not None
        assert second.stderr.readline().startswith("Fullbore cannot write to ")


def test_that_a_window_takes_over_from_a_port_that_ends_in_peace(qtbot: QtBot, home: Home) -> None:
    with process(home, "serve", module="engine") as serving:
        assert serving.stdout is not None
        assert "Fullbore serves at" in serving.stdout.readline()
        start_again(qtbot, home, "--hidden")  # no dialog where the session begins
        met = hand_over(home, ("a.gguf",))
        assert met is not None
        assert not met.took
        assert met.owner is not None
        assert met.owner.holder == "port"
        dialog = OccupiedDialog(neighbour(home), met.owner)
        qtbot.addWidget(dialog)
        dialog.show()
        assert str(met.owner.address) in dialog.says.text()
        dialog.copy.click()
        assert QApplication.clipboard().text() == met.owner.address
        dialog.take_over.click()
        qtbot.waitUntil(
            lambda: dialog.result() == OccupiedDialog.DialogCode.Accepted, timeout=WAIT_MS
        )
        assert serving.wait(20) == 0
    assert not is_owned(home)
