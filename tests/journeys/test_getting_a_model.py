"""A person finds a model, sees how it would run, brings it through two kills, and talks to it."""

import hashlib
from pathlib import Path

import psutil
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import Fullbore
from engine.config import EngineConfig, Home, write_config
from engine.download.values import DownloadPhase
from tests.journeys.windows import answer, ask, wait_for_answer, wait_for_model, window
from tests.support.hub import Hub

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

REPOSITORY = "maker/SmolLM2-135M-Instruct-GGUF"


def test_that_a_model_is_found_chosen_brought_through_two_kills_and_spoken_to(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, model_file: Path
) -> None:
    content = model_file.read_bytes()
    home = Home(tmp_path / "home")
    home.make()
    with Hub() as hub:
        hub.add(REPOSITORY, {model_file.name: content, "README.md": b"# SmolLM2\n\nA small one."})
        hub.faults.line_bytes_per_second = 40e6
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        with window(qapp, home) as fullbore:
            discover, picker = fullbore.screens.discover, fullbore.screens.picker
            qtbot.waitUntil(lambda: fullbore.screens.models.shelf_known, timeout=20_000)

            # Search, and open what is found.
            QTest.keyClicks(fullbore.window.open_discover().sieve.search, "smol")
            qtbot.waitUntil(
                lambda: [find.hit.id for find in discover.finds_list.rows] == [REPOSITORY],
                timeout=20_000,
            )
            discover.open(REPOSITORY)

            # Before a byte of weights is here, the row says how it would run.
            qtbot.waitUntil(lambda: picker.advised is not None, timeout=20_000)
            offer = picker.advised
            assert offer is not None
            assert offer.plan is not None
            assert offer.plan.fits
            assert offer.plan.pace.decode_tps.expected > 0
            assert hub.served_bytes < len(content) // 4

            # Bring it, through two kills.
            picker.act(offer)
            for share in (0.2, 0.6):
                qtbot.waitUntil(lambda least=share: arrived(fullbore) > least, timeout=60_000)
                transfer().kill()
            qtbot.waitUntil(lambda: picker.offers[0].model is not None, timeout=60_000)
            assert phase(fullbore) is DownloadPhase.DONE
            place = home.models / REPOSITORY / model_file.name
            assert digest(place.read_bytes()) == digest(content)
            assert hub.served_bytes <= 1.25 * len(content)  # small: a kill costs whole blocks

            # Talk to it.
            picker.act(picker.offers[0])
            wait_for_model(qtbot, fullbore)
            ask(fullbore, "Say hello.")
            qtbot.waitUntil(lambda: len(answer(fullbore)) > 3, timeout=40_000)
            fullbore.screens.chat.stop()
            assert wait_for_answer(qtbot, fullbore).strip()


def arrived(fullbore: Fullbore) -> float:
    """The share of the one transfer that is here."""
    rows = fullbore.screens.downloads.downloads
    return rows[0].received_bytes / max(1, rows[0].total_bytes) if rows else 0.0


def phase(fullbore: Fullbore) -> DownloadPhase:
    (row,) = fullbore.screens.downloads.downloads
    return row.phase


def transfer() -> psutil.Process:
    """The one process of ours that brings files."""
    (found,) = [
        child
        for child in psutil.Process().children(recursive=True)
        if "engine.download" in child.cmdline()
    ]
    return found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
