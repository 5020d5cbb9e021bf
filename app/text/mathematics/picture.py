"""A formula that has been set: paths and a few letters, at any size and in any colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QTransform

# MathJax's units in an em.
UNITS: Final = 1000.0
# A coloured ground must not hide what stands on it, in a light window or a dark one.
GROUND_ALPHA: Final = 90
# MathJax gives such a letter the room of a whole em, and would draw it smaller than that.
WIDE_LETTER: Final = 960.0
# Letters that MathJax's fonts lack are drawn in these, at this size before they are scaled.
FAMILIES: Final = (
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "Songti SC",
    "SimSun",
    "Microsoft YaHei UI",
    "PingFang SC",
    "serif",
)
LETTER_PIXELS: Final = 100


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A path of one colour; without one it takes the text's."""

    path: QPainterPath
    colour: str | None = None
    ground: bool = False


@dataclass(frozen=True, kw_only=True)
class Letters:
    """What MathJax has no outlines for."""

    text: str
    transform: QTransform
    size: float
    colour: str | None = None
    variant: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A formula's picture. `width`, `ascent` and `depth` are in em of its letters."""

    width: float
    ascent: float
    depth: float
    left: float = 0.0
    shapes: Sequence[Shape] = ()
    letters: Sequence[Letters] = ()

    @property
    def height(self) -> float:
        """From the lowest to the highest, in em."""
        return self.ascent + self.depth

    def paint(self, painter: QPainter, place: QRectF, colour: QColor) -> None:
        """Draw it so that it fills `place`; `colour` is the text's."""
        if self.width <= 0 or self.height <= 0:
            return
        scale = place.width() / (self.width * UNITS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(place.topLeft())
        painter.scale(scale, scale)
        painter.translate(-self.left * UNITS, self.ascent * UNITS)
        for shape in self.shapes:
            painter.fillPath(shape.path, _ink(shape, colour))
        for letters in self.letters:
            _write(painter, letters, legible(letters.colour, colour))
        painter.restore()


def _ink(shape: Shape, text: QColor) -> QColor:
    if not shape.ground:
        return legible(shape.colour, text)
    ground = QColor(shape.colour or "transparent")
    ground.setAlpha(min(ground.alpha(), GROUND_ALPHA))
    return ground


def legible(name: str | None, text: QColor) -> QColor:
    """The colour a formula asks for, far enough from the ground that `text` is written on."""
    asked = QColor(name) if name else QColor()
    if not asked.isValid():
        return text
    lightness = asked.lightnessF()
    lightness = max(lightness, 0.7) if text.lightnessF() > 0.5 else min(lightness, 0.48)
    return QColor.fromHslF(max(0.0, asked.hslHueF()), asked.hslSaturationF(), lightness)


def _write(painter: QPainter, letters: Letters, colour: QColor) -> None:
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(LETTER_PIXELS)
    font.setBold("bold" in letters.variant)
    font.setItalic("italic" in letters.variant)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    wide = east_asian_width(letters.text[0]) in {"W", "F"}
    size = max(letters.size, WIDE_LETTER) if wide else letters.size
    painter.save()
    painter.setTransform(letters.transform, combine=True)
    painter.scale(size / LETTER_PIXELS, size / LETTER_PIXELS)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(0, 0), letters.text)
    painter.restore()
