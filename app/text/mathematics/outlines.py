"""SVG's words for shapes and places, as Qt's paths and transforms."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF, QTransform

# What MathJax's own stylesheet gives to lines and frames that do not say.
LINE_WIDTH: Final = 70.0
DASH: Final = 140.0

_STEPS: Final = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:[eE][-+]?\d+)?")
_MOVES: Final = re.compile(r"(\w+)\(([^)]*)\)")
_NUMBER: Final = re.compile(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?")


def numbers(text: str) -> list[float]:
    """All numbers in a text."""
    return [float(word) for word in _NUMBER.findall(text)]


def number(attributes: Mapping[str, str], name: str, otherwise: float = 0.0) -> float:
    """One number among attributes; units are left out."""
    found = numbers(attributes.get(name, ""))
    return found[0] if found else otherwise


# Most formulas are written with the same few hundred letters.
@lru_cache(maxsize=2048)
def glyph(steps: str) -> QPainterPath:
    """A path's `d`, in the absolute steps that MathJax's fonts are written in."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    words = iter(_STEPS.findall(steps))
    pen = _Pen(path)
    step = "M"
    for word in words:
        if word.isalpha():
            step = word
            if step in "Zz":
                path.closeSubpath()
            continue
        pen.go(step, float(word), words)
        step = "L" if step == "M" else step
    return path


class _Pen:
    """Where a path has got to, and the point that the next smooth curve leans on."""

    def __init__(self, path: QPainterPath) -> None:
        self._path = path
        self._at = QPointF()
        self._lean = QPointF()

    def go(self, step: str, first: float, rest: Iterator[str]) -> None:
        match step:
            case "M":
                self._at = QPointF(first, float(next(rest)))
                self._path.moveTo(self._at)
            case "L" | "H" | "V":
                self._line(step, first, rest)
            case "Q":
                self._curve(QPointF(first, float(next(rest))), _point(rest))
                return
            case "T":
                self._curve(self._at * 2 - self._lean, QPointF(first, float(next(rest))))
                return
            case "C":
                near, far = QPointF(first, float(next(rest))), _point(rest)
                self._at = _point(rest)
                self._path.cubicTo(near, far, self._at)
            case _:
                raise ValueError(f"A step no font of MathJax takes: {step}")
        self._lean = self._at

    def _line(self, step: str, first: float, rest: Iterator[str]) -> None:
        if step == "H":
            self._at = QPointF(first, self._at.y())
        elif step == "V":
            self._at = QPointF(self._at.x(), first)
        else:
            self._at = QPointF(first, float(next(rest)))
        self._path.lineTo(self._at)

    def _curve(self, lean: QPointF, end: QPointF) -> None:
        self._path.quadTo(lean, end)
        self._lean, self._at = lean, end


def _point(rest: Iterator[str]) -> QPointF:
    return QPointF(float(next(rest)), float(next(rest)))


def outline(kind: str, attributes: Mapping[str, str]) -> QPainterPath | None:
    """The path of an element; None if it draws nothing."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    match kind:
        case "path":
            return glyph(attributes["d"]) if attributes.get("d") else None
        case "rect":
            place = QRectF(*(number(attributes, name) for name in ("x", "y", "width", "height")))
            path.addRoundedRect(place, number(attributes, "rx"), number(attributes, "ry"))
        case "ellipse":
            middle = QPointF(number(attributes, "cx"), number(attributes, "cy"))
            path.addEllipse(middle, number(attributes, "rx"), number(attributes, "ry"))
        case "line":
            path.moveTo(number(attributes, "x1"), number(attributes, "y1"))
            path.lineTo(number(attributes, "x2"), number(attributes, "y2"))
        case "polygon":
            spots = numbers(attributes.get("points", ""))
            pairs = zip(spots[::2], spots[1::2], strict=False)
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in pairs]))
            path.closeSubpath()
        case _:
            return None
    return path


def drawn(kind: str, attributes: Mapping[str, str]) -> QPainterPath | None:
    """What of an element takes colour: its inside, or only its edge."""
    path = outline(kind, attributes)
    if path is None:
        return None
    hollow = kind == "line" or attributes.get("fill") == "none" or "data-frame" in attributes
    return _edge(path, attributes) if hollow else path


def _edge(path: QPainterPath, attributes: Mapping[str, str]) -> QPainterPath:
    stroker = QPainterPathStroker()
    width = number(attributes, "stroke-width", LINE_WIDTH)
    stroker.setWidth(width)
    kind = attributes.get("class", "")
    if "mjx-dashed" in kind:
        stroker.setDashPattern([DASH / width, DASH / width])
    elif "mjx-dotted" in kind:
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        stroker.setDashPattern([0.01, DASH / width])
    return stroker.createStroke(path)


def placed(text: str, under: QTransform) -> QTransform:
    """A `transform` attribute, below the one that holds already."""
    transform = QTransform(under)
    for name, inside in _MOVES.findall(text):
        given = numbers(inside)
        match name:
            case "translate":
                transform.translate(given[0], given[1] if len(given) > 1 else 0)
            case "scale":
                transform.scale(given[0], given[1] if len(given) > 1 else given[0])
            case "rotate":
                _rotate(transform, given)
            case "matrix":
                transform = QTransform(*given) * transform
            case _:
                raise ValueError(f"A transform MathJax does not write: {name}")
    return transform


def _rotate(transform: QTransform, given: list[float]) -> None:
    x, y = (given[1], given[2]) if len(given) > 2 else (0.0, 0.0)
    transform.translate(x, y)
    transform.rotate(given[0])
    transform.translate(-x, -y)
