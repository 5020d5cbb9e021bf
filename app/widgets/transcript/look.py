"""What parts need in order to lay themselves out and to paint."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter

from app.text.ink import Ink
from app.theme.fonts import mono_font, ui_font
from app.theme.tokens import FONT, Tokens

COLUMN_WIDTH = 780
SIDE_MARGIN = 24
BLOCK_GAP = 14.0
ITEM_GAP = 8.0


@dataclass(frozen=True, kw_only=True)
class Words:
    """Everything the canvas itself says; `%1` stands for a number."""

    copy: str
    copied: str
    code: str
    thinking: str
    thought: str
    thought_for: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """Colours, letters and words. Each is equal to itself alone: comparing looks is frequent."""

    tokens: Tokens
    ink: Ink
    words: Words
    small: QFont
    small_bold: QFont


@dataclass(frozen=True)
class Link:
    """A place that opens an address."""

    address: str


@dataclass(frozen=True)
class CopyCode:
    """A place that copies the code below it."""

    text: str


@dataclass(frozen=True)
class Toggle:
    """A place that opens or folds the reasoning."""


Target = Link | CopyCode | Toggle


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One act of painting; the part's corner is the origin of `painter` and of `clip`."""

    painter: QPainter
    look: Look
    clip: QRectF
    selected: tuple[int, int] | None = None
    hovered: Target | None = None
    focused: Target | None = None
    copied: Target | None = None


def look_of(tokens: Tokens, words: Words) -> Look:
    """The transcript's look under these tokens."""
    small = ui_font(FONT.small)
    small_bold = ui_font(FONT.small)
    small_bold.setWeight(QFont.Weight.DemiBold)
    ink = Ink(
        text=tokens.text,
        dim=tokens.dim,
        faint=tokens.faint,
        accent=tokens.accent,
        border=tokens.border,
        table_head=tokens.code_head,
        inline_code=tokens.inline_code,
        selection=tokens.selection,
        syntax=tokens.syntax,
        prose=ui_font(FONT.prose),
        mono=mono_font(FONT.plain),
    )
    return Look(tokens=tokens, ink=ink, words=words, small=small, small_bold=small_bold)
