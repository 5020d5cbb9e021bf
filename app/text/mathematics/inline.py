"""Formulas on a line of text: places in a document that a picture fills, on the text's baseline."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from typing_extensions import override

from app.text.mathematics.formulas import Formula, formula_at
from app.text.mathematics.picture import Picture

if TYPE_CHECKING:
    from app.text.ink import Ink

# An em of mathematics beside an em of prose: MathJax's letters are lower than those of screens.
SCALE: Final = 1.14
# While it is being set, this much of a formula's source is shown, in ems.
SOURCE_EMS: Final = 24.0

OBJECT: Final = QTextFormat.ObjectTypes.UserObject.value + 1
_SOURCE: Final = QTextFormat.Property.UserProperty.value + 1
_PIXELS: Final = QTextFormat.Property.UserProperty.value + 2
_MARK: Final = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, kw_only=True)
class _Fit:
    """A place on a line. Qt takes half an x-height more of it above the baseline than below.

    So a font, in which nothing is written, is chosen for how much that is: `letters` pixels.
    """

    width: float
    height: float
    letters: int


def _fit(width: float, ascent: float, depth: float) -> _Fit:
    """A place of which just so much stands above and below the baseline."""
    # Of a font of 100 pixels one pixel has this share.
    letters = max(1, round(max(0.0, ascent - depth) / (_half_x(100) / 100)))
    half = _half_x(letters)
    height = max(2 * ascent - half, 2 * depth + half)
    return _Fit(width=width, height=height, letters=letters)


@lru_cache(maxsize=512)
def _half_x(pixels: int) -> float:
    # In whole pixels, as Qt does.
    return QFontMetrics(_measuring_font(pixels)).xHeight() / 2


def _baseline(document: QTextDocument, position: int, place: QRectF) -> float:
    """Where letters stand beside a place, which Qt draws in the middle of its line."""
    block = document.findBlock(position)
    line = block.layout().lineForTextPosition(position - block.position())
    if not line.isValid():
        return place.bottom()
    return place.center().y() + (line.ascent() - line.descent()) / 2


def _measuring_font(pixels: int) -> QFont:
    font = QFont("Inter")
    font.setPixelSize(pixels)
    return font


class FormulaObject(QPyTextObject):
    """Measures and draws the formulas of one document."""

    def __init__(self, document: QTextDocument, ink: "Ink") -> None:
        super().__init__(document)
        self.ink = ink
        self.waiting: set[Formula] = set()

    def fit(self, form: QTextFormat) -> _Fit:
        """The room that its picture takes, or its source until there is one."""
        source, pixels = str(form.property(_SOURCE)), int(form.property(_PIXELS))
        picture = self._picture(source)
        if picture is not None:
            em = pixels * SCALE
            return _fit(picture.width * em, picture.ascent * em, picture.depth * em)
        metrics = QFontMetricsF(self.ink.mono)
        words = metrics.horizontalAdvance(self._quiet(source, metrics))
        return _fit(words, metrics.ascent(), metrics.descent())

    @override
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, format: QTextFormat) -> QSizeF:
        fit = self.fit(format)
        return QSizeF(fit.width, fit.height)

    @override
    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,
        format: QTextFormat,
    ) -> None:
        form, rect = format.toCharFormat(), QRectF(rect)
        if form.background().style() is not Qt.BrushStyle.NoBrush:
            painter.fillRect(rect, form.background())
        source, em = str(form.property(_SOURCE)), int(form.property(_PIXELS)) * SCALE
        baseline = _baseline(doc, posInDocument, rect)
        picture = self._picture(source)
        if picture is not None:
            top = baseline - picture.ascent * em
            place = QRectF(rect.left(), top, picture.width * em, picture.height * em)
            picture.paint(painter, place, form.foreground().color())
            return
        painter.save()
        painter.setFont(self.ink.mono)
        painter.setPen(QColor(self.ink.faint))
        words = self._quiet(source, QFontMetricsF(self.ink.mono))
        painter.drawText(QPointF(rect.left(), baseline), words)
        painter.restore()

    def _picture(self, source: str) -> Picture | None:
        if self.ink.mathematics is None:
            return None
        picture = self.ink.mathematics.picture(source, display=False)
        if picture is None:
            self.waiting.add(Formula(source))
        return picture

    def _quiet(self, source: str, metrics: QFontMetricsF) -> str:
        widest = SOURCE_EMS * self.ink.prose.pixelSize()
        return metrics.elidedText(source, Qt.TextElideMode.ElideRight, widest)


def place_formulas(document: QTextDocument, ink: "Ink") -> None:
    """Make places for formulas of the images that stand for them in the markup."""
    drawer = FormulaObject(document, ink)
    document.documentLayout().registerHandler(OBJECT, drawer)
    _write(document, drawer, ink, None)


def take_formulas(document: QTextDocument, came: AbstractSet[Formula]) -> bool:
    """Give room to what has been set since; whether anything changed."""
    drawer = document.findChild(FormulaObject)
    # Most documents wait for nothing, and arrivals are frequent while a chat is opened.
    if not isinstance(drawer, FormulaObject) or drawer.waiting.isdisjoint(came):
        return False
    drawer.waiting -= came
    return _write(document, drawer, drawer.ink, came)


def _write(
    document: QTextDocument, drawer: FormulaObject, ink: "Ink", came: AbstractSet[Formula] | None
) -> bool:
    found = [
        (position, formula, form)
        for position, formula, form in _places(document)
        if came is None or formula in came
    ]
    # From the end: what is put instead may be longer, and moves only what follows.
    for position, formula, form in reversed(found):
        cursor = QTextCursor(document)
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        trouble = _trouble(formula, ink)
        if trouble is None:
            cursor.setCharFormat(_placing(formula, form, drawer))
        else:
            cursor.insertText(formula.written, _code(form, ink, trouble))
        _keep_distance(cursor, ink)
    return bool(found)


def _trouble(formula: Formula, ink: "Ink") -> str | None:
    if ink.mathematics is None:
        return ""
    return ink.mathematics.trouble(formula.source, display=False)


def _placing(formula: Formula, form: QTextCharFormat, drawer: FormulaObject) -> QTextCharFormat:
    pixels = form.property(_PIXELS) or form.font().pixelSize()
    placing = QTextCharFormat()
    placing.setObjectType(OBJECT)
    placing.setProperty(_SOURCE, formula.source)
    placing.setProperty(_PIXELS, int(pixels))
    placing.setForeground(form.foreground())
    if form.isAnchor():
        placing.setAnchor(True)
        placing.setAnchorHref(form.anchorHref())
    placing.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    placing.setFont(_measuring_font(drawer.fit(placing).letters))
    return placing


def _code(form: QTextCharFormat, ink: "Ink", trouble: str) -> QTextCharFormat:
    code = QTextCharFormat()
    code.setFont(ink.mono)
    code.setForeground(form.foreground())
    code.setBackground(QColor(ink.inline_code))
    code.setToolTip(trouble)
    return code


def _keep_distance(cursor: QTextCursor, ink: "Ink") -> None:
    """Lines stand as far apart as those of prose: a share of a tall formula would be too much."""
    form = cursor.blockFormat()
    if form.lineHeightType() == QTextBlockFormat.LineHeightTypes.ProportionalHeight.value:
        distance = QTextBlockFormat.LineHeightTypes.LineDistanceHeight.value
        form.setLineHeight(ink.leading, distance)
        cursor.setBlockFormat(form)


def _places(document: QTextDocument) -> list[tuple[int, Formula, QTextCharFormat]]:
    """Every formula with its position: placed ones, and images that still stand for one."""
    found: list[tuple[int, Formula, QTextCharFormat]] = []
    block: QTextBlock = document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            fragment = fragments.fragment()
            form = fragment.charFormat()
            formula = formula_of(form)
            if formula is not None:
                # Two of the same, side by side, are one fragment.
                first, end = fragment.position(), fragment.position() + fragment.length()
                found.extend((position, formula, form) for position in range(first, end))
            fragments += 1
        block = block.next()
    return found


def formula_of(form: QTextCharFormat) -> Formula | None:
    """The formula that a letter of this format stands for."""
    if form.objectType() == OBJECT:
        return Formula(str(form.property(_SOURCE)))
    if form.isImageFormat():
        return formula_at(form.toImageFormat().name())
    return None


def spelled(document: QTextDocument, text: str, start: int, end: int) -> str:
    """The plain text between two positions, each formula as it is written in Markdown."""
    if _MARK not in text:
        return text
    words = [
        formula.written for position, formula, _ in _places(document) if start <= position < end
    ]
    pieces = text.split(_MARK)
    words.extend("" for _ in range(len(pieces) - len(words)))
    return "".join(f"{piece}{word}" for piece, word in zip(pieces, words, strict=False))
