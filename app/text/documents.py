"""Blocks → Qt's documents."""

import html

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextOption

from app.text.blocks import THIN_SPACE
from app.text.colours import LineColours, Run, colour_all
from app.text.ink import Ink
from app.text.long import units
from app.text.mathematics.formulas import SCHEME
from app.text.mathematics.inline import place_formulas, spelled

# Beyond this, colouring a finished piece of code again would be felt.
RECOLOUR_CHARACTERS = 12_000


def empty_document(ink: Ink) -> QTextDocument:
    """A document without margins and without a memory of changes."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(ink.prose)
    return document


def write_markup(document: QTextDocument, markup: str, ink: Ink, *, faded: bool = False) -> None:
    """Replace what the document says by `markup`."""
    document.setDefaultStyleSheet(ink.faded_css if faded else ink.css)
    document.setHtml(f"<body>{markup}</body>")
    if SCHEME in markup:
        place_formulas(document, ink)
    _close_up(document)


def plain_markup(text: str) -> str:
    """Text exactly as it was typed."""
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'


def _close_up(document: QTextDocument) -> None:
    """Take the last paragraph's distance away: between blocks the transcript keeps its own."""
    last = document.lastBlock()
    form = last.blockFormat()
    if form.bottomMargin() == 0:
        return
    form.setBottomMargin(0)
    QTextCursor(last).setBlockFormat(form)


def strip_end(document: QTextDocument) -> None:
    """Take away the white space at the end."""
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    end = cursor.block()
    while not end.text().strip() and end.previous().isValid():
        end = end.previous()
    cursor.setPosition(end.position() + units(end.text().rstrip()), QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def selected_text(document: QTextDocument, start: int, end: int) -> str:
    """What stands between two positions, as plain text; formulas as LaTeX."""
    last = document.characterCount() - 1
    cursor = QTextCursor(document)
    cursor.setPosition(min(start, last))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    text = cursor.selection().toPlainText().replace(THIN_SPACE, "")
    return spelled(document, text, min(start, last), min(end, last))


def anchors(document: QTextDocument) -> list[tuple[str, int]]:
    """The addresses of the links in reading order, each with the position of its first letter."""
    found: list[tuple[str, int]] = []
    block: QTextBlock = document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            address = fragment.charFormat().anchorHref()
            if address and (not found or found[-1][0] != address):
                found.append((address, fragment.position()))
            fragments += 1
        block = block.next()
    return found


class CodeDocument:
    """A document of coloured code that can grow line by line."""

    def __init__(self, ink: Ink, language: str) -> None:
        self.document = empty_document(ink)
        self.document.setDefaultFont(ink.mono)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self.document.setDefaultTextOption(option)
        self._ink = ink
        self._language = language
        self._colours = LineColours(language)
        self._runs: list[Run] = []
        self._committed = 0
        self._committed_units = 0

    @property
    def stands(self) -> int:
        """How many of Qt's positions growing leaves as they are."""
        return self._committed_units

    def grow(self, text: str) -> None:
        """Show `text`, which begins with everything shown before; its last line may be cut."""
        whole = text.rfind("\n") + 1
        cursor = self._end_from(self._committed_units)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if whole > self._committed:
            lines = text[self._committed : whole]
            runs = self._colours.advance(lines)
            self._runs.extend(runs)
            self._insert(cursor, runs)
            self._committed = whole
            self._committed_units += units(lines)
        cursor.insertText(text[whole:], self._ink.code_formats["plain"])
        cursor.endEditBlock()

    def finish(self, text: str) -> None:
        """Show the finished `text` with the colours it has when read at once."""
        self.grow(f"{text}\n" if text else "")
        cursor = self._end_from(units(text))
        cursor.removeSelectedText()
        if len(text) > RECOLOUR_CHARACTERS:
            return
        final = colour_all(text, self._language)
        if _spread(final) == _spread(self._runs)[: len(text)]:
            return
        cursor = self._end_from(0)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        self._insert(cursor, final)
        cursor.endEditBlock()

    def _insert(self, cursor: QTextCursor, runs: list[Run]) -> None:
        formats = self._ink.code_formats
        for run in runs:
            cursor.insertText(run.text, formats[run.colour])

    def _end_from(self, position: int) -> QTextCursor:
        cursor = QTextCursor(self.document)
        cursor.setPosition(min(position, self.document.characterCount() - 1))
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _spread(runs: list[Run]) -> list[str]:
    return [run.colour for run in runs for _ in run.text]
