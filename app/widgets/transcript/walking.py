"""The canvas by keyboard: between messages, through targets, up and down."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSlider, QToolTip
from typing_extensions import override

from app.widgets.transcript.look import Verb
from app.widgets.transcript.selecting import SelectingCanvas
from app.widgets.transcript.spot import Spot

SIDEWAYS_STEP = 40.0


class WalkingCanvas(SelectingCanvas):
    """A canvas for those who use no mouse.

    Alt with an arrow, or J and K, go from message to message; Tab goes through what can be acted
    on, the chosen message's verbs first.
    """

    def go_to(self, index: int) -> None:
        """Choose a message and bring it into view."""
        if not self.column.entries:
            return
        self.current = min(max(0, index), len(self.column.entries) - 1)
        self.focused = None
        last = self.current == len(self.column.entries) - 1
        self.reveal(self.current)
        if last:
            self.settle()
        self.viewport().update()

    def walk(self, step: int) -> None:
        """Choose the next message, or the one before."""
        if self.current is not None:
            self.go_to(self.current + step)
            return
        seen = self.visible_entries()
        if seen:
            self.go_to(seen[-1] if step < 0 else seen[0])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Escape and self._let_go():
            pass
        elif not (
            self._walk_by_key(event)
            or self._act_by_key(event.key())
            or self._scroll_by_key(event.key())
        ):
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        spots = self._stops()
        at = spots.index(self.focused) if self.focused in spots else None
        before = -1 if next else len(spots)
        following = (before if at is None else at) + (1 if next else -1)
        self.focused = spots[following] if 0 <= following < len(spots) else None
        self.viewport().update()
        if self.focused is None:
            QToolTip.hideText()
            return super().focusNextPrevChild(next)
        self._say_focused()
        return True

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.focused = None
        self.viewport().update()
        super().focusOutEvent(event)

    def _stops(self) -> list[Spot]:
        """What Tab goes through: a chosen message's targets, else all in view."""
        seen = [spot for spot, _ in self.spots()]
        if self.current is None:
            return seen
        mine = [spot for spot in seen if spot.entry == self.current]
        # What can be done with the message comes before the links in it.
        return sorted(mine, key=lambda spot: not isinstance(spot.target, Verb))

    def _say_focused(self) -> None:
        """Icons say in words what they do, to the keyboard as to the pointer."""
        for spot, place in self.spots():
            if spot == self.focused:
                below = self.viewport().mapToGlobal(place.bottomLeft().toPoint())
                QToolTip.showText(below, self.says(spot), self)

    def _let_go(self) -> bool:
        if self.selection is None and self.current is None and self.lit is None:
            return False
        self.selection = self.current = self.lit = None
        self.viewport().update()
        return True

    def _walk_by_key(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        alt = held == Qt.KeyboardModifier.AltModifier
        key = event.key()
        if (alt and key == Qt.Key.Key_Up) or (not held and key == Qt.Key.Key_K):
            self.walk(-1)
        elif (alt and key == Qt.Key.Key_Down) or (not held and key == Qt.Key.Key_J):
            self.walk(1)
        else:
            return False
        return True

    def _act_by_key(self, key: int) -> bool:
        if self.focused is None:
            return False
        match key:
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.activated.emit(self.focused)
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
        self.current = None
        self.verticalScrollBar().triggerAction(action)
        if key == Qt.Key.Key_End:
            self.follow()
        return True
