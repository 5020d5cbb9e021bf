"""A person opens the window, asks, stops, asks again, comes back, and finds it all."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from openai import OpenAI
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.chat import Role
from tests.journeys.windows import answer, ask, wait_for_answer, wait_for_model, window
from tests.support.homes import home_with

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]


def test_that_a_conversation_streams_stops_goes_on_and_is_found_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, model_file: Path
) -> None:
    home = home_with(model_file, tmp_path / "home")
    with window(qapp, home) as fullbore:
        composer = fullbore.window.composer
        wait_for_model(qtbot, fullbore)

        # A long answer streams, while another program streams from the port.
        ask(fullbore, "Write a very long story about a lighthouse.")
        qtbot.waitUntil(lambda: len(answer(fullbore)) > 40, timeout=20_000)
        address = fullbore.screens.server.address
        assert address is not None
        with ThreadPoolExecutor(1, "openai client") as pool:
            streaming = pool.submit(_stream_from, address)
            qtbot.waitUntil(streaming.done, timeout=40_000)
        assert streaming.result().strip()

        # Escape stops it; what arrived is kept.
        if fullbore.screens.chat.busy:
            QTest.keyClick(composer.edit, Qt.Key.Key_Escape)
        first = wait_for_answer(qtbot, fullbore)
        assert len(first) > 40

        # The next question is answered with the first in mind.
        ask(fullbore, "Say hello.")
        qtbot.waitUntil(lambda: len(answer(fullbore)) > 3, timeout=20_000)
        if fullbore.screens.chat.busy:
            QTest.keyClick(composer.edit, Qt.Key.Key_Escape)
        assert wait_for_answer(qtbot, fullbore).strip()
        said = fullbore.screens.chat.messages
        assert [message.role for message in said] == [Role.USER, Role.ASSISTANT] * 2

    with window(qapp, home) as fullbore:
        qtbot.waitUntil(lambda: len(fullbore.screens.chat.messages) == 4, timeout=10_000)
        assert fullbore.screens.chats.chats[0].title.startswith("Write a very long story")
        assert [m.content for m in fullbore.screens.chat.messages] == [m.content for m in said]


def test_that_an_answer_goes_on_where_its_worker_was_killed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, model_file: Path
) -> None:
    home = home_with(model_file, tmp_path / "home")
    with window(qapp, home) as fullbore:
        wait_for_model(qtbot, fullbore)
        ask(fullbore, "Write a very long story about a lighthouse.")
        qtbot.waitUntil(lambda: len(answer(fullbore)) > 20, timeout=20_000)

        killed = worker()
        killed.kill()
        partial = answer(fullbore)
        qtbot.waitUntil(lambda: len(answer(fullbore)) > len(partial) + 20, timeout=60_000)
        assert answer(fullbore).startswith(partial)
        assert worker().pid != killed.pid
        assert fullbore.screens.chat.messages[-1].failure is None
        assert fullbore.window.isVisible()


def worker() -> psutil.Process:
    """The one process of ours that runs the model; one that only counts tokens is far smaller."""
    found = [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE and "engine.worker" in child.cmdline()
    ]
    return max(found, key=lambda child: child.memory_info().rss)


def _stream_from(address: str) -> str:
    with OpenAI(base_url=f"{address}/v1", api_key="none", timeout=30) as client:
        (model,) = client.models.list().data
        text = ""
        with client.chat.completions.create(
            model=model.id,
            messages=[{"role": "user", "content": "Name three colours."}],
            max_tokens=24,
            stream=True,
        ) as chunks:
            for chunk in chunks:
                text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
    return text
