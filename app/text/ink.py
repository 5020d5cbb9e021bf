"""The colours and letters a document is written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextCharFormat

from app.text.colours import COLOUR_CLASSES, ColourClass
from app.text.mathematics.mathematics import Mathematics

# The distance of two lines of prose, in heights of its letters.
LINE_HEIGHT: Final = 1.65


@dataclass(frozen=True, kw_only=True)
class Ink:
    """Colours are `#rrggbb`; the fonts carry their size in pixels.

    Without `mathematics` a formula is written as its source.
    """

    text: str
    dim: str
    faint: str
    accent: str
    border: str
    table_head: str
    inline_code: str
    selection: str
    syntax: Mapping[str, str]
    prose: QFont
    mono: QFont
    mathematics: Mathematics | None = None

    @cached_property
    def code_formats(self) -> dict[ColourClass, QTextCharFormat]:
        """How each class of code is written."""
        formats: dict[ColourClass, QTextCharFormat] = {}
        for name in COLOUR_CLASSES:
            form = QTextCharFormat()
            form.setFont(self.mono)
            form.setForeground(QColor(self.syntax[name]))
            formats[name] = form
        return formats

    @cached_property
    def leading(self) -> float:
        """What the stylesheet adds below a line of prose, in pixels."""
        return max(0.0, LINE_HEIGHT * self.prose.pixelSize() - QFontMetricsF(self.prose).height())

    @cached_property
    def css(self) -> str:
        """The stylesheet of prose."""
        return self._css(self.text, self.prose.pixelSize())

    @cached_property
    def faded_css(self) -> str:
        """The stylesheet of what stands behind the prose: reasoning and quotes."""
        return self._css(self.dim, self.prose.pixelSize() - 1)

    def _css(self, colour: str, size: int) -> str:
        mono, plain = (
            ",".join(f"'{family}'" for family in font.families())
            for font in (self.mono, self.prose)
        )
        small = size - 2
        # Fonts differ in how much air their own lines have; the reader should not notice.
        line = round(100 * (1 + self.leading / QFontMetricsF(self.prose).height()))
        heads = "".join(
            f"h{level} {{ font-size: {size + more}px; font-weight: 600; "
            f"margin: {above}px 0 2px 0; }}"
            for level, more, above in ((1, 8, 8), (2, 5, 6), (3, 2, 4), (4, 0, 2), (5, 0, 2))
        )
        return f"""
body {{ color: {colour}; font-size: {size}px; }}
p {{ margin: 0 0 8px 0; line-height: {line}%; }}
ul, ol {{ margin: 0; -qt-list-indent: 0; margin-left: 22px; }}
li {{ line-height: {line}%; margin: 0 0 2px 0; }}
h6 {{ font-size: {small}px; font-weight: 600; margin: 2px 0; }}
{heads}
a {{ color: {self.accent}; text-decoration: none; }}
code {{ font-family: {mono}; font-size: {small}px; background-color: {self.inline_code};
    white-space: pre-wrap; }}
.thin {{ font-family: {plain}; }}
pre {{ font-family: {mono}; font-size: {small}px; background-color: {self.inline_code};
    margin: 4px 0; }}
table {{ border-collapse: collapse; border: 1px solid {self.border}; }}
td, th {{ padding: 7px 12px; border: 1px solid {self.border}; }}
th {{ background-color: {self.table_head}; font-weight: 600; }}
blockquote {{ color: {self.dim}; margin: 0 0 0 12px; }}
"""
