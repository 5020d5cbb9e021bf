"""Pointing at the canvas: hovering, clicking, selecting, scrolling sideways."""

from PySide6.QtCore import QBasicTimer, QEvent, QPointF, Qt, QTimerEvent, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.text.mathematics.formulas import Formula
from app.widgets.transcript.look import Link
from app.widgets.transcript.painted import PaintedCanvas
from app.widgets.transcript.picture_part import PicturePart
from app.widgets.transcript.selection import Place, Selection, everything
from app.widgets.transcript.spot import Spot

AUTOSCROLL_MS = 40


class SelectingCanvas(PaintedCanvas):
    """A canvas for the mouse."""

    activated = Signal(object)  # Spot: do what a click on it does

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor: Place | None = None
        self._pressed: Spot | None = None
        self._pointer = QPointF()
        self._autoscroll = QBasicTimer()
        self.pictures.arrived.connect(self._picture_came)

    def _picture_came(self) -> None:
        for entry in self.column.entries:
            for part in entry.parts:
                if isinstance(part, PicturePart):
                    part.is_stale = True
                    entry.changed()
        self.settle()

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self.selection is not None and self.selection.anchor != self.selection.head

    def select_all(self) -> None:
        """Select the whole conversation."""
        self.selection = everything(self.column)
        self.viewport().update()

    def forget_pointing(self) -> None:
        """Another conversation is shown: nothing of the last one is pointed at."""
        self.selection = self.hovered = self.focused = self.copied_spot = None
        self.pointed = self.current = self.lit = None
        self._anchor = self._pressed = None

    def forget_parts(self, index: int) -> None:
        """A message has other parts now: what pointed into it points nowhere."""
        self.hovered = self.focused = self.copied_spot = None
        chosen = self.selection
        if chosen is not None and index in {chosen.start.entry, chosen.end.entry}:
            self.selection = self._anchor = None

    def formula_at(self, point: QPointF) -> Formula | None:
        """The formula at a point of the viewport."""
        found = self.nearest(point)
        return found[2].formula_at(found[3]) if found is not None else None

    def says_at(self, point: QPointF) -> str:
        """What is said of the target under a point of the viewport."""
        spot = self.spot_at(point)
        return self.says(spot) if spot is not None else ""

    def says(self, spot: Spot) -> str:
        """What is said of a target."""
        if isinstance(spot.target, Link):
            return spot.target.address
        return self.column.entries[spot.entry].parts[spot.part].says(spot.target)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.current = None
        place = self.place_at(event.position())
        self._pressed = self.spot_at(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor and place:
            self.selection = Selection(self._anchor, place)
        else:
            self._anchor = place
            self.selection = None
        self.viewport().update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor:
            self._select_to(self._pointer)
            outside = not self.viewport().rect().contains(self._pointer.toPoint())
            if outside and not self._autoscroll.isActive():
                self._autoscroll.start(AUTOSCROLL_MS, self)
            elif not outside:
                self._autoscroll.stop()
            return
        self._hover(self._pointer)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._autoscroll.stop()
        pressed, self._pressed = self._pressed, None
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None:
            return
        if not self.has_selection and self.spot_at(event.position()) == pressed:
            self.activated.emit(pressed)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        part = self.part_at(event.position())
        if place is None or part is None or self.spot_at(event.position()):
            self.mousePressEvent(event)
            return
        start, end = part.word_at(place.position)
        self._anchor = Place(place.entry, place.part, start)
        self.selection = Selection(self._anchor, Place(place.entry, place.part, end))
        self.viewport().update()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = self.pointed = None
        self.viewport().update()
        super().leaveEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        across = event.pixelDelta().x() or event.angleDelta().x()
        down = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            across, down = across or down, 0
        part = self.part_at(event.position())
        if part is not None and abs(across) > abs(down) and part.scroll_by(-across):
            event.accept()
            self.viewport().update()
            return
        super().wheelEvent(event)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        if event.timerId() != self._autoscroll.timerId():
            super().timerEvent(event)
            return
        height = self.viewport().height()
        y = self._pointer.y()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + round(min(0.0, y) + max(0.0, y - height)))
        self.settle()
        self._select_to(QPointF(self._pointer.x(), min(max(0.0, y), height - 1.0)))

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.says_at(QPointF(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def _select_to(self, point: QPointF) -> None:
        place = self.place_at(point)
        if self._anchor is not None and place is not None:
            self.selection = Selection(self._anchor, place)
            self.viewport().update()

    def _hover(self, point: QPointF) -> None:
        spot = self.spot_at(point)
        pointed = self.entry_at(point)
        if (spot, pointed) != (self.hovered, self.pointed):
            self.hovered, self.pointed = spot, pointed
            self.viewport().update()
        part = self.part_at(point)
        if spot is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif part is not None and part.length:
            shape = Qt.CursorShape.IBeamCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
