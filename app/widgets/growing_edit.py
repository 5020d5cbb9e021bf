"""A text field that grows with what is typed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override


class GrowingEdit(QPlainTextEdit):
    """Grows from one line to `most_lines`, then scrolls.

    Enter submits, Shift+Enter breaks the line; while an input method composes, Enter is its own.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None, *, most_lines: int = 9) -> None:
        super().__init__(parent)
        self._most_lines = most_lines
        self._composing = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._fit)
        self._fit()

    @property
    def composing(self) -> bool:
        """An input method holds text that is not yet chosen."""
        return self._composing

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not enter or self._composing:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()
        elif not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        if e.size().width() != e.oldSize().width():
            self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 28)

    def _fit(self) -> None:
        # A plain text document measures its height in lines, wrapped ones included.
        lines = round(self.document().size().height())
        shown = max(1, min(self._most_lines, lines))
        frame = 2 * self.frameWidth() + int(2 * self.document().documentMargin())
        height = shown * self.fontMetrics().lineSpacing() + frame + 4
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines > self._most_lines
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if height != self.height():
            self.setFixedHeight(height)
