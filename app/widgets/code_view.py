"""Text in letters of one width, coloured where its language is known; to be read and copied."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from app.text.colours import colour_all
from app.theme.fonts import mono_font
from app.theme.scale import scaled
from app.theme.tokens import FONT

_AROUND = 24  # the frame and the document's margins
_COLOURED = 12_000  # letters; colouring more would be felt


class CodeView(QPlainTextEdit):
    """As tall as `lines` ask for; longer text scrolls, Tab goes on."""

    def __init__(
        self,
        name: str,
        syntax: Mapping[str, str],
        *,
        lines: tuple[int, int] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`lines` is the least and the most it is tall; None leaves that to the layout."""
        super().__init__(parent)
        self.setProperty("kind", "code")
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self._syntax = syntax
        self._lines = lines
        self._code, self._language = "", ""
        self._fit()

    @property
    def code(self) -> str:
        """What it shows."""
        return self._code

    def show_code(self, code: str, language: str = "") -> None:
        """Show that; the same again moves nothing."""
        if (code, language) != (self._code, self._language):
            self._code, self._language = code, language
            self._write()

    def wear(self, syntax: Mapping[str, str]) -> None:
        """Write in other colours."""
        self._syntax = syntax
        self._write()

    @override
    def changeEvent(self, e: QEvent) -> None:
        super().changeEvent(e)
        if e.type() == QEvent.Type.StyleChange:
            self._fit()

    def _write(self) -> None:
        self.clear()
        language = self._language if len(self._code) <= _COLOURED else ""
        cursor = QTextCursor(self.document())
        for run in colour_all(self._code.rstrip("\n"), language):
            form = QTextCharFormat()
            form.setForeground(QColor(self._syntax[run.colour]))
            cursor.insertText(run.text, form)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._fit()

    def _fit(self) -> None:
        self.setFont(mono_font(scaled(FONT.small)))
        if self._lines is not None:
            least, most = self._lines
            wanted = max(least, min(most, self._code.rstrip("\n").count("\n") + 1))
            self.setFixedHeight(self.fontMetrics().lineSpacing() * wanted + scaled(_AROUND))
