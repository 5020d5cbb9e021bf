"""Files known by address, size and hash: no Hub describes them, and no login is sent."""

from pathlib import Path

from pydantic.dataclasses import dataclass

from engine.download.leftovers import PART
from engine.download.part import held_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: where it is, what it is, and where it is to lie."""

    url: str
    sha256: str
    size_bytes: int
    target: str

    @property
    def part(self) -> Path:
        """Its place while it is on its way: another content never goes on with it."""
        target = Path(self.target)
        return target.with_name(f"{target.name}.{self.sha256[:12]}{PART}")

    @property
    def is_here(self) -> bool:
        """Does a file of that size lie in its place?"""
        target = Path(self.target)
        return target.is_file() and target.stat().st_size == self.size_bytes

    @property
    def held_bytes(self) -> int:
        """What is here already, whole or in part."""
        return self.size_bytes if self.is_here else held_bytes(self.part, self.size_bytes)
