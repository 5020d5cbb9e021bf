"""Where the columns of the picker's rows lie, by the width there is."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

HEIGHT, TALL = 58, 96
_SIDE, _GAP = 12, 12
_NAME, _QUALITY, _CONTEXT, _SPEED, _VERDICT, _ACTION = 124, 74, 44, 74, 138, 90
_WIDE, _NARROW = 700, 540


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row's columns; None for those that have no room of their own."""

    name: QRect
    memory: QRect
    speed: QRect
    verdict: QRect
    action: QRect
    quality: QRect | None = None
    context: QRect | None = None


def height(width: int) -> int:
    """Of a row."""
    return TALL if width < _NARROW else HEIGHT


def cells(box: QRect) -> Cells:
    """The columns of a row in that box."""
    inside = box.adjusted(_SIDE, 0, -_SIDE, 0)
    if box.width() < _NARROW:
        return _two_lines(inside)
    wide = box.width() >= _WIDE
    right = inside.right() + 1
    place = inside.left()

    def from_left(width: int) -> QRect:
        nonlocal place
        made = QRect(place, inside.top(), width, inside.height())
        place += width + _GAP
        return made

    def from_right(width: int) -> QRect:
        nonlocal right
        right -= width
        made = QRect(right, inside.top(), width, inside.height())
        right -= _GAP
        return made

    name = from_left(_NAME)
    quality = from_left(_QUALITY) if wide else None
    action = from_right(_ACTION)
    verdict = from_right(_VERDICT)
    speed = from_right(_SPEED)
    context = from_right(_CONTEXT) if wide else None
    return Cells(
        name=name,
        quality=quality,
        memory=QRect(place, inside.top(), right - place, inside.height()),
        context=context,
        speed=speed,
        verdict=verdict,
        action=action,
    )


def _two_lines(inside: QRect) -> Cells:
    half = inside.height() // 2
    above = QRect(inside.left(), inside.top() + 2, inside.width(), half)
    below = QRect(inside.left(), inside.top() + half - 2, inside.width(), half)
    action = QRect(above.right() + 1 - _ACTION, above.top(), _ACTION, half)
    speed = QRect(action.left() - _GAP - _SPEED, above.top(), _SPEED, half)
    name = QRect(above.left(), above.top(), speed.left() - _GAP - above.left(), half)
    verdict = QRect(below.right() + 1 - _VERDICT, below.top(), _VERDICT, half)
    memory = QRect(below.left(), below.top(), verdict.left() - _GAP - below.left(), half)
    return Cells(name=name, memory=memory, speed=speed, verdict=verdict, action=action)
