"""What holds itself alive ends on Qt's thread."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.collecting import Collecting


class Tied(QObject):
    """Holds itself alive, with a timer that runs."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer()
        self.timer.start(10_000)


def leave_garbage() -> None:
    """So much that Python by itself would collect, old things too."""
    kept: list[list[object]] = []
    for _ in range(200_000):
        tied: list[object] = []
        tied.append(tied)
        kept.append(tied)


def test_that_another_thread_collects_nothing_and_this_one_does(
    qtbot: QtBot, qapp: QApplication
) -> None:
    gc.enable()
    collecting = Collecting()
    ended: list[int] = []
    weakref.finalize(Tied(), lambda: ended.append(threading.get_ident()))
    with ThreadPoolExecutor(1) as engine:
        engine.submit(leave_garbage).result()
    assert ended == []
    qtbot.waitUntil(lambda: ended == [threading.get_ident()])
    collecting.close()
    assert gc.isenabled()


def test_that_it_stays_off_where_somebody_else_collects(qapp: QApplication) -> None:
    gc.disable()
    collecting = Collecting()
    collecting.close()
    collecting.close()
    assert not gc.isenabled()
    gc.enable()
