"""What a formula is before it is set, and how it is written down in a document."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

# `<img src="tex:…">` stands for an inline formula in the markup of blocks.
SCHEME: Final = "tex:"


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX, set on a line of text or displayed on lines of its own."""

    source: str
    display: bool = False

    @property
    def written(self) -> str:
        """As an author writes it in Markdown."""
        return f"$${self.source}$$" if self.display else f"${self.source}$"


def address_of(source: str) -> str:
    """How the markup of a block names an inline formula."""
    return SCHEME + quote(source, safe="", errors="replace")


def formula_at(address: str) -> Formula | None:
    """The inline formula an image's address stands for, if it stands for one."""
    if not address.startswith(SCHEME):
        return None
    return Formula(unquote(address.removeprefix(SCHEME)).strip())
