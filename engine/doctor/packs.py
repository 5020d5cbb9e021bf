"""The desk of the GPU pack, with the doctor's proof as its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from engine.config import EngineConfig, Home
from engine.doctor.facts import DeviceFacts, LibraryFacts
from engine.doctor.gathering import Proving
from engine.doctor.judge_library import RIGHT
from engine.host.children import EngineParts
from engine.pack.pack import Packs, Tools
from engine.pack.place import this_version
from engine.pack.prove import SeenCard, Tried, Verdict, verdict
from engine.pack.values import Pack, PackKind


class Configured(Protocol):
    """Whose settings count: an Engine, or what a terminal knows without one."""

    @property
    def config(self) -> EngineConfig: ...


def packs_of(
    home: Home, parts: EngineParts, owner: Configured, tell: Callable[[Pack], None]
) -> Packs:
    """The desk of that home."""

    async def prove(folder: Path) -> Verdict:
        worker = (*parts.worker, "--pack", str(folder))
        found = await Proving(worker).prove(quick=False)
        return judged(found, vulkan=folder.name.startswith(PackKind.VULKAN))

    async def built_in() -> bool:
        found = await Proving((*parts.worker, "--pack", "")).prove(quick=True)
        return any(device.is_card for device in found.devices)

    tools = Tools(
        download=parts.download,
        prove=prove,
        built_in=built_in,
        source=lambda: owner.config.pack_source,
        limit=lambda: owner.config.download_bytes_per_second,
    )
    return Packs(home.root, this_version(), tools, tell)


def judged(found: LibraryFacts, *, vulkan: bool = False) -> Verdict:
    """Whether the cards compute what they should, with the pack they were tried with."""
    # Vulkan sees the processor's own graphics, too, and they serve nobody.
    own = [device for device in found.devices if device.is_card and not device.is_integrated]
    cards = own if vulkan else [device for device in found.devices if device.is_card]
    tried = [_tried(device) for device in cards]
    seen = tuple(SeenCard(name=card.description, memory_bytes=card.memory_bytes) for card in own)
    return replace(verdict(found.failure, tried, found.pack_skipped, vulkan=vulkan), cards=seen)


def _tried(device: DeviceFacts) -> Tried:
    name = device.description
    if device.died:
        return Tried(name=name, right=False, why="llama.cpp went down, or hung, as it computed")
    if device.error is None:
        return Tried(name=name, right=None, why=device.failure or "no answer")
    if device.error > RIGHT:
        return Tried(name=name, right=False, why=f"it is {device.error:.0%} off the known answer")
    return Tried(name=name, right=True)
