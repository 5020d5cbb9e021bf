"""Qt gives back every `None` it takes.

PySide6 6.12.0 lost a reference for each call; on Python < 3.12, where `None` is mortal, that ends
the process.
"""

import gc
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

CALLS = 300
NAMES = (
    "label",
    "widget",
    "painter",
    "path",
    "document",
    "cursor",
    "scroll bar",
    "timer",
    "signal",
    "events",
)


class Bell(QObject):
    """Rings."""

    rung = Signal(str)


@pytest.mark.parametrize("name", NAMES)
def test_that_qt_gives_back_every_none_it_takes(qtbot: QtBot, name: str) -> None:
    widget, label, bar = QWidget(), QLabel(), QScrollBar()
    for one in (widget, label, bar):
        qtbot.addWidget(one)
    document, path, timer, bell = QTextDocument("words"), QPainterPath(), QTimer(), Bell()
    heard: list[str] = []
    bell.rung.connect(heard.append)
    picture = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    calls: dict[str, Callable[[], object]] = {
        "label": lambda: label.setText("x"),
        "widget": lambda: (widget.update(), widget.setToolTip("a"), widget.setVisible(False)),
        "painter": lambda: (
            painter.save(),
            painter.fillRect(QRectF(0, 0, 2, 2), QColor("red")),
            painter.translate(1.0, 1.0),
            painter.drawRoundedRect(QRectF(0, 0, 3, 3), 1, 1),
            painter.restore(),
        ),
        "path": lambda: (path.moveTo(QPointF(1, 2)), path.lineTo(QPointF(1, 2))),
        "document": lambda: (document.setTextWidth(100), document.drawContents(painter)),
        "cursor": lambda: (
            QTextCursor(document).insertText(""),
            QTextCursor(document).setPosition(0),
        ),
        "scroll bar": lambda: (bar.setRange(0, 9), bar.setValue(3), bar.setValue(0)),
        "timer": lambda: (timer.start(100_000), timer.stop()),
        "signal": lambda: bell.rung.emit("x"),
        "events": QApplication.processEvents,
    }
    act = calls[name]
    act()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        act()
    gc.collect()
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < CALLS // 3
