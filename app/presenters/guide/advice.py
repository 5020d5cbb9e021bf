"""One advised model: what its size tells, and what the planner says once its header was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.lists.offers_list import Offer
from engine.config import RankWish
from engine.download.values import DownloadPhase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.surface import EngineSurface, Ranked
    from engine.download.values import Advised, Download, Quantization

MOST_HEADERS = 4  # of a repository: those near to what most people take
_STANDING = frozenset({DownloadPhase.PAUSED, DownloadPhase.FAILED, DownloadPhase.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`offer` is None while its size alone speaks for it; `failure` says why that will stay so."""

    advised: Advised
    offer: Offer | None = None
    failure: str = ""

    @property
    def name(self) -> str:
        """The model's, once it is known which of its quantizations is meant; else empty."""
        label = "" if self.offer is None else self.offer.quantization.label
        return f"{self.advised.curated.id}:{label}" if label else ""


def nearest(
    quantizations: Sequence[Quantization], size_bytes: int, disk_bytes: int
) -> tuple[Quantization, ...]:
    """Those for which there is room on the disk, the one nearest to that size first."""
    there_is_room = [one for one in quantizations if one.size_bytes <= disk_bytes]
    return tuple(sorted(there_is_room, key=lambda one: abs(one.size_bytes - size_bytes)))


async def planned(engine: EngineSurface, advised: Advised, disk_bytes: int) -> Offer | None:
    """The quantization to take, with its plan; None where none has room on the disk.

    Raises EngineError.
    """
    known = advised.curated
    page = await engine.discovery.page(known.id)
    wanted = nearest(page.quantizations, known.size_bytes, disk_bytes)[:MOST_HEADERS]
    if not wanted:
        return None
    ranked = await engine.discovery.rank(known.id, wanted, RankWish())
    return _taken(ranked, wanted, known.id)


def _taken(ranked: Ranked, wanted: Sequence[Quantization], repository: str) -> Offer | None:
    """What the planner advises; where it advises none, what is nearest and fits."""
    by_name = {f"{repository}:{one.label}": one for one in wanted}
    placed = {one.plan.model: one for one in ranked.placed}
    fitting = [name for name in by_name if name in placed and placed[name].plan.fits]
    name = ranked.advised if ranked.advised in placed else next(iter(fitting or placed), None)
    if name is None:
        return None
    found = placed[name]
    return Offer(quantization=by_name[name], plan=found.plan, kind=found.kind, advised=True)


async def fetched(engine: EngineSurface, repository: str, wanted: Quantization) -> Download:
    """Queue it; one that stood still goes on. Raises EngineError."""
    name = f"{repository}:{wanted.label}"
    for known in engine.downloads.all():
        if known.id == name and known.phase in _STANDING:
            engine.downloads.resume(name)
            return known
    return await engine.downloads.enqueue(repository, wanted)
