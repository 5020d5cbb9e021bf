"""Icons on buttons and actions, coloured anew whenever the look changes."""

from typing import Literal, cast

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.theme.icons import IconName, icon
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.widgets.icon_button import IconButton

IconRole = Literal["dim", "faint", "accent", "on_accent", "error", "text"]

_NAME = "iconName"
_ROLE = "iconRole"
_SIDE = "iconSide"  # at a text size of 100 %


def mark(thing: QAbstractButton | QAction, name: IconName, role: IconRole = "dim") -> None:
    """Remember which icon this has; `recolour` gives it."""
    thing.setProperty(_NAME, name)
    thing.setProperty(_ROLE, role)


def icon_button(
    name: IconName, says: str, *, shortcut: str | None = None, role: IconRole = "dim"
) -> IconButton:
    """A button that is that icon."""
    button = IconButton(says, shortcut=shortcut)
    mark(button, name, role)
    return button


def recolour(root: QWidget, tokens: Tokens) -> None:
    """Give every marked button and action below `root` its icon, in this look and text size."""
    things = [root, *root.findChildren(QAbstractButton), *root.findChildren(QAction)]
    for thing in things:
        name = cast("IconName | None", thing.property(_NAME))
        if name and isinstance(thing, QAbstractButton | QAction):
            role = cast("IconRole", thing.property(_ROLE))
            thing.setIcon(icon(name, colour_of(tokens, role)))
            if isinstance(thing, QAbstractButton):
                _size(thing)


def _size(button: QAbstractButton) -> None:
    """Icons grow with the letters beside them."""
    known = cast("int | None", button.property(_SIDE))
    side = button.iconSize().width() if known is None else known
    if known is None:
        button.setProperty(_SIDE, side)
    if button.iconSize().width() != scaled(side):
        button.setIconSize(QSize(scaled(side), scaled(side)))


def colour_of(tokens: Tokens, role: IconRole) -> str:
    """That role's colour in this look."""
    match role:
        case "dim":
            return tokens.dim
        case "faint":
            return tokens.faint
        case "accent":
            return tokens.accent
        case "on_accent":
            return tokens.on_accent
        case "error":
            return tokens.error
        case "text":
            return tokens.text
