"""The cells of a table: measured, and drawn, without a document where a line of letters will do."""

import re
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QTextDocument,
    QTextOption,
)

from app.text.documents import empty_document, write_markup
from app.text.markup import cell_markup
from app.text.tables import Side, plain
from app.widgets.transcript.look import Look

_MARKED: Final = re.compile(r"[*_`\[\]<>&\\$~!]")
SIDES: Final = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "right": Qt.AlignmentFlag.AlignRight,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Hand:
    """How the cells of one table are written."""

    look: Look
    font: QFont
    bold: QFont
    metrics: QFontMetricsF
    bold_metrics: QFontMetricsF


def hand_of(look: Look) -> Hand:
    """The letters of a table in this look."""
    bold = QFont(look.ink.prose)
    bold.setWeight(QFont.Weight.DemiBold)
    return Hand(
        look=look,
        font=look.ink.prose,
        bold=bold,
        metrics=QFontMetricsF(look.ink.prose),
        bold_metrics=QFontMetricsF(bold),
    )


class Cell:
    """One cell; a document is made if it has marks or must be wrapped."""

    def __init__(self, source: str, side: Side, *, is_head: bool) -> None:
        self.source = source
        self.document: QTextDocument | None = None
        self._side: Side = side
        self._is_head = is_head
        self._marked = _MARKED.search(source) is not None
        self._natural: float | None = None
        self.has_links = "](" in source or "<" in source

    def natural_width(self, hand: Hand) -> float:
        """How wide it would be on one line."""
        if self._natural is None:
            if self._marked:
                self._natural = self._write(hand).idealWidth() + 1
            else:
                self._natural = self._metrics(hand).horizontalAdvance(self.source) + 1
        return self._natural

    def longest_word(self, hand: Hand) -> float:
        """How narrow it can be without breaking a word."""
        words = sorted(plain(self.source).split(), key=len)[-3:]
        return max((self._metrics(hand).horizontalAdvance(word) for word in words), default=0.0)

    def height(self, hand: Hand, width: float) -> float:
        """How tall it is in a column of that width."""
        line = self._metrics(hand).height()
        if not self._marked and self.natural_width(hand) <= width + 0.5:
            self.document = None
            return line
        document = self._write(hand)
        document.setTextWidth(width)
        return max(line, document.size().height() - hand.look.ink.leading)

    def paint(self, painter: QPainter, hand: Hand, place: QRectF) -> None:
        """Draw it into its place, without the distance from the lines around it."""
        if self.document is None:
            painter.setFont(hand.bold if self._is_head else hand.font)
            painter.setPen(QColor(hand.look.tokens.text))
            painter.drawText(place, SIDES[self._side] | Qt.AlignmentFlag.AlignTop, self.source)
            return
        painter.save()
        painter.translate(place.topLeft())
        context = QAbstractTextDocumentLayout.PaintContext()
        colours = QPalette()
        colours.setColor(QPalette.ColorRole.Text, QColor(hand.look.tokens.text))
        context.palette = colours  # pyright: ignore[reportAttributeAccessIssue]
        context.clip = QRectF(QPointF(0, 0), QSizeF(place.width(), place.height() + 4))  # pyright: ignore[reportAttributeAccessIssue]
        self.document.documentLayout().draw(painter, context)
        painter.restore()

    def address_at(self, point: QPointF) -> str:
        """The address of the link at a point."""
        return self.document.documentLayout().anchorAt(point) if self.document else ""

    def _metrics(self, hand: Hand) -> QFontMetricsF:
        return hand.bold_metrics if self._is_head else hand.metrics

    def _write(self, hand: Hand) -> QTextDocument:
        if self.document is None:
            document = empty_document(hand.look.ink)
            option = QTextOption(SIDES[self._side])
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            document.setDefaultTextOption(option)
            inner = cell_markup(self.source)
            markup = f"<b>{inner}</b>" if self._is_head else inner
            write_markup(document, f"<p>{markup}</p>", hand.look.ink)
            self.document = document
        return self.document


def column_widths(cells: list[list[Cell]], hand: Hand, room: float) -> list[float]:
    """How wide the columns are, given all cells of each of the rows that decide; in pixels.

    If everything fits there is no more to say. Else the widest columns shrink, and where that
    would break words, all towards their longest words; if that is too wide, the table will scroll.
    """
    columns = range(len(cells[0]))
    natural = [max(row[at].natural_width(hand) for row in cells) for at in columns]
    if sum(natural) <= room:
        return natural
    scale = hand.look.scale
    least: list[float] = []
    for at in columns:
        word = max(row[at].longest_word(hand) for row in cells) + 2
        least.append(min(natural[at], max(48 * scale, min(word, 220 * scale))))
    if sum(least) >= room:
        return [min(full, max(few, 160 * scale)) for full, few in zip(natural, least, strict=True)]
    most = _cap(natural, room)
    if all(few <= most or few == full for few, full in zip(least, natural, strict=True)):
        return [min(full, most) for full in natural]
    share = (room - sum(least)) / max(1.0, sum(natural) - sum(least))
    return [few + (full - few) * share for full, few in zip(natural, least, strict=True)]


def _cap(natural: list[float], room: float) -> float:
    """The width beyond which columns must not go, so that all of them fill the room."""
    rest = room
    for at, wide in enumerate(sorted(natural)):
        share = rest / (len(natural) - at)
        if wide > share:
            return share
        rest -= wide
    return room
