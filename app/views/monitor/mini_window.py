"""A small window above all others: how full and warm each card is, and how fast answers come."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from app.presenters.machine import MachinePresenter
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views import words
from app.views.icons import icon_button, recolour
from app.views.monitor.tray import Gauge, colour_for, gauges
from app.widgets.arranging import card, column, label, row
from app.widgets.meter_bar import MeterBar, MeterPart

_WIDTH = 250


class MiniWindow(QWidget):
    """Dragged by any of its parts. Escape and its cross hide it."""

    dismissed = Signal()
    main_wanted = Signal()

    def __init__(self, machine: MachinePresenter, tokens: Tokens) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint,
        )
        # Fullbore ends with its window, though this one be there.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setWindowTitle("Fullbore")
        self.setAccessibleName(self.tr("Small monitor"))
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._machine = machine
        self._tokens = tokens
        self._lines: list[_Line] = []
        self._drag: QPoint | None = None
        self._speed = label("", "title")
        self.close_button = icon_button("x", self.tr("Hide the small monitor"))
        self.close_button.clicked.connect(self._dismiss)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        head = row(self._speed, None, self.close_button, spacing=4)
        inside = card(column(head, self._grid, margins=(12, 6, 10, 10), spacing=4))
        self.setLayout(column(inside))
        machine.changed.connect(self._follow)
        self.wear(tokens)

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join([self._speed.text(), *(line.words for line in self._lines)])

    def stand_at(self, place: tuple[int, int] | None) -> None:
        """Go there if a screen still has that place; else into the corner of the main one."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        corner = QPoint(room.right() - self.sizeHint().width() - 24, room.top() + 24)
        if place is not None:
            wanted = QRect(QPoint(*place), self.sizeHint())
            for screen in QGuiApplication.screens():
                if screen.availableGeometry().contains(wanted.center()):
                    corner = wanted.topLeft()
        self.move(corner)

    def wear(self, tokens: Tokens) -> None:
        """Another look, or letters of another size."""
        self._tokens = tokens
        self.setFixedWidth(scaled(_WIDTH))
        recolour(self, tokens)
        self._follow()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        # Wayland lets nobody but the compositor move a window.
        if not self.windowHandle().startSystemMove():
            self._drag = event.globalPosition().toPoint() - self.pos()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self.move(event.globalPosition().toPoint() - self._drag)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.main_wanted.emit()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self._drag = None
        super().hideEvent(event)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _follow(self) -> None:
        streams = self._machine.streams
        if streams is None:
            self._speed.setText(self.tr("No model"))
        elif streams.streams:
            self._speed.setText(words.speed(streams.decode_tps))
        else:
            self._speed.setText(self.tr("Idle"))
        known = gauges(self._machine.reading)
        while len(self._lines) > len(known):
            self._lines.pop().leave()
        while len(self._lines) < len(known):
            self._lines.append(_Line(self._grid, len(self._lines)))
        for line, gauge in zip(self._lines, known, strict=True):
            line.show(gauge, self._tokens)
        self.adjustSize()


class _Line:
    """A row of the grid: a name, a bar, numbers."""

    def __init__(self, grid: QGridLayout, place: int) -> None:
        self._name, self._bar, self._says = label("", "dim"), MeterBar(height=10), QLabel()
        for at, part in enumerate((self._name, self._bar, self._says)):
            grid.addWidget(part, place, at)

    @property
    def words(self) -> str:
        return f"{self._name.text()} {self._says.text()}"

    def show(self, gauge: Gauge, tokens: Tokens) -> None:
        self._name.setText(gauge.name)
        colour = colour_for(gauge.fraction, tokens)
        self._bar.set_parts((MeterPart(fraction=gauge.fraction, colour=colour),))
        self._bar.setAccessibleName(f"{gauge.name} {gauge.says}")
        self._says.setText(gauge.says)

    def leave(self) -> None:
        for part in (self._name, self._bar, self._says):
            part.hide()
            part.deleteLater()
