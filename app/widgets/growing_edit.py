"""A text field that grows with what is typed."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget
from typing_extensions import override

_LEAST_LINES = 3  # that fit, however low the window is
_SPARE = 4
_CHORD = (
    Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class GrowingEdit(QPlainTextEdit):
    """Grows from one line to a share of its window, then scrolls.

    Enter submits and Shift+Enter breaks the line, or Ctrl+Enter submits and Enter breaks it; while
    an input method composes, Enter is its own. Files, pictures and very long texts that are pasted
    or dropped are not inserted but told.
    """

    submitted = Signal()
    up_pressed = Signal()  # Up in an empty field
    files_given = Signal(object)  # list[Path]
    picture_given = Signal(object)  # QImage
    long_text_given = Signal(str)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        tallest_share: float = 0.4,
        longest_text: int = 200_000,
        longest_line: int = 20_000,
    ) -> None:
        super().__init__(parent)
        self._tallest_share = tallest_share
        self._longest_text = longest_text
        self._longest_line = longest_line
        self._composing = False
        self._needs_ctrl = False
        self._watched: QWidget | None = None
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

    def submit_with_ctrl(self, *, needed: bool) -> None:
        """Whether Enter alone breaks the line, and Ctrl+Enter submits."""
        self._needs_ctrl = needed

    def write(self, text: str) -> None:
        """Replace everything by this, so that it can be undone; the cursor goes to its end."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        chord = event.modifiers() & _CHORD
        ctrl = chord == Qt.KeyboardModifier.ControlModifier
        bare = chord == Qt.KeyboardModifier.NoModifier
        if self._composing:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Up and bare and self.document().isEmpty():
            self.up_pressed.emit()
        elif not enter:
            super().keyPressEvent(event)
        elif ctrl or (bare and not self._needs_ctrl):
            self.submitted.emit()
        elif bare or chord == Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasImage() or source.hasUrls() or super().canInsertFromMimeData(source)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        files = files_of(source)
        if files:
            self.files_given.emit(files)
            return
        # A table or a page brings its picture along; its words are what is meant.
        if source.hasImage() and not source.hasText():
            image = source.imageData()
            if isinstance(image, QImage):
                self.picture_given.emit(image)
            return
        if not source.hasText():
            return
        text = source.text()
        if len(text) > self._longest_text or self._has_long_line(text):
            self.long_text_given.emit(text)
            return
        # Half of a surrogate pair is no character, and a NUL would end the text for others.
        clean = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        self.textCursor().insertText(clean)
        self.ensureCursorVisible()

    @override
    def resizeEvent(self, e: QResizeEvent) -> None:
        super().resizeEvent(e)
        if e.size().width() != e.oldSize().width():
            self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._watched is not self.window():
            if self._watched is not None:
                self._watched.removeEventFilter(self)
            self._watched = self.window()
            self._watched.installEventFilter(self)
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._watched and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    @override
    def changeEvent(self, e: QEvent) -> None:
        super().changeEvent(e)
        if e.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, 28)

    def _has_long_line(self, text: str) -> bool:
        """Such a line is laid out anew with every letter typed into it."""
        if len(text) <= self._longest_line:
            return False
        return max(map(len, text.splitlines()), default=0) > self._longest_line

    def _fit(self) -> None:
        # A plain text document measures its height in lines, wrapped ones included.
        lines = max(1, round(self.document().size().height()))
        spacing = self.fontMetrics().lineSpacing()
        frame = 2 * self.frameWidth() + int(2 * self.document().documentMargin())
        room = self.window().height() * self._tallest_share if self.isVisible() else 0
        most = max(_LEAST_LINES, int((room - frame - _SPARE) / spacing))
        height = min(most, lines) * spacing + frame + _SPARE
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines > most
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if height != self.height():
            self.setFixedHeight(height)


def files_of(source: QMimeData) -> list[Path]:
    """The files of this machine that are pasted or dropped."""
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
