"""A choice with its pin: automatic until a hand moves it, or the pin is pressed."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget
from typing_extensions import override

from app.theme.icons import icon
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.widgets.arranging import column, label, row
from app.widgets.icon_button import IconButton

_SIDE = 24


class PinButton(IconButton):
    """Shows whether a choice is the person's, and asks to turn that round."""

    def __init__(self, name: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self._name = name
        self._tokens = tokens
        self._told = False
        self.setCheckable(True)
        self.setFixedSize(_SIDE, _SIDE)
        self._say()

    def show_pinned(self, *, pinned: bool) -> None:
        """Whether it is pinned."""
        self.setChecked(pinned)  # a press has toggled it already; the wish has the last word
        if pinned != self._told:
            self._say()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._say()

    def _say(self) -> None:
        self._told = pinned = self.isChecked()
        says = self.tr("{0}: automatic. Press to keep it as it is")
        if pinned:
            says = self.tr("{0}: pinned. Press to let Fullbore choose")
        self.say(says.format(self._name))
        colour = self._tokens.accent if pinned else self._tokens.faint
        self.setIcon(icon("pin", colour))


class Pinned(QWidget):
    """A name, a pin and the field below them."""

    pressed = Signal()  # the pin

    def __init__(
        self, name: str, field: QWidget, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self.pin = PinButton(name, tokens)
        self._name = label(name, "dim")
        self._pinned = False
        field.setAccessibleName(name)
        spare_wheel(field)
        self.setLayout(column(row(self._name, None, self.pin, spacing=4), field, spacing=2))
        self.pin.clicked.connect(self._press)

    def show_pinned(self, *, pinned: bool) -> None:
        """Whether the person chose it."""
        self.pin.show_pinned(pinned=pinned)
        if pinned != self._pinned:
            self._pinned = pinned
            set_dress(self._name, "role", "pinned" if pinned else "dim")

    def _press(self) -> None:
        self.pressed.emit()


class _WheelGuard(QObject):
    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.Wheel
            and isinstance(watched, QComboBox | QAbstractSpinBox)
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def spare_wheel(field: QWidget) -> None:
    """A wheel that passes over this field scrolls the page, and changes nothing."""
    field.installEventFilter(_WheelGuard(field))
