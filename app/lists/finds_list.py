"""Repositories that were found, and those worth knowing."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

from app.lists.row_list import RowList
from app.lists.sizes import count_text, size_text
from engine.download.values import Curated, RepositoryHit

Room = Literal["cards", "ram", "neither", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """One repository of a search; `room` is estimated from its size alone."""

    hit: RepositoryHit
    room: Room = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worthy:
    """One repository worth knowing; `room` is estimated from its size alone."""

    curated: Curated
    room: Room = "unknown"


class FindsList(RowList[Find]):
    """Rows of repositories that a search found."""

    @override
    def key(self, row: Find) -> object:
        return row.hit.id

    @override
    def title(self, row: Find) -> str:
        return row.hit.id

    @override
    def detail(self, row: Find) -> str:
        hit = row.hit
        parts: list[str] = []
        if hit.parameters is not None:
            parts.append(count_text(hit.parameters))
        if hit.architecture:
            parts.append(hit.architecture)
        if hit.downloads is not None:
            parts.append(self.tr("{count} downloads").format(count=count_text(hit.downloads)))
        if hit.likes is not None:
            parts.append(self.tr("{count} likes").format(count=count_text(hit.likes)))
        if hit.updated:
            parts.append(hit.updated[:10])
        if hit.gated:
            parts.append(self.tr("asks for a login"))
        return " · ".join(parts)


class WorthyList(RowList[Worthy]):
    """Cards of repositories worth knowing."""

    @override
    def key(self, row: Worthy) -> object:
        return row.curated.id

    @override
    def title(self, row: Worthy) -> str:
        return row.curated.title

    @override
    def detail(self, row: Worthy) -> str:
        known = row.curated
        sizes = count_text(known.parameters)
        if known.active_parameters != known.parameters:
            sizes = self.tr("{total}, {active} active").format(
                total=sizes, active=count_text(known.active_parameters)
            )
        return " · ".join((sizes, size_text(known.size_bytes)))
