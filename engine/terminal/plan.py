"""`plan`: what goes where and how fast, before a byte of weights is downloaded."""

import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from engine.background.words import ModelSource, Planned, Unplanned
from engine.config import EngineConfig, Home, LoadWish
from engine.download.downloads import Downloads
from engine.download.values import Download, RemoteHeader
from engine.engine import own_parts
from engine.errors import BadRequest, ModelNotFound, NotAModel
from engine.fit.placement.wire import as_json
from engine.fit.rig import Rig
from engine.host.choose import choose
from engine.library.folders import shelf_folders
from engine.library.shelf import scan
from engine.planner.planner import Planner
from engine.terminal.arguments import file_or_id, split_quantization
from engine.terminal.plan_text import USUAL_WIDTH, plan_text, ranking_text
from engine.terminal.planning import planning
from engine.terminal.screen import MovingLine

_WHAT_TO_WRITE = (
    "Write a .gguf file, a name that `fullbore list` shows, or OWNER/NAME[:QUANT] of the Hub."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be planned. `files` gives what a dry run of the only one reads; `refused` are
    those whose headers are no model's, with the reason."""

    sources: tuple[ModelSource, ...]
    files: Callable[[], Awaitable[tuple[Path, ...]]]
    refused: tuple[tuple[str, str], ...] = ()


async def plan(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Print the plan of one model, or of each quantization of a repository. Raises EngineError."""
    wish = wish_of(asked)
    async with planning(home, config) as planner:
        wanted = await _wanted(planner, home, config, asked.model)
        planned = await _planned(planner, wanted, wish, asked)
    if asked.json:
        print(json.dumps(_json(planned), indent=2))
        return
    for failed in planned.unplanned:
        print(f"{failed.id}: {failed.sentence}", file=sys.stderr)
    width = shutil.get_terminal_size((USUAL_WIDTH, 24)).columns
    if len(planned.placed) == 1:
        print(plan_text(planned.placed[0].plan, price_per_kwh=asked.price, width=width))
    else:
        print(ranking_text(planned, width=width))


def wish_of(asked: Namespace) -> LoadWish:
    """The flags as a wish; what was not said is left to the planner."""
    return LoadWish(
        prefer=asked.prefer,
        devices=asked.devices,
        gpu_layers=asked.gpu_layers,
        split_mode=asked.split_mode,
        tensor_split=asked.tensor_split or (),
        cpu_experts=asked.cpu_experts,
        context_tokens=asked.context,
        cache_type=asked.cache,
        streams=asked.streams,
        reserve_bytes=dict(asked.reserve or ()),
    )


async def _planned(planner: Planner, wanted: _Wanted, wish: LoadWish, asked: Namespace) -> Planned:
    _check_cards(wish, planner.rig(wish, asked.machine))
    if not asked.exact:
        planned = await planner.plan(wanted.sources, wish, machine=asked.machine, upgrades=True)
        refused = tuple(
            Unplanned(id=name, code=NotAModel.code, sentence=why) for name, why in wanted.refused
        )
        return replace(planned, unplanned=(*refused, *planned.unplanned))
    if len(wanted.sources) != 1 or asked.machine is not None:
        raise BadRequest(
            "An exact plan is one quantization's, on this machine.",
            remedy="Write REPO:QUANT, and leave out --machine.",
        )
    files = await wanted.files()
    return Planned(placed=(await planner.exact(wanted.sources[0], files, wish),))


def _check_cards(wish: LoadWish, rig: Rig) -> None:
    known = {card.number for card in rig.cards}
    unknown = sorted({*(wish.devices or ()), *wish.reserve_bytes} - known)
    if unknown:
        numbers = ", ".join(map(str, sorted(known)))
        remedy = f"There are: {numbers}." if known else "There is none."
        raise BadRequest(f"There is no card {unknown[0]}.", remedy=remedy)


async def _wanted(planner: Planner, home: Home, config: EngineConfig, word: str) -> _Wanted:
    """A model of the shelf or a file, else a repository's quantizations."""
    name = file_or_id(word)
    is_file = name.lower().endswith(".gguf")
    folders = (Path(name).parent,) if is_file else shelf_folders(home, config)
    try:
        model = choose(name, scan(folders))
    except ModelNotFound as unknown:
        if is_file:
            raise ModelNotFound(f"There is no file {word}.", remedy=_WHAT_TO_WRITE) from None
        if "/" not in word:
            raise ModelNotFound(str(unknown), remedy=_WHAT_TO_WRITE) from None
        return await _from_hub(planner, home, config, word)

    async def own() -> tuple[Path, ...]:
        return model.files

    return _Wanted(sources=(ModelSource(id=model.id, files=model.files),), files=own)


async def _from_hub(planner: Planner, home: Home, config: EngineConfig, word: str) -> _Wanted:
    repository, label = split_quantization(word)
    line = MovingLine()
    seen: list[str] = []
    downloads = Downloads(
        config.hub_endpoint, home.models, _silent, cache=home.cache, command=own_parts().download
    )
    try:
        offered = await downloads.quantizations(repository)
        wanted = [one for one in offered if label is None or one.label.lower() == label.lower()]
        if not wanted:
            _refuse(repository, label, [one.label for one in offered])

        def count(header: RemoteHeader) -> None:
            seen.append(header.quantization.label)
            line.show(f"{len(seen)} of {len(wanted)} headers")

        headers = await downloads.headers(repository, wanted, on_header=count)
    finally:
        await downloads.close()
        line.clear()
    read = [header for header in headers if header.blueprint is not None]
    refused = [
        (f"{repository}:{header.quantization.label}", header.refusal)
        for header in headers
        if header.refusal is not None
    ]
    if not read:
        raise NotAModel(refused[0][1], remedy="Choose another repository.")

    async def sparse() -> tuple[Path, ...]:
        return await downloads.header_file(repository, read[0].quantization)

    sources = tuple(planner.source(repository, header) for header in read)
    return _Wanted(sources=sources, files=sparse, refused=tuple(refused))


def _refuse(repository: str, label: str | None, offered: Sequence[str]) -> NoReturn:
    if not offered:
        raise BadRequest(f"{repository} has no GGUF files.", remedy="Choose another repository.")
    remedy = f"It has: {', '.join(offered)}."
    raise BadRequest(f"{repository} has no quantization {label!r}.", remedy=remedy)


def _silent(_: Download) -> None:
    """No transfer is asked for here."""


def _json(planned: Planned) -> dict[str, object]:
    plans = [as_json(placed.plan) for placed in planned.placed]
    if len(plans) == 1 and not planned.unplanned:
        return plans[0]
    return {
        "plans": plans,
        "advised": planned.advised,
        "advice": planned.advice,
        "unplanned": [{"model": one.id, "why": one.sentence} for one in planned.unplanned],
    }
