"""Rows, columns, labels and cards in one line each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

Margins = tuple[int, int, int, int]
_NONE: Margins = (0, 0, 0, 0)


def row(
    *things: QWidget | QLayout | None, margins: Margins = _NONE, spacing: int = 8
) -> QHBoxLayout:
    """Side by side; None is a stretch."""
    layout = QHBoxLayout()
    _fill(layout, things, margins, spacing)
    return layout


def column(
    *things: QWidget | QLayout | None, margins: Margins = _NONE, spacing: int = 8
) -> QVBoxLayout:
    """One below the other; None is a stretch."""
    layout = QVBoxLayout()
    _fill(layout, things, margins, spacing)
    return layout


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text in the dress of that role."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def card(layout: QLayout) -> QFrame:
    """A rounded frame around that layout."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    frame.setLayout(layout)
    return frame


def _fill(
    layout: QHBoxLayout | QVBoxLayout,
    things: tuple[QWidget | QLayout | None, ...],
    margins: Margins,
    spacing: int,
) -> None:
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for thing in things:
        match thing:
            case None:
                layout.addStretch(1)
            case QWidget():
                layout.addWidget(thing)
            case QLayout():
                layout.addLayout(thing)
