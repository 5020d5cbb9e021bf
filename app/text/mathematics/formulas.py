"""What a formula is before it is set, and how it is written down in a document."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

# `<img src="tex:…">` stands for an inline formula in the markup of blocks.
SCHEME: Final = "tex:"
# How one is marked that was displayed in the middle of a line.
DISPLAYED: Final = "\\displaystyle "


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX, set on a line of text or displayed on lines of its own."""

    source: str
    display: bool = False

    @property
    def written(self) -> str:
        """As an author writes it in Markdown."""
        if self.display:
            return f"$${self.source.strip()}$$"
        if self.source.startswith(DISPLAYED):
            return f"$${self.source.removeprefix(DISPLAYED).strip()}$$"
        return f"${self.source.strip()}$"


def formula_at(address: str) -> Formula | None:
    """The inline formula an image's address stands for, if it stands for one."""
    if not address.startswith(SCHEME):
        return None
    return Formula(unquote(address.removeprefix(SCHEME)).strip())
