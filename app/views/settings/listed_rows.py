"""Options that are lists, pairs of names, files, or numbers in another unit than the file's."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from typing_extensions import override

from app.views.settings.kept_rows import Kept, KeptRow
from app.widgets.arranging import row

_LINES = 3


class LinesRow(KeptRow):
    """Several texts, one a line; kept when the keyboard leaves them."""

    def __init__(self, kept: Kept, key: str, says: tuple[str, str], example: str = "") -> None:
        self.edit = _Leaving()
        self.edit.setPlaceholderText(example)
        super().__init__(kept, key, says, self.edit, below=True)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * _LINES + 24)
        self.edit.left.connect(self._take)
        self.start()

    def text_of(self, value: object) -> str:
        """What the field shows for it."""
        return "\n".join(str(one) for one in value) if isinstance(value, tuple) else ""  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def value_of(self, lines: list[str]) -> object:
        """What these lines, none of them empty, say."""
        return tuple(dict.fromkeys(lines))

    @override
    def show_value(self, value: object) -> None:
        text = self.text_of(value)
        if self.edit.toPlainText() != text and not self.edit.document().isModified():
            self.edit.setPlainText(text)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """Closing the settings keeps what was written."""
        self._take()
        super().hideEvent(event)

    def _take(self) -> None:
        if not self.edit.document().isModified():
            return
        self.edit.document().setModified(False)
        lines = [line.strip() for line in self.edit.toPlainText().splitlines()]
        value = self.value_of([line for line in lines if line])
        if value == self._kept.value_of(self.key):
            self.show_value(value)
        else:
            self.choose(value)


class PairsRow(LinesRow):
    """Names and what they stand for: "name = other", one a line. Lines without both are left."""

    @override
    def text_of(self, value: object) -> str:
        if not isinstance(value, dict):
            return ""
        return "\n".join(f"{name} = {other}" for name, other in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]

    @override
    def value_of(self, lines: list[str]) -> object:
        pairs = (line.partition("=") for line in lines)
        named = {name.strip(): other.strip() for name, _, other in pairs}
        return {name: other for name, other in named.items() if name and other}


class FileRow(KeptRow):
    """The path of a file; empty is none."""

    def __init__(self, kept: Kept, key: str, says: tuple[str, str], kinds: str) -> None:
        """`kinds` is a filter of Qt's file dialog."""
        self.line = QLineEdit()
        self.line.setAccessibleName(says[0])
        self.line.setMinimumWidth(120)
        self.browse = QPushButton("…")
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName(says[0])
        self._kinds = kinds
        inside = QWidget()
        inside.setLayout(row(self.line, self.browse))
        inside.setFocusProxy(self.line)
        super().__init__(kept, key, says, inside, below=True)  # paths are long
        self.line.editingFinished.connect(self._take)
        self.browse.clicked.connect(self._ask)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if not (self.line.isModified() and self.line.hasFocus()):
            self.line.setText(str(value) if value else "")

    def _take(self) -> None:
        if self.line.isModified():
            self.line.setModified(False)
            typed = self.line.text().strip()
            self.choose(Path(typed) if typed else None)

    def _ask(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.name, self.line.text(), self._kinds)
        if path:
            self.choose(Path(path))


class UnitRow(KeptRow):
    """A whole number of a unit; the file has `factor` times as much."""

    def __init__(
        self,
        kept: Kept,
        key: str,
        says: tuple[str, str],
        bounds: tuple[int, int],
        unit: tuple[int, str],
    ) -> None:
        """`unit` is the factor, and what stands after the number."""
        self._factor, suffix = unit
        self.spin = QSpinBox()
        super().__init__(kept, key, says, self.spin)
        self.spin.setRange(*bounds)
        self.spin.setSuffix(suffix)
        self.spin.setKeyboardTracking(False)
        self.spin.lineEdit().setTextMargins(8, 0, 0, 0)
        self.spin.valueChanged.connect(self._take)
        self.start()

    @override
    def show_value(self, value: object) -> None:
        if isinstance(value, int | float):
            with QSignalBlocker(self.spin):
                self.spin.setValue(round(value / self._factor))

    def _take(self, number: int) -> None:
        self.choose(number * self._factor)


class _Leaving(QPlainTextEdit):
    """Says when the keyboard goes."""

    left = Signal()

    @override
    def focusOutEvent(self, e: QFocusEvent) -> None:
        super().focusOutEvent(e)
        self.left.emit()
