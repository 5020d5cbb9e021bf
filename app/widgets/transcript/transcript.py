"""The conversation as the window holds it: what is shown, pointed at, selected and copied."""

from collections.abc import Sequence
from time import monotonic, thread_time

from PySide6.QtCore import QBasicTimer, QEvent, QPointF, Qt, QTimer, QTimerEvent, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QMenu, QToolTip, QWidget
from typing_extensions import override

from app.text.blocks import LINK_SCHEMES
from app.text.shown import Shown
from app.widgets.transcript.answer import Answer
from app.widgets.transcript.canvas import Canvas, Spot
from app.widgets.transcript.entry import Entry
from app.widgets.transcript.look import CopyCode, Link, Toggle
from app.widgets.transcript.selection import Place, Selection, everything, text_of

COPIED_SHOWN_MS = 1500
AUTOSCROLL_MS = 40
SIDEWAYS_STEP = 40.0
# A look that took longer than this makes the next one wait: the window comes first.
CHEAP_LOOK_S = 0.008
DESCRIBED_LETTERS = 4000


class Transcript(Canvas):
    """Messages of a conversation, one of them perhaps still growing."""

    link_clicked = Signal(str)
    copied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Conversation"))
        self._answer: Answer | None = None
        self._look_at = 0.0
        self._look_later = QTimer(self, singleShot=True)
        self._look_later.timeout.connect(lambda: self.feed("", ""))
        self._anchor: Place | None = None
        self._pressed: Spot | None = None
        self._pointer = QPointF()
        self._autoscroll = QBasicTimer()
        self._copied_shown = QTimer(self, singleShot=True, interval=COPIED_SHOWN_MS)
        self._copied_shown.timeout.connect(self._forget_copied)

    # What is shown

    def set_messages(self, messages: Sequence[Shown]) -> None:
        """Show another conversation, from its end."""
        self._answer = None
        self.selection = self.hovered = self.focused = self.copied_spot = None
        self._anchor = self._pressed = None
        self.column.show([Entry(message) for message in messages])
        self._describe()
        self.follow()

    def append(self, message: Shown) -> None:
        """One more message; the reader's own brings the end into view."""
        self.column.append(Entry(message))
        self._describe()
        if message.role == "user":
            self.follow()
        else:
            self.settle()

    def begin_answer(self) -> None:
        """An answer is about to arrive."""
        self._answer = Answer()
        self._look_at = 0.0
        self.column.append(self._answer.entry)
        self.settle()

    def feed(self, answer: str, reasoning: str) -> None:
        """What has arrived of the answer since the last time."""
        if self._answer is None:
            return
        now = monotonic()
        if now < self._look_at:
            self._answer.feed(answer, reasoning, look=False)
            self._look_later.start(round((self._look_at - now) * 1000) + 1)
            return
        began = thread_time()
        self._answer.feed(answer, reasoning)
        self.settle()
        self._look_at = now + 4 * max(0.0, thread_time() - began - CHEAP_LOOK_S)

    def end_answer(self, statistics: str) -> None:
        """The answer is complete."""
        self._end(statistics=statistics)

    def show_failure(self, sentence: str) -> None:
        """The answer, or what should have become one, ends with a failure."""
        if self._answer is None:
            self.append(Shown(role="assistant", content="", failure=sentence))
        else:
            self._end(failure=sentence)

    def selected_text(self) -> str:
        """What is selected, across messages."""
        return text_of(self.selection, self.column, self.look) if self.selection else ""

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        self._put(self.selected_text())

    def select_all(self) -> None:
        """Select the whole conversation."""
        self.selection = everything(self.column)
        self.viewport().update()

    def _end(self, *, statistics: str = "", failure: str = "") -> None:
        if self._answer is None:
            return
        self._answer.finish(statistics=statistics, failure=failure)
        self._answer = None
        self._describe()
        self.settle()
        if QAccessible.isActive():
            said = self.column.entries[-1].text[:DESCRIBED_LETTERS]
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def speaker(self, entry: Entry) -> str:
        """Who says it, for those who hear the conversation."""
        return self.tr("You") if entry.shown.role == "user" else self.tr("Answer")

    def _describe(self) -> None:
        last = self.column.entries[-1].text if self.column.entries else ""
        self.setAccessibleDescription(last[:DESCRIBED_LETTERS])

    # Acting on things

    def activate(self, spot: Spot) -> None:
        """Do what a click on it does."""
        match spot.target:
            case Link(address):
                if address.lower().startswith(LINK_SCHEMES):
                    self.link_clicked.emit(address)
            case CopyCode(text):
                self._put(text)
                self.copied_spot = spot
                self._copied_shown.start()
            case Toggle():
                self.column.entries[spot.entry].toggle_reasoning()
                self.stay()
            case target:
                if self.column.entries[spot.entry].parts[spot.part].activate(target):
                    self.column.entries[spot.entry].changed()
                    self.stay()
        self.viewport().update()

    def _put(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit()

    def _forget_copied(self) -> None:
        self.copied_spot = None
        self.viewport().update()

    # Pointing

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
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
        if not self._has_selection() and self.spot_at(event.position()) == pressed:
            self.activate(pressed)

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
        self.hovered = None
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
            spot = self.spot_at(QPointF(event.pos()))
            says = spot.target.address if spot and isinstance(spot.target, Link) else ""
            QToolTip.showText(event.globalPos(), says, self)
            return True
        return super().viewportEvent(event)

    def _select_to(self, point: QPointF) -> None:
        place = self.place_at(point)
        if self._anchor is not None and place is not None:
            self.selection = Selection(self._anchor, place)
            self.viewport().update()

    def _has_selection(self) -> bool:
        return self.selection is not None and self.selection.anchor != self.selection.head

    def _hover(self, point: QPointF) -> None:
        spot = self.spot_at(point)
        if spot != self.hovered:
            self.hovered = spot
            self.viewport().update()
        part = self.part_at(point)
        if spot is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif part is not None and part.length:
            shape = Qt.CursorShape.IBeamCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    # The keyboard

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Escape and self.selection is not None:
            self.selection = None
            self.viewport().update()
        elif not (self._act_by_key(event.key()) or self._scroll_by_key(event.key())):
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        spots = [spot for spot, _ in self.spots()]
        at = spots.index(self.focused) if self.focused in spots else None
        before = -1 if next else len(spots)
        following = (before if at is None else at) + (1 if next else -1)
        self.focused = spots[following] if 0 <= following < len(spots) else None
        self.viewport().update()
        return True if self.focused else super().focusNextPrevChild(next)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.focused = None
        self.viewport().update()
        super().focusOutEvent(event)

    def _act_by_key(self, key: int) -> bool:
        if self.focused is None:
            return False
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.activate(self.focused)
                return True
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                step = SIDEWAYS_STEP if key == Qt.Key.Key_Right else -SIDEWAYS_STEP
                part = self.column.entries[self.focused.entry].parts[self.focused.part]
                self.viewport().update()
                return part.scroll_by(step)
            case _:
                return False

    def _scroll_by_key(self, key: int) -> bool:
        actions = {
            Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
            Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
            Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
            Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
            Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
            Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
        }
        action = actions.get(Qt.Key(key))
        if action is None:
            return False
        self.verticalScrollBar().triggerAction(action)
        return True

    # The menu

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = QPointF(event.pos())
        menu = self.menu_at(point)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_at(self, point: QPointF) -> QMenu:
        """What can be done at a point of the viewport."""
        menu = QMenu(self)
        copy = menu.addAction(self.tr("Copy"))
        copy.setEnabled(self._has_selection())
        copy.triggered.connect(self.copy)
        spot = self.spot_at(point)
        if spot is not None and isinstance(spot.target, Link):
            address = spot.target.address
            menu.addAction(self.tr("Copy link")).triggered.connect(lambda: self._put(address))
        place = self.place_at(point)
        if place is not None:
            message = self.column.entries[place.entry].text
            menu.addAction(self.tr("Copy message")).triggered.connect(lambda: self._put(message))
        menu.addSeparator()
        menu.addAction(self.tr("Select all")).triggered.connect(self.select_all)
        return menu
