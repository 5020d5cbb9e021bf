"""`probe`, `list` and `pull`: what there is, and what could be."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace

from engine.config import EngineConfig, Home
from engine.download.downloads import Downloads
from engine.download.values import Download, Quantization
from engine.engine import own_parts
from engine.errors import BadRequest, EngineError
from engine.fit.placement.words import gigabytes
from engine.hardware.machine import Machine
from engine.hardware.probe import probe
from engine.hardware.visible import visible_library
from engine.host.keeper import ORIGIN_NAMES
from engine.host.settings import direct
from engine.host.uses import Uses
from engine.library.folders import foreign_folders, shelf_folders
from engine.library.shelf import scan, survey
from engine.library.shelf_model import ShelfModel
from engine.pack.cards import served
from engine.terminal.arguments import split_quantization
from engine.terminal.desk import keeping, let_owner_look
from engine.terminal.progress import transfer_text
from engine.terminal.screen import MovingLine, size_text, table


def show_machine(home: Home, config: EngineConfig, *, as_json: bool) -> None:
    """Print what this machine has."""
    library = visible_library(home.environment)
    machine = served(probe((home.models, *config.folders), library=library), home.root)
    print(json.dumps(asdict(machine), indent=2) if as_json else _machine_text(machine))


def show_shelf(home: Home, config: EngineConfig, *, as_json: bool) -> None:
    """Print the models on the shelf, and where others were found."""
    uses = Uses(home.state)
    folders = (*shelf_folders(home, config), *uses.guests.folders)
    models = [replace(model, used_at=uses.at(model.id)) for model in scan(folders)]
    if as_json:
        print(json.dumps({"models": [_model_json(model) for model in models]}, indent=2))
        return
    if models:
        print(table(("MODEL", "QUANT", "SIZE", "USED", "FROM"), [_row(model) for model in models]))
    else:
        print(f"There are no models in {home.models} yet: `fullbore pull OWNER/NAME` brings one.")
    for model in models:
        if model.broken:
            print(f"{model.id}: {model.broken}")
    for folder in foreign_folders(home.environment):
        count = 0 if folder.origin in config.foreign else survey(folder)[0]
        if count:
            print(
                f"Not shown: {count} in {folder.path}. To use them, add {folder.origin.value!r} "
                f"to `foreign` in {home.engine_toml}."
            )


async def pull(home: Home, config: EngineConfig, word: str, *, as_json: bool) -> None:
    """Download a quantization, resuming what is there; print where it lies."""
    repository, label = split_quantization(word)
    line = MovingLine()

    def tell(transfer: Download) -> None:
        line.show(transfer_text(transfer))

    downloads = Downloads(
        config.hub_endpoint, home.models, tell, cache=home.cache, command=own_parts().download
    )
    direct(downloads, config)
    try:
        offered = await downloads.quantizations(repository)
        chosen = choose_quantization(repository, label, offered)
        paths = await downloads.download(repository, chosen)
    finally:
        await downloads.close()
        line.clear()
    name = f"{repository}:{chosen.label}"
    await _arrived(home, config, name)
    files = [str(path) for path in paths]
    if as_json:
        print(json.dumps({"id": name, "files": files, "size_bytes": chosen.size_bytes}))
    else:
        print("\n".join([name, *files]))


async def _arrived(home: Home, config: EngineConfig, name: str) -> None:
    """Remember what the Hub says of it, for verifying later; let a running Engine look."""
    await let_owner_look(home)
    with suppress(EngineError, TimeoutError):
        async with keeping(home, config) as (_, keeper):
            await keeper.arrived(name)


def choose_quantization(
    repository: str, label: str | None, offered: Sequence[Quantization]
) -> Quantization:
    """The one that was named, or the only one. Raises BadRequest, which lists them."""
    wanted = [one for one in offered if label is None or one.label.lower() == label.lower()]
    if len(wanted) == 1:
        return wanted[0]
    if not offered:
        raise BadRequest(f"{repository} has no GGUF files.", remedy="Choose another repository.")
    labels = ", ".join(_offer(one) for one in offered)
    what = f"no quantization {label!r}" if label else "several quantizations"
    raise BadRequest(
        f"{repository} has {what}.", remedy=f"Write {repository}:QUANT with one of: {labels}."
    )


def _offer(one: Quantization) -> str:
    return f"{one.label} ({size_text(one.size_bytes)})"


def _row(model: ShelfModel) -> tuple[str, ...]:
    used = model.used_at[:10] if model.used_at else ""
    size = size_text(model.size_bytes)
    return (model.id, model.quantization or "", size, used, ORIGIN_NAMES[model.origin])


def _model_json(model: ShelfModel) -> dict[str, object]:
    return {**asdict(model), "files": [str(file) for file in model.files]}


def _machine_text(machine: Machine) -> str:
    lines = [
        f"System   {machine.system}",
        f"CPU      {machine.cpu.name}, {machine.cpu.physical_cores} cores",
        f"Memory   {gigabytes(machine.memory_bytes)}",
    ]
    lines += [
        f"GPU {gpu.index}    {gpu.name}, {_memory(gpu.memory_bytes)}" for gpu in machine.gpus
    ] or ["GPU      none that NVIDIA's driver reports"]
    if not machine.gpus:
        waiting = "served through Vulkan by the GPU pack (`fullbore pack`)"
        lines += [f"         {card.name}, {waiting}" for card in machine.others]
    lines += [
        f"Disk     {disk.path}: {size_text(disk.free_bytes)} of {size_text(disk.total_bytes)} free"
        for disk in machine.disks
    ]
    return "\n".join(lines)


def _memory(size_bytes: int | None) -> str:
    return "memory not reported" if size_bytes is None else gigabytes(size_bytes)
