"""Options that stand for one field of a settings file each, by the kind of their control."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)
from typing_extensions import override

from app.presenters.appearance import AppearancePresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.views import words
from app.views.settings.option_row import OptionRow
from app.widgets.arranging import row
from app.widgets.toggle_switch import ToggleSwitch

_LETTERS = (12, 20)  # of a list of choices, at least and at most
_NARROWEST = 90
_PROMPT_LINES = 4
_GIGABYTE = 1_000_000_000


# Whoever keeps the settings of a file; both do it alike.
Kept = AppearancePresenter | EngineSettingsPresenter


class KeptRow(OptionRow):
    """Shows the field and changes it. A subclass has the control."""

    def __init__(
        self,
        kept: Kept,
        key: str,
        says: tuple[str, str],
        control: QWidget,
        *,
        below: bool = False,
    ) -> None:
        super().__init__(key, says, control, below=below)
        self._kept = kept
        kept.changed.connect(self._follow)
        self.reset_wanted.connect(self._go_back)

    def show_value(self, value: object) -> None:
        """Let the control show it, without telling anybody."""
        raise NotImplementedError

    def choose(self, value: object) -> None:
        """The person wants that."""
        self._kept.change(self.key, value)

    def start(self) -> None:
        """Show what holds; called when the control is complete."""
        self._follow()

    def _follow(self) -> None:
        value = self._kept.value_of(self.key)
        self.show_value(value)
        self.show_changed(changed=value != self._kept.default_of(self.key))

    def _go_back(self) -> None:
        self.choose(self._kept.default_of(self.key))


class ChoiceRow(KeptRow):
    """One of several words."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], choices: Mapping[object, str]
    ) -> None:
        self.box = QComboBox()
        super().__init__(kept, key, says, self.box)
        self._values = list(choices)
        self.box.addItems(list(choices.values()))
        for place, value in enumerate(self._values):
            self.box.setItemData(place, value)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        longest = max(len(word) for word in choices.values())
        self.box.setMinimumContentsLength(max(_LETTERS[0], min(_LETTERS[1], longest)))
        self.box.setMinimumWidth(_NARROWEST)  # its hint is wider, and holds where there is room
        self.box.activated.connect(self._take)
        self.start()

    @property
    def choices(self) -> tuple[tuple[object, str], ...]:
        """Each value, and what it is called."""
        return tuple((value, self.box.itemText(place)) for place, value in enumerate(self._values))

    @override
    def show_value(self, value: object) -> None:
        if value not in self._values:  # a file may say what the list does not offer
            self._values.append(value)
            self.box.addItem(str(value), value)
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self._values.index(value))

    def _take(self, place: int) -> None:
        self.choose(self._values[place])


class SwitchRow(KeptRow):
    """On or off; `inverted` where the file keeps the opposite."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], *, inverted: bool = False
    ) -> None:
        self.switch = ToggleSwitch(says[0])
        self._inverted = inverted
        super().__init__(kept, key, says, self.switch)
        self.switch.toggled.connect(self._take)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        on = bool(value) is not self._inverted
        if self.switch.isChecked() != on:
            self.switch.setChecked(on)

    def _take(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        wanted = on is not self._inverted
        if bool(self._kept.value_of(self.key)) != wanted:  # None is off, and not asked yet
            self.choose(wanted)


class NumberRow(KeptRow):
    """A whole number."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], bounds: tuple[int, int]
    ) -> None:
        self.spin = QSpinBox()
        super().__init__(kept, key, says, self.spin)
        self.spin.setRange(*bounds)
        self.spin.setGroupSeparatorShown(False)
        self.spin.setKeyboardTracking(False)
        self.spin.lineEdit().setTextMargins(8, 0, 0, 0)
        self.spin.valueChanged.connect(self.choose)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if isinstance(value, int):
            with QSignalBlocker(self.spin):
                self.spin.setValue(value)


class DecimalRow(KeptRow):
    """A number with two decimals."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], bounds: tuple[float, float]
    ) -> None:
        self.spin = QDoubleSpinBox()
        super().__init__(kept, key, says, self.spin)
        self.spin.setRange(*bounds)
        self.spin.setSingleStep(0.01)
        self.spin.setKeyboardTracking(False)
        self.spin.valueChanged.connect(self.choose)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if isinstance(value, float):
            with QSignalBlocker(self.spin):
                self.spin.setValue(value)


class GigabytesRow(NumberRow):
    """A size in whole gigabytes; the file has bytes."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], bounds: tuple[int, int]
    ) -> None:
        super().__init__(kept, key, says, bounds)
        self.spin.setSuffix(" GB")

    @override
    def show_value(self, value: object) -> None:
        super().show_value(round(value / _GIGABYTE) if isinstance(value, int) else value)

    @override
    def choose(self, value: object) -> None:
        if value == self._kept.default_of(self.key):  # it comes in bytes
            super().choose(value)
        elif isinstance(value, int):
            super().choose(value * _GIGABYTE)


class PercentRow(KeptRow):
    """A share, in steps of ten. It holds when the knob is let go: what it changes moves it."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], bounds: tuple[int, int]
    ) -> None:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(says[0])
        self.slider.setRange(bounds[0] // 10, bounds[1] // 10)
        self.slider.setPageStep(1)
        self.slider.setTracking(False)
        self.slider.setMinimumWidth(120)
        self._says = QLabel()
        self._says.setMinimumWidth(self._says.fontMetrics().horizontalAdvance("2000 %"))
        inside = QWidget()
        inside.setLayout(row(self.slider, self._says))
        super().__init__(kept, key, says, inside)
        inside.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._take)
        self.slider.sliderMoved.connect(self._say)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if isinstance(value, int):
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(value / 10))
            self._says.setText(words.percent(value / 100))

    def _say(self, tens: int) -> None:
        self._says.setText(words.percent(tens / 10))

    def _take(self, tens: int) -> None:
        self.choose(tens * 10)


class LineRow(KeptRow):
    """A line of text; empty is nothing."""

    def __init__(
        self, kept: Kept, key: str, says: tuple[str, str], *, secret: bool = False
    ) -> None:
        self.line = QLineEdit()
        super().__init__(kept, key, says, self.line)
        self.line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if secret:
            self.line.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.line.editingFinished.connect(self._take)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if not (self.line.isModified() and self.line.hasFocus()):
            self.line.setText(str(value) if value else "")

    def _take(self) -> None:
        if self.line.isModified():
            self.line.setModified(False)
            self.choose(self.line.text().strip() or None)


class TextRow(KeptRow):
    """Several lines of text, kept when the keyboard leaves them."""

    def __init__(self, kept: Kept, key: str, says: tuple[str, str]) -> None:
        self.edit = _Leaving()
        super().__init__(kept, key, says, self.edit, below=True)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * _PROMPT_LINES + 24)
        self.edit.left.connect(self._take)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if self.edit.toPlainText() != value and not self.edit.document().isModified():
            self.edit.setPlainText(str(value))

    def _take(self) -> None:
        if self.edit.document().isModified():
            self.edit.document().setModified(False)
            self.choose(self.edit.toPlainText())

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Closing the settings keeps what was written."""
        self._take()
        super().hideEvent(event)


class _Leaving(QPlainTextEdit):
    """Says when the keyboard goes."""

    left = Signal()

    @override
    def focusOutEvent(self, e: QFocusEvent) -> None:
        super().focusOutEvent(e)
        self.left.emit()
