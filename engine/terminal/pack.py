"""`pack`: the GPU pack of this machine, installed and removed without a window."""

import asyncio
import json
from typing import assert_never

from engine.config import EngineConfig, Home
from engine.doctor.doctor import Resting
from engine.doctor.packs import packs_of
from engine.engine import own_parts
from engine.errors import HomeBusy
from engine.handover.lock import HomeLock, is_owned
from engine.hardware.probe import probe
from engine.hardware.visible import visible_library
from engine.pack.pack import Packs
from engine.pack.values import Pack, PackState
from engine.terminal.progress import bar
from engine.terminal.screen import MovingLine, size_text


async def pack(home: Home, config: EngineConfig, deed: str, *, as_json: bool) -> None:
    """Show, install or remove it. Raises EngineError.

    To change it the home must be free: a Fullbore that runs shows and changes it itself.
    """
    line = MovingLine()
    owner = Resting(config=config, shelf=())
    packs = packs_of(home, own_parts(home.root), owner, lambda now: line.show(_moving(now)))
    lock = HomeLock(home)
    changes = deed != "status"
    if changes:
        _take(lock)
    try:
        library = visible_library(home.environment)
        machine = await asyncio.to_thread(probe, (home.models,), library=library)
        packs.open(machine, sweep=changes or not is_owned(home))
        await packs.settled()
        await _do(packs, deed)
    finally:
        await packs.close()
        line.clear()
        if changes:
            lock.release()
    now = packs.look()
    print(json.dumps(_as_json(now), indent=2) if as_json else pack_text(now))


def pack_text(now: Pack) -> str:
    """How it stands, for people."""
    said = [_said(now)]
    if now.reason is not None and now.state is not PackState.READY:
        said.append(str(now.reason))
    said.extend(part for part in (now.failure, str(now.remedy or "")) if part)
    if now.state is PackState.OFFERED:
        said.append("`fullbore pack install` brings it.")
    return "\n".join(said)


def _take(lock: HomeLock) -> None:
    try:
        lock.take()
    except HomeBusy as error:
        raise HomeBusy(
            str(error), remedy="Change the pack in its settings, or end that Fullbore first."
        ) from error


async def _do(packs: Packs, deed: str) -> None:
    if deed == "install":
        await packs.install()
    elif deed == "remove":
        await packs.remove()


def _said(now: Pack) -> str:
    sizes = f"{size_text(now.size_bytes)} to download, {size_text(now.unpacked_bytes)} on the disk"
    match now.state:
        case PackState.NEEDLESS:
            return "No GPU pack is needed."
        case PackState.OFFERED:
            here = f", {size_text(now.done_bytes)} of it are here" if now.done_bytes else ""
            return f"The GPU pack is not installed ({sizes}{here})."
        case PackState.READY:
            return f"The GPU pack is installed ({size_text(now.unpacked_bytes)})."
        case PackState.BROKEN:
            return "The GPU pack does not work."
        case PackState.REFUSED:
            return "There is no GPU pack for this machine."
        case PackState.DOWNLOADING | PackState.UNPACKING | PackState.PROVING:
            return f"The GPU pack is being installed ({now.state.value})."
    assert_never(now.state)


def _moving(now: Pack) -> str:
    match now.state:
        case PackState.DOWNLOADING:
            done, whole, says = now.done_bytes, now.size_bytes, "Downloading"
        case PackState.UNPACKING:
            done, whole, says = now.done_bytes, now.unpacked_bytes, "Unpacking"
        case PackState.PROVING:
            return "The card computes, to see that all is well"
        case _:
            return ""
    return f"{says}  {bar(done / max(whole, 1))}  {size_text(done)} of {size_text(whole)}"


def _as_json(now: Pack) -> dict[str, object]:
    return {
        "state": now.state.value,
        "kind": now.kind and now.kind.value,
        "size_bytes": now.size_bytes,
        "done_bytes": now.done_bytes,
        "unpacked_bytes": now.unpacked_bytes,
        "reason": now.reason and str(now.reason),
        "remedy": now.remedy and str(now.remedy),
        "failure": now.failure or None,
    }
