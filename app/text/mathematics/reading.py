"""MathJax's SVG → a picture.

Qt's own SVG module is not used: it leaves out nested `<svg>`, in which MathJax draws everything
that stretches, and it knows no text colour.
"""

from dataclasses import dataclass, replace
from typing import Final
from xml.etree import ElementTree as ET

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QTransform

from app.text.mathematics.outlines import drawn, number, numbers, placed
from app.text.mathematics.picture import UNITS, Letters, Picture, Shape

LETTER_SIZE: Final = 884.0
_OWN_COLOURS: Final = {"currentColor", "none", ""}


@dataclass(frozen=True, kw_only=True)
class _Under:
    """What an element takes over from those around it."""

    transform: QTransform
    colour: str | None = None
    clip: QPainterPath | None = None
    is_rule: bool = False


def read_picture(svg: str) -> Picture:
    """The picture that MathJax drew; ValueError if it cannot be drawn here."""
    try:
        root = ET.fromstring(svg)  # noqa: S314 (MathJax wrote it a moment ago)
    except ET.ParseError as error:
        raise ValueError(f"MathJax's picture cannot be read: {error}") from error
    view = numbers(root.get("viewBox", ""))
    if len(view) != 4:
        raise ValueError("MathJax's picture has no size")
    shapes: list[Shape] = []
    letters: list[Letters] = []
    waiting = [(child, _Under(transform=QTransform())) for child in reversed(root)]
    # Not by recursion: formulas may be nested deeper than Python's calls.
    while waiting:
        element, around = waiting.pop()
        under = _inside(element, around)
        kind = element.tag.rsplit("}", 1)[-1]
        if kind == "text":
            letters.extend(_letters(element, under))
        elif (shape := _shape(kind, element, under)) is not None:
            _join(shapes, shape)
        waiting.extend((child, under) for child in reversed(element))
    left, top, width, height = (value / UNITS for value in view)
    return Picture(
        width=width, ascent=-top, depth=top + height, left=left, shapes=shapes, letters=letters
    )


def _inside(element: ET.Element, around: _Under) -> _Under:
    under = around
    if "transform" in element.attrib:
        under = replace(under, transform=placed(element.attrib["transform"], under.transform))
    if element.get("data-mml-node") == "mspace":
        # What MathJax calls the ground of a space is a rule, black if nothing else is said.
        under = replace(under, is_rule=True)
    colour = element.get("fill", "")
    if colour not in _OWN_COLOURS and not (under.is_rule and colour == "black"):
        under = replace(under, colour=colour)
    if element.tag.endswith("svg"):
        under = _window(element, under)
    return under


def _window(element: ET.Element, under: _Under) -> _Under:
    """A nested picture: its own units, and nothing outside its frame."""
    x, y, width, height = (number(element.attrib, name) for name in ("x", "y", "width", "height"))
    view = numbers(element.get("viewBox", "")) or [0, 0, width, height]
    if len(view) != 4 or not view[2] or not view[3]:
        return under
    transform = QTransform(under.transform)
    transform.translate(x, y)
    transform.scale(width / view[2], height / view[3])
    transform.translate(-view[0], -view[1])
    frame = QPainterPath()
    frame.addRect(QRectF(*view))
    clip = transform.map(frame)
    if under.clip is not None:
        clip = clip.intersected(under.clip)
    return replace(under, transform=transform, clip=clip)


def _shape(kind: str, element: ET.Element, under: _Under) -> Shape | None:
    path = drawn(kind, element.attrib)
    if path is None:
        return None
    path = under.transform.map(path)
    if under.clip is not None and not under.clip.boundingRect().contains(path.boundingRect()):
        path = path.intersected(under.clip)
    edge = element.get("stroke", "")
    colour = edge if element.get("fill") == "none" and edge not in _OWN_COLOURS else under.colour
    ground = element.get("data-bgcolor") == "true" and not under.is_rule
    return Shape(path=path, colour=colour, ground=ground)


def _join(shapes: list[Shape], shape: Shape) -> None:
    """Add to the last path if it has the same colour: one fill is cheaper than many."""
    last = shapes[-1] if shapes else None
    if last is not None and (last.colour, last.ground) == (shape.colour, shape.ground):
        last.path.addPath(shape.path)
        return
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addPath(shape.path)
    shapes.append(replace(shape, path=path))


def _letters(element: ET.Element, under: _Under) -> list[Letters]:
    if not element.text:
        return []
    return [
        Letters(
            text=element.text,
            transform=under.transform,
            size=number(element.attrib, "font-size", LETTER_SIZE),
            colour=under.colour,
            variant=element.get("data-variant", ""),
        )
    ]
