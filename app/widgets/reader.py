"""A page of Markdown to read: no picture is fetched, and a link opens only when it is clicked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextBrowser, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from app.text.blocks import Block
    from app.text.ink import Ink

LONGEST = 200_000  # letters; a longer page is cut
_PIECE = 2_000  # letters laid out at a time, so that nobody waits
_FRONT = re.compile(r"\A\s*---\n.*?\n---\n", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNREAD = re.compile(r"<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^>]*?(?:alt=\"([^\"]*)\")?[^>]*>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^>]*?href=\"([^\"]+)\"[^>]*>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/center|/li|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
_FENCE = re.compile(r"^\s*(```|~~~)")


class Reader(QTextBrowser):
    """Shows a page piece by piece."""

    link_wanted = Signal(QUrl)

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self._ink = ink
        self._source = ""
        self._pieces: Iterator[str] = iter(())
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._write_piece)
        self.anchorClicked.connect(self._want)

    @property
    def reading(self) -> bool:
        """Whether pieces are still to come."""
        return self._next.isActive()

    def set_ink(self, ink: Ink) -> None:
        """Write in those colours."""
        self._ink = ink
        source, self._source = self._source, ""
        self.read(source)

    def read(self, source: str) -> None:
        """Show that page from its beginning."""
        if source == self._source:
            return
        self._source = source
        self.clear()
        self.document().setDefaultFont(self._ink.prose)
        self.document().setDefaultStyleSheet(self._ink.css)
        self._pieces = pieces(plain(source[:LONGEST]))
        self._next.start()

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        """Nothing is fetched."""
        return None

    def _write_piece(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._next.stop()
            return
        from app.text.blocks import parse  # noqa: PLC0415  the first paint does not wait for it

        at = self.textCursor().position()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for block in parse(piece):
            if not self.document().isEmpty():
                cursor.insertBlock()
            cursor.insertHtml(f"<body>{_markup(block)}</body>")
        if at == 0:
            self.moveCursor(QTextCursor.MoveOperation.Start)

    def _want(self, address: QUrl) -> None:
        from app.text.blocks import LINK_SCHEMES  # noqa: PLC0415  as above

        if address.toString().lower().startswith(LINK_SCHEMES):
            self.link_wanted.emit(address)


def plain(source: str) -> str:
    """Markdown without its front matter and without HTML; code stays as it is."""
    text = _FRONT.sub("", source.replace("\r\n", "\n"))
    parts = re.split(
        r"(^\s*(?:```|~~~).*?^\s*(?:```|~~~)\s*$)", text, flags=re.DOTALL | re.MULTILINE
    )
    return "".join(part if at % 2 else _without_tags(part) for at, part in enumerate(parts))


def pieces(text: str) -> Iterator[str]:
    """The text in parts that can be read alone: cut between paragraphs, never inside code."""
    lines: list[str] = []
    size, fenced = 0, False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        lines.append(line)
        size += len(line)
        if size >= _PIECE and not fenced and not line.strip():
            yield "\n".join(lines)
            lines, size = [], 0
    yield "\n".join(lines)


def _without_tags(text: str) -> str:
    text = _UNREAD.sub("", _COMMENT.sub("", text))
    text = _PICTURE.sub(lambda found: found[1] or "", text)
    text = _ANCHOR.sub(lambda found: f"[{_TAG.sub('', found[2]).strip()}]({found[1]})", text)
    text = _HEAD.sub(lambda found: f"\n\n{'#' * int(found[1])} {found[2].strip()}\n\n", text)
    text = _TAG.sub("", _BREAK.sub("\n\n", text))
    return re.sub(r"^[ \t]+(?=\S)(?![-*+\d])", "", text, flags=re.MULTILINE)


def _markup(block: Block) -> str:
    match block.kind:
        case "code":
            return f"<pre>{escape(block.text)}</pre>"
        case "rule":
            return "<hr>"
        case "quote":
            return f"<blockquote>{block.html}</blockquote>"
        case _:
            from app.text.documents import plain_markup  # noqa: PLC0415  as above

            return block.html or plain_markup(block.text)
