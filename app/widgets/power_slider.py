"""A slider whose ticks are powers of two."""

from math import log2

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget
from typing_extensions import override

_STEPS = 4  # to the next power
_WORDS = 16  # pixels for the words below
_LABEL_ROOM = 44


class PowerSlider(QSlider):
    """From `least` to `most`, both powers of two or near; four steps double the value."""

    chosen = Signal(int)  # by a hand

    def __init__(self, least: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._least, self._most = least, most
        self._quiet = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(1)
        self.setPageStep(_STEPS)
        self.set_most(most)
        self.valueChanged.connect(self._tell)

    def set_most(self, most: int) -> None:
        """The greatest value from now on."""
        self._most = max(self._least * 2, most)
        self._quiet = True
        self.setRange(0, round(log2(self._most / self._least) * _STEPS))
        self._quiet = False
        self.update()

    def show_value(self, value: int) -> None:
        """Stand near that value, without telling."""
        self._quiet = True
        self.setValue(round(log2(max(self._least, value) / self._least) * _STEPS))
        self._quiet = False

    @override
    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(0, _WORDS)

    @override
    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(0, _WORDS)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:  # the page behind scrolls
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        octaves = self.maximum() // _STEPS
        step = self.width() / max(1, octaves)
        every = max(1, round(_LABEL_ROOM / max(1.0, step) + 0.5))
        for octave in range(0, octaves + 1, every):
            x = self._x(octave * _STEPS)
            painter.drawLine(round(x), self.height() - _WORDS, round(x), self.height() - _WORDS + 2)
            box = QRectF(x - 20, self.height() - _WORDS + 2, 40, _WORDS - 2)
            if box.left() < 0:
                box.moveLeft(0)
            if box.right() > self.width():
                box.moveRight(self.width())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _short(self._least << octave))

    def _x(self, position: int) -> float:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        knob = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        span = self.width() - knob
        return knob / 2 + span * position / max(1, self.maximum())

    def _tell(self, position: int) -> None:
        if self._quiet:
            return
        octave, rest = divmod(position, _STEPS)
        value = self._least << octave
        exact = value + value * rest // _STEPS  # between powers in equal parts, round numbers
        self.chosen.emit(min(self._most, exact))


def _short(value: int) -> str:
    return f"{value // 1024}k" if value >= 1024 else str(value)
