"""A row divided among owners, with grips at the boundaries that move by whole steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_HEIGHT = 34
_ROUND = 7
_GRIP = 14
_LEAP = 8
_CELL = 6.0  # pixels below which single steps are not drawn
_PADDING = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One owner's part: how wide, in what colour, and what is written on it, longest first."""

    size: float
    colour: QColor
    ink: QColor
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grip:
    """A boundary at `origin + value * unit` of the row's total, movable from `least` to `most`."""

    name: str
    says: str
    value: int
    least: int
    most: int
    origin: float = 0.0
    unit: float = 1.0


class DividedRow(QWidget):
    """Shows the stretches, and asks for every move of a grip by mouse or by keys."""

    moved = Signal(int, int)  # the grip's number, the value wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total = 1.0
        self._stretches: tuple[Stretch, ...] = ()
        self._grips: tuple[Grip, ...] = ()
        self.handles: list[GripHandle] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_row(self, total: float, stretches: Sequence[Stretch], grips: Sequence[Grip]) -> None:
        """Show this division. Grips that were there before stay the same widgets, and in hand."""
        self._total = max(1.0, total)
        self._stretches, self._grips = tuple(stretches), tuple(grips)
        while len(self.handles) > len(grips):
            self.handles.pop().deleteLater()
        while len(self.handles) < len(grips):
            self.handles.append(GripHandle(self, len(self.handles)))
        for handle, grip in zip(self.handles, grips, strict=True):
            handle.show_grip(grip)
        self._place()
        self.update()

    def value_at(self, number: int, x: float) -> int:
        """The value of that grip were it at this distance from the left."""
        grip = self._grips[number]
        steps = (x / max(1, self.width()) * self._total - grip.origin) / (grip.unit or 1.0)
        return max(grip.least, min(grip.most, round(steps)))

    def want(self, number: int, value: int) -> None:
        """Ask for that value, if the grip may go there and is not."""
        grip = self._grips[number]
        wanted = max(grip.least, min(grip.most, value))
        if wanted != grip.value:
            self.moved.emit(number, wanted)

    def neighbour(self, number: int, direction: int) -> int:
        """Of grips that lie on one spot, the one that can move that way."""
        while 0 <= number + direction < len(self._grips):
            if self._x(self._grips[number + direction]) != self._x(self._grips[number]):
                break
            number += direction
        return number

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _ROUND, _ROUND)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Midlight))
        left, step = 0.0, self.width() / self._total
        for stretch in self._stretches:
            box = QRectF(left, 0, stretch.size * step, self.height())
            painter.fillRect(box, stretch.colour)
            self._paint_cells(painter, box, step)
            self._paint_words(painter, box, stretch)
            left = box.right()

    def _paint_cells(self, painter: QPainter, box: QRectF, step: float) -> None:
        if step < _CELL:
            return
        line = self.palette().color(QPalette.ColorRole.Window)
        line.setAlphaF(0.35)
        painter.setPen(QPen(line, 1))
        x = box.left() + step
        while x < box.right() - 1:
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            x += step

    def _paint_words(self, painter: QPainter, box: QRectF, stretch: Stretch) -> None:
        metrics, room = painter.fontMetrics(), box.width() - 2 * _PADDING
        fitting = [words for words in stretch.says if metrics.horizontalAdvance(words) <= room]
        if fitting:
            painter.setPen(stretch.ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, fitting[0])

    def _x(self, grip: Grip) -> float:
        return self.width() * (grip.origin + grip.value * grip.unit) / self._total

    def _place(self) -> None:
        for handle, grip in zip(self.handles, self._grips, strict=True):
            left = round(self._x(grip) - _GRIP / 2)
            handle.setGeometry(max(0, min(self.width() - _GRIP, left)), 0, _GRIP, self.height())
            handle.raise_()


class GripHandle(QWidget):
    """One boundary: drag it, or move it by arrows, eight steps with Shift, Home and End."""

    def __init__(self, divided: DividedRow, number: int) -> None:
        super().__init__(divided)
        self._row, self._number = divided, number
        self._grip: Grip | None = None
        self._held: int | None = None  # which grip the hand took
        self._start = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.show()

    def show_grip(self, grip: Grip) -> None:
        """Be that boundary."""
        if grip != self._grip:
            self._grip = grip
            self.setAccessibleName(grip.name)
            self.setAccessibleDescription(grip.says)
            self.setToolTip(f"{grip.name}\n{grip.says}")
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(4, 3, -4, -3)
        lit = self.hasFocus() or self.underMouse() or self._held is not None
        palette = self.palette()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Window), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.WindowText))
        if not lit:
            painter.setOpacity(0.85)
        painter.drawRoundedRect(box, 3, 3)
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        grip = self._grip
        if grip is None:
            return
        leap = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self._row.want(self._number, grip.value - leap)
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self._row.want(self._number, grip.value + leap)
            case Qt.Key.Key_Home:
                self._row.want(self._number, grip.least)
            case Qt.Key.Key_End:
                self._row.want(self._number, grip.most)
            case _:
                super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._start = self._at(event)
            self._held = self._number

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None or self._held >= len(self._row.handles):
            return
        x = self._at(event)
        if self._held == self._number and x != self._start:
            self._held = self._row.neighbour(self._number, 1 if x > self._start else -1)
        self._row.want(self._held, self._row.value_at(self._held, x))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self.update()

    def _at(self, event: QMouseEvent) -> float:
        return self.mapTo(self._row, event.position()).x()
