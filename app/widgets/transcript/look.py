"""What parts need in order to lay themselves out and to paint."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from app.text.ink import Ink
from app.theme.fonts import mono_font, ui_font
from app.theme.icons import IconName
from app.theme.tokens import FONT, Tokens
from app.widgets.transcript.block_words import BlockWords, block_words
from app.widgets.transcript.glyphs import Glyphs
from app.widgets.transcript.picture_loading import Pictures

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
    verbs: dict[str, str]  # what each `VerbName` says


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """Colours, letters and words. Each is equal to itself alone: comparing looks is frequent.

    `scale` is 1 for the text size the distances here were drawn for; every length of a part is
    multiplied by it.
    """

    tokens: Tokens
    ink: Ink
    words: Words
    small: QFont
    small_bold: QFont
    scale: float
    small_line: float  # the height of a line of `small`
    glyphs: Glyphs
    blocks: BlockWords
    wrap_code: bool = False
    pictures: Pictures | None = None

    def icon(self, painter: QPainter, name: IconName, colour: str, place: QRectF) -> None:
        """Draw an icon; each is drawn from its paths once."""
        self.glyphs.paint(painter, name, colour, place)


class Target:
    """A place in a part that can be clicked, or reached by Tab. Each kind is a value.

    What a part does by itself is a kind of its own, which its `activate` understands.
    """


@dataclass(frozen=True)
class Link(Target):
    """A place that opens an address."""

    address: str


@dataclass(frozen=True)
class CopyCode(Target):
    """A place that copies the code below it."""

    text: str


@dataclass(frozen=True)
class Toggle(Target):
    """A place that opens or folds the reasoning."""


VerbName = Literal["copy", "edit", "regenerate", "continue", "fork", "delete", "previous", "next"]
VERB_ICONS: Final[dict[VerbName, IconName]] = {
    "copy": "copy",
    "edit": "pencil",
    "regenerate": "refresh",
    "continue": "play",
    "fork": "fork",
    "delete": "trash",
    "previous": "caret-left",
    "next": "caret-right",
}


@dataclass(frozen=True)
class Verb(Target):
    """A place that does something with the whole message."""

    name: VerbName


@dataclass(frozen=True)
class Details(Target):
    """A place that says more when it is pointed at."""

    text: str


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
    # Hits of a search: all of this part, and the one that is looked at.
    found: tuple[tuple[int, int], ...] = ()
    found_now: tuple[int, int] | None = None
    awake: bool = False  # the message is pointed at, or holds the keyboard: show what it offers


def look_of(
    tokens: Tokens,
    words: Words,
    percent: int = 100,
    *,
    wrap_code: bool = False,
    pictures: Pictures | None = None,
) -> Look:
    """The transcript's look under these tokens, with text of that size."""
    small = ui_font(_scaled(FONT.small, percent))
    small_bold = ui_font(_scaled(FONT.small, percent))
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
        prose=ui_font(_scaled(FONT.prose, percent)),
        mono=mono_font(_scaled(FONT.plain, percent)),
    )
    return Look(
        tokens=tokens,
        ink=ink,
        words=words,
        small=small,
        small_bold=small_bold,
        scale=percent / 100,
        small_line=QFontMetricsF(small).height(),
        glyphs=Glyphs(),
        blocks=block_words(),
        wrap_code=wrap_code,
        pictures=pictures,
    )


def _scaled(pixels: int, percent: int) -> int:
    return round(pixels * percent / 100)
