"""`plan`: what goes where and how fast, before a byte of weights is downloaded."""

import json
from argparse import Namespace
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from engine.background.background import Background
from engine.background.words import ModelSource, Planned
from engine.config import EngineConfig, Home, LoadWish
from engine.download.downloads import Downloads
from engine.download.values import Download, RemoteHeader
from engine.engine import own_parts
from engine.errors import BadRequest, EngineError, ModelNotFound
from engine.fit.placement.wire import as_json
from engine.fit.plan import CardBytes, Interval, Plan
from engine.hardware.probe import probe
from engine.hardware.sampler import read_once
from engine.host.choose import choose
from engine.host.measured import calibration_file, installed_llama, read_calibration
from engine.library.shelf import scan
from engine.planner.planner import Planner, Present
from engine.terminal.arguments import file_or_id, split_quantization
from engine.terminal.screen import MovingLine, size_text, table

_BAR_CELLS = 30
_WHERE = {
    "gpu": "on the cards",
    "tensor": "on the cards",
    "experts": "experts in RAM",
    "layers": "layers in RAM",
    "cpu": "on the processor",
}


async def plan(home: Home, config: EngineConfig, asked: Namespace) -> None:
    """Print the plan of one model, or of each quantization of a repository. Raises EngineError."""
    wish = wish_of(asked)
    async with _planner(home, config) as planner:
        sources, files = await _sources(planner, home, config, asked.model)
        if asked.exact:
            if len(sources) != 1 or asked.machine is not None:
                raise BadRequest(
                    "An exact plan is one quantization's, on this machine.",
                    remedy="Write REPO:QUANT, and leave out --machine.",
                )
            files = files or await _header_files(home, config, asked.model)
            planned = Planned(placed=(await planner.exact(sources[0], files, wish),))
        else:
            planned = await planner.plan(sources, wish, machine=asked.machine)
    for failed in planned.unplanned:
        if not asked.json:
            print(f"{failed.id}: {failed.sentence}")
    plans = [placed.plan for placed in planned.placed]
    if asked.json:
        print(json.dumps(_json(planned, plans), indent=2))
    elif len(plans) == 1:
        print(plan_text(plans[0]))
    else:
        print(ranking_text(planned))


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


@asynccontextmanager
async def _planner(home: Home, config: EngineConfig) -> AsyncGenerator[Planner]:
    parts = own_parts()
    background = Background(parts.background)
    machine = probe((home.models, *config.folders))
    present = Present(
        machine=machine,
        reading=read_once(),
        calibration=read_calibration(calibration_file(home.cache), machine, installed_llama()),
        held={},
    )
    try:
        yield Planner(
            background,
            lambda: present,
            dry_run_command=(*parts.worker, "--dry-run"),
            cache=home.cache,
            streams=config.streams,
        )
    finally:
        await background.close()


async def _sources(
    planner: Planner, home: Home, config: EngineConfig, word: str
) -> tuple[tuple[ModelSource, ...], tuple[Path, ...]]:
    """A model of the shelf or a file with its files, else a repository's quantizations."""
    name = file_or_id(word)
    try:
        path = Path(name)
        folders = (path.parent,) if path.suffix.lower() == ".gguf" else _folders(home, config)
        model = choose(name, scan(folders))
    except ModelNotFound:
        if word.count("/") == 0 or name.lower().endswith(".gguf"):
            raise
    else:
        return (ModelSource(id=model.id, files=model.files),), model.files
    return await _from_hub(planner, home, config, word), ()


def _folders(home: Home, config: EngineConfig) -> tuple[Path, ...]:
    return (home.models, *config.folders)


async def _from_hub(
    planner: Planner, home: Home, config: EngineConfig, word: str
) -> tuple[ModelSource, ...]:
    repository, label = split_quantization(word)
    line = MovingLine()
    seen: list[str] = []
    downloads = _downloads(home, config)
    try:
        offered = await downloads.quantizations(repository)
        wanted = [one for one in offered if label is None or one.label.lower() == label.lower()]
        if not wanted:
            labels = ", ".join(one.label for one in offered) or "none"
            raise BadRequest(
                f"{repository} has no quantization {label!r}.", remedy=f"It has: {labels}."
            )

        def count(header: RemoteHeader) -> None:
            seen.append(header.quantization.label)
            line.show(f"{len(seen)} of {len(wanted)} headers")

        headers = await downloads.headers(repository, wanted, on_header=count)
    finally:
        await downloads.close()
        line.clear()
    refusals = [header.refusal for header in headers if header.refusal]
    if len(refusals) == len(headers):
        raise EngineError(refusals[0] or "", remedy="Choose another repository.")
    return tuple(
        planner.source(repository, header) for header in headers if header.blueprint is not None
    )


async def _header_files(home: Home, config: EngineConfig, word: str) -> tuple[Path, ...]:
    repository, label = split_quantization(word)
    downloads = _downloads(home, config)
    try:
        offered = await downloads.quantizations(repository)
        wanted = next(one for one in offered if label and one.label.lower() == label.lower())
        return await downloads.header_file(repository, wanted)
    finally:
        await downloads.close()


def _downloads(home: Home, config: EngineConfig) -> Downloads:
    def silent(_: Download) -> None:
        """No transfer is asked for here."""

    return Downloads(config.hub_endpoint, home.models, silent, command=own_parts().download)


def _json(planned: Planned, plans: Sequence[Plan]) -> dict[str, object]:
    if len(plans) == 1:
        return as_json(plans[0])
    return {
        "plans": [as_json(one) for one in plans],
        "advised": planned.advised,
        "advice": planned.advice,
    }


def ranking_text(planned: Planned) -> str:
    """One line a quantization."""
    plans = [(placed.plan, _WHERE[placed.kind]) for placed in planned.placed]
    rows = [
        (
            ("→ " if one.model == planned.advised else "  ") + one.model.rpartition(":")[2],
            f"{one.quality.bits_per_weight:.2f}",
            " + ".join(size_text(card.total) for card in one.footprint.cards) or "–",
            size_text(one.footprint.host.total),
            f"{one.layout.context_tokens:,}",
            f"{one.pace.decode_tps.expected:.1f}",
            where if one.fits else "does not fit",
        )
        for one, where in plans
    ]
    head = ("QUANTIZATION", "BITS", "ON CARDS", "IN RAM", "CONTEXT", "TOK/S", "")
    machine = plans[0][0].machine if plans else "this machine"
    return "\n".join((f"On {machine}", "", table(head, rows), "", planned.advice or ""))


def plan_text(one: Plan) -> str:
    """A plan for people: bars, speeds, reasons, what else there is."""
    quality = one.quality
    lines = [
        f"{one.model}  {one.quantization or ''}  {quality.bits_per_weight:.2f} bits per weight",
        f"on {one.machine}",
        "",
        *_places(one),
        "",
        f"decode {_range(one.pace.decode_tps)} tok/s · prompt {_range(one.pace.prompt_tps)} tok/s"
        f" · loads in {one.pace.load_seconds:.0f} s",
        f"context {one.layout.context_tokens:,} · KV cache {one.layout.cache_type}"
        f" · micro-batch {one.layout.micro_batch_tokens} · {one.layout.streams} streams",
        *_section("Why", one.reasons),
        *_section("Quality", [quality.warning] if quality.warning else []),
        *_section("Instead", [_alternative(other) for other in one.alternatives]),
        *_section(
            "To free, add or buy",
            [
                f"{change.what}: {change.decode_tps:.1f} tok/s"
                + ("" if change.fits else " (still does not fit)")
                for change in one.changes
            ],
        ),
    ]
    if not one.fits:
        lines.insert(2, "It does not fit.")
    return "\n".join(lines)


def _places(one: Plan) -> list[str]:
    host = one.footprint.host
    rows = [
        (
            card.name,
            *(
                size_text(size)
                for size in (card.weights, card.kv, card.compute, card.residual, card.total)
            ),
            size_text(card.capacity),
            _bar(card),
        )
        for card in one.footprint.cards
    ]
    rows.append(
        (
            "RAM",
            *(size_text(size) for size in (host.weights, host.kv, host.compute)),
            "",
            size_text(host.total),
            size_text(host.capacity),
            _cells(host.total / max(1, host.capacity), (host.capacity - host.free) / host.capacity),
        )
    )
    head = ("", "WEIGHTS", "KV CACHE", "COMPUTE", "DRIVER", "TOTAL", "OF", "")
    return table(head, rows).splitlines()


def _bar(card: CardBytes) -> str:
    return _cells(card.total / card.capacity, card.used / card.capacity)


def _cells(ours: float, others: float) -> str:
    mine = min(_BAR_CELLS, round(ours * _BAR_CELLS))
    theirs = min(_BAR_CELLS - mine, round(others * _BAR_CELLS))
    return "[" + "█" * mine + "▒" * theirs + "·" * (_BAR_CELLS - mine - theirs) + "]"


def _range(tps: Interval) -> str:
    return f"{tps.expected:,.1f} ({tps.low:,.1f}–{tps.high:,.1f})"


def _alternative(other: Plan) -> str:
    layout = other.layout
    speed = f"{other.pace.decode_tps.expected:.1f} tok/s"
    how = f"{len(layout.cards)} cards, {layout.split_mode}" if layout.cards else "no card"
    return (
        f"{speed} with context {layout.context_tokens:,}, {layout.cache_type} cache, {how},"
        f" {layout.gpu_layers} layers on cards, {len(layout.cpu_experts)} layers' experts in RAM"
    )


def _section(title: str, sentences: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {sentence}" for sentence in sentences)] if sentences else []
