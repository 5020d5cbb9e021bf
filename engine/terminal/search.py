"""`search`: which repositories of the Hub have models, and roughly where they would lie here."""

import json
import shutil
import textwrap
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict

from engine.config import EngineConfig, Home
from engine.download.downloads import Downloads
from engine.download.values import Download, RepositoryHit, SearchWish, SortBy
from engine.engine import own_parts
from engine.planner.discovery import Discovery
from engine.planner.estimate import Fit
from engine.terminal.plan_text import USUAL_WIDTH
from engine.terminal.planning import planning
from engine.terminal.screen import table

_USUAL_BITS = 4.85  # a weight, of the quantization most people take
_SAID = {Fit.CARDS: "on the cards", Fit.RAM: "with RAM", Fit.NEITHER: "too large"}
_LEGEND = "FITS is an estimate at 4 bits a weight; `fullbore plan OWNER/NAME` tells exactly."


async def search(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Print the repositories that match the words. Raises EngineError."""
    wish = SearchWish(
        words=" ".join(asked.words), sort=SortBy(asked.sort), architecture=asked.architecture
    )
    command = own_parts().download
    async with planning(home, config) as planner:
        downloads = Downloads(
            config.hub_endpoint, home.models, _silent, cache=home.cache, command=command
        )
        discovery = Discovery(
            planner,
            downloads,
            endpoint=lambda: config.hub_endpoint,
            cache=home.cache,
            command=command,
        )
        try:
            hits = await discovery.search(wish)
            fits = [_fit(discovery, hit) for hit in hits]
        finally:
            await discovery.close()
            await downloads.close()
    if asked.json:
        rows = [{**asdict(hit), "fit": fit} for hit, fit in zip(hits, fits, strict=True)]
        print(json.dumps({"repositories": rows}, indent=2))
    elif not hits:
        print(f"The Hub has no GGUF models named {wish.words!r}.")
    else:
        print(_text(hits, fits))


def _silent(_: Download) -> None:
    """No transfer is asked for here."""


def _fit(discovery: Discovery, hit: RepositoryHit) -> Fit | None:
    if hit.parameters is None:
        return None
    return discovery.estimate(int(hit.parameters * _USUAL_BITS / 8))


def _text(hits: Sequence[RepositoryHit], fits: Sequence[Fit | None]) -> str:
    head = ("REPOSITORY", "PARAMETERS", "DOWNLOADS", "LIKES", "UPDATED", "", "FITS")
    rows = [
        (
            hit.id,
            _count(hit.parameters),
            _count(hit.downloads),
            _count(hit.likes),
            (hit.updated or "")[:10],
            "gated" if hit.gated else "",
            "" if fit is None else _SAID[fit],
        )
        for hit, fit in zip(hits, fits, strict=True)
    ]
    width = shutil.get_terminal_size((USUAL_WIDTH, 24)).columns
    return "\n".join([table(head, rows), "", *textwrap.wrap(_LEGEND, width)])


def _count(number: int | None) -> str:
    """1.24B, 350M, 12k: three figures are enough to choose by."""
    if number is None:
        return ""
    for unit, name in ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= unit:
            return (
                f"{number / unit:.3g}{name}" if number < 999.5 * unit else f"{number // unit}{name}"
            )
    return str(number)
