"""The room an editor takes in the column, and the editor that stands there."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from app.widgets.transcript.look import Look, Stroke
from app.widgets.transcript.part import Part

MOST_LINES = 16
LEAST_LINES = 2


class WordsEdit(QPlainTextEdit):
    """Ctrl+Enter saves, Escape gives up; Enter alone saves if the person sends with it."""

    saved = Signal()
    given_up = Signal()

    def __init__(self, text: str, *, enter_saves: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._enter_saves = enter_saves
        self._composing = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or self._composing:
            super().keyPressEvent(event)
            return
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.ControlModifier or (not held and self._enter_saves):
            self.saved.emit()
        else:
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()


class MessageEditor(QFrame):
    """A message's words, to be changed where they stand."""

    saved = Signal(str)
    given_up = Signal()
    resized = Signal()

    def __init__(self, text: str, *, enter_saves: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.edit = WordsEdit(text, enter_saves=enter_saves)
        self.edit.setAccessibleName(self.tr("Edit the message"))
        self._give_up = QPushButton(self.tr("Cancel"))
        self._save = QPushButton(self.tr("Save"))
        self._save.setProperty("kind", "primary")
        self._lines = 0
        self._measuring = False
        self._arrange()
        self.edit.saved.connect(self._tell)
        self.edit.given_up.connect(self.given_up)
        self._save.clicked.connect(self._tell)
        self._give_up.clicked.connect(self.given_up)
        self.edit.document().documentLayout().documentSizeChanged.connect(self._grow)

    def wanted_height(self, width: float, font: QFont) -> float:
        """How high it would be in that width."""
        self._measuring = True
        if self.edit.font() != font:
            self.edit.setFont(font)
        if self.width() != round(width):
            self.resize(round(width), self.height())
        lines = max(LEAST_LINES, min(MOST_LINES, round(self.edit.document().size().height())))
        self._lines = lines
        self._measuring = False
        text = lines * self.edit.fontMetrics().lineSpacing() + 2 * 4 + 2
        return 12 + text + 8 + self._save.sizeHint().height() + 12

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._give_up.setText(self.tr("Cancel"))
            self._save.setText(self.tr("Save"))
        super().changeEvent(event)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._give_up)
        buttons.addWidget(self._save)
        body = QVBoxLayout(self)
        body.setContentsMargins(12, 12, 12, 12)
        body.setSpacing(8)
        body.addWidget(self.edit)
        body.addLayout(buttons)

    def _tell(self) -> None:
        text = self.edit.toPlainText()
        if text.strip():
            self.saved.emit(text)

    def _grow(self) -> None:
        if self._measuring:
            return
        lines = max(LEAST_LINES, min(MOST_LINES, round(self.edit.document().size().height())))
        if lines != self._lines:
            self.resized.emit()


class EditPart(Part):
    """Keeps the editor's place free."""

    def __init__(self, editor: MessageEditor) -> None:
        super().__init__()
        self.editor = editor

    @override
    def layout(self, look: Look, width: float) -> None:
        self.width = width
        self.height = self.editor.wanted_height(width, look.ink.prose)

    @override
    def paint(self, stroke: Stroke) -> None:
        """The editor paints itself."""
