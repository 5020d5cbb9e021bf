"""Packs: the desk of the GPU pack of this machine."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import DownloadCancelled, EngineError
from engine.fit.saying import say
from engine.hardware.machine import Machine
from engine.pack import fetch
from engine.pack.cards import keep_cards, kept_cards, with_cards
from engine.pack.catalogue import (
    Part,
    Recipe,
    own_system,
    pack_name,
    part_at,
    plugin_part,
    read_catalogue,
    recipes_here,
    source_of,
    unpacked,
)
from engine.pack.choice import Choice, choose
from engine.pack.failures import PackFailed, unwritten
from engine.pack.place import Place
from engine.pack.prove import SeenCard, Verdict
from engine.pack.unpack import Archive, Stopped, unpack
from engine.pack.values import Pack, PackKind, PackState

_log = logging.getLogger(__name__)

_TOLD_BYTES = 4 << 20  # unpacking is told of that often


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What the desk works with. `prove` has a pack's cards compute; `built_in` asks whether the
    library serves cards without one; `source` and `limit` are settings."""

    download: tuple[str, ...]
    prove: Callable[[Path], Awaitable[Verdict]]
    built_in: Callable[[], Awaitable[bool]]
    source: Callable[[], str | None] = lambda: None
    limit: Callable[[], int | None] = lambda: None
    free: fetch.Free = fetch.free_bytes
    recipes: tuple[Recipe, ...] | None = None  # None: assets/packs.toml's
    system: str | None = None  # None: this one


class Packs:
    """Belongs to the engine's loop. Nothing is downloaded before `install`."""

    def __init__(
        self, home: Path, version: str, tools: Tools, tell: Callable[[Pack], None]
    ) -> None:
        self._place = Place(home, version)
        self._version = version
        self._tools = tools
        self._tell = tell
        self._recipes = dict[PackKind, Recipe]()
        self._machine: Machine | None = None
        self._seen: tuple[SeenCard, ...] = ()
        self._choice = Choice(state=PackState.NEEDLESS)
        self._pack = Pack(state=PackState.NEEDLESS)
        self._work: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._stop = threading.Event()

    def look(self) -> Pack:
        """How it stands."""
        return self._pack

    def open(self, machine: Machine, *, sweep: bool = True) -> None:
        """Find out what this machine could have. Whether the library needs a pack is asked in the
        background, of a child, and only where there is a card: until then none is offered.

        `sweep` clears away what an install left that was killed; not beside one that may run.
        """
        if sweep:
            self._place.sweep()
        system = self._tools.system or own_system()
        recipes = read_catalogue() if self._tools.recipes is None else self._tools.recipes
        self._recipes = recipes_here(recipes, system)
        self._choice = choose(machine, self._recipes.keys())
        self._machine = machine
        known = self._rest()
        if self._place.ready is PackKind.VULKAN and machine.others:
            seen = kept_cards(self._place.folder(PackKind.VULKAN), machine)
            self._seen = seen or ()
            if seen is None:  # the cards are others than at its proof
                self._asking = asyncio.create_task(self._prove_again(), name="the GPU pack")
        if known.state is PackState.OFFERED:
            self._asking = asyncio.create_task(self._ask(machine, known), name="the GPU pack")
        else:
            self._pack = known

    def complete(self, machine: Machine) -> Machine:
        """That machine with the cards that only the pack tells of, while it is ready."""
        seen = self._seen if self._pack.state is PackState.READY else ()
        return with_cards(machine, seen)

    async def settled(self) -> Pack:
        """How it stands once that is known."""
        if self._asking is not None:
            await self._asking
        return self._pack

    async def close(self) -> None:
        """Stop what is under way; what has arrived is kept."""
        self._stop.set()
        for task in (self._work, self._asking):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, EngineError):
                    await task

    async def install(self) -> None:
        """Download, unpack and prove it, or go on where that was broken off. Raises EngineError."""
        await self.settled()
        if self._work is not None:
            raise PackFailed("The GPU pack is being installed.", remedy="Wait until it is done.")
        recipe = self._recipes.get(self._choice.kind) if self._choice.kind else None
        if recipe is None or self._pack.state not in (PackState.OFFERED, PackState.BROKEN):
            raise self._nothing()
        self._stop.clear()
        self._work = asyncio.create_task(self._install(recipe), name="the GPU pack's install")
        try:
            await self._work
        except asyncio.CancelledError:
            self._stop.set()
            if _is_cancelled():
                raise
            raise DownloadCancelled(
                "The GPU pack's install was stopped.",
                remedy="Install it again to go on: what has arrived is kept.",
            ) from None
        finally:
            self._work = None

    def cancel(self) -> None:
        """Stop the install under way; what has arrived is kept."""
        self._stop.set()
        if self._work is not None:
            self._work.cancel()

    async def remove(self) -> None:
        """Delete the pack, and what has arrived of one. Raises PackFailed where it is in use."""
        if self._work is not None:
            raise PackFailed("The GPU pack is being installed.", remedy="Stop that first.")
        try:
            await asyncio.to_thread(self._place.clear)
        except OSError as error:
            raise PackFailed(
                f"The GPU pack could not be deleted: {error.strerror or error}.",
                remedy="Unload every model, then remove it again.",
            ) from error
        finally:
            self._move(self._rest())

    # --- how it stands ------------------------------------------------------------------------

    def _rest(self, failure: str = "") -> Pack:
        """How it stands when nothing is under way, by what lies on the disk."""
        ready, broken = self._place.ready, self._place.broken
        if ready is not None:
            return self._ready(ready)
        choice = self._choice
        plain = Pack(state=choice.state, reason=choice.reason, remedy=choice.remedy)
        recipe = None if choice.kind is None else self._recipes.get(choice.kind)
        if recipe is None:
            return replace(plain, failure=failure)
        here = replace(
            plain,
            kind=recipe.kind,
            size_bytes=recipe.size_bytes,
            unpacked_bytes=recipe.unpacked_bytes,
            done_bytes=self._held(recipe),
            failure=failure,
        )
        if broken is not None and broken[0] is recipe.kind:
            return replace(here, state=PackState.BROKEN, failure=failure or broken[1])
        return here

    def _ready(self, kind: PackKind) -> Pack:
        seen = self._choice.kind is not None or self._choice.state is not PackState.NEEDLESS
        reason = say("Models use the card.") if seen else say("No card is seen just now.")
        size = 0
        with suppress(OSError):
            size = self._place.size_bytes
        return Pack(state=PackState.READY, kind=kind, unpacked_bytes=size, reason=reason)

    def _held(self, recipe: Recipe) -> int:
        with suppress(OSError):
            parts = [part_at(part, self._tools.source()) for part in recipe.part]
            return fetch.held(parts, self._place.parts)
        return 0

    def _nothing(self) -> PackFailed:
        """The sentence for an install where there is nothing to be installed."""
        if self._pack.state is PackState.READY:
            return PackFailed(
                "The GPU pack is installed.", remedy="Remove it first, to install it anew."
            )
        why = str(self._pack.reason or "No GPU pack is needed.")
        return PackFailed(why, remedy=str(self._pack.remedy or "There is nothing to be installed."))

    async def _ask(self, machine: Machine, offered: Pack) -> None:
        if await self._tools.built_in():
            self._choice = choose(machine, self._recipes.keys(), built_in=True)
            self._move(self._rest())
        else:
            self._move(offered)

    def _move(self, pack: Pack) -> None:
        if pack != self._pack:
            self._pack = pack
            self._tell(pack)

    # --- an install ---------------------------------------------------------------------------

    async def _install(self, recipe: Recipe) -> None:
        failure = ""
        try:
            parts = await self._download(recipe)
            folder = await self._unpack(recipe.kind, parts)
            await self._prove(recipe.kind, folder)
        except EngineError as error:
            failure = error.sentence
            raise
        finally:
            self._place.sweep()  # what is not ready by now is of no use
            self._move(self._rest(failure))

    async def _download(self, recipe: Recipe) -> tuple[Part, ...]:
        setting, place = self._tools.source(), self._place.parts
        start = self._held(recipe)
        self._move(
            Pack(
                state=PackState.DOWNLOADING,
                kind=recipe.kind,
                size_bytes=recipe.size_bytes,
                unpacked_bytes=recipe.unpacked_bytes,
                done_bytes=start,
            )
        )
        try:
            place.mkdir(parents=True, exist_ok=True)
            free = self._tools.free(place)
        except OSError as error:
            raise unwritten(error, str(place.parent)) from error
        fetch.check_space(recipe.size_bytes - start, recipe.unpacked_bytes, free)
        source = source_of(setting, self._version)
        name = pack_name(recipe.kind, recipe.system)
        text = await fetch.read(self._tools.download, f"{source}/{name}.json")
        plugin = plugin_part(text, source, recipe, self._version)
        # The plugin first: without it all the others are of no use.
        parts = (plugin, *(part_at(part, setting) for part in recipe.part))
        sizes = sum(part.size_bytes for part in parts)
        exact = replace(self._pack, size_bytes=sizes, unpacked_bytes=unpacked(parts))
        fetch.check_space(sizes - fetch.held(parts, place), exact.unpacked_bytes, free)
        await fetch.fetch(
            self._tools.download,
            [fetch.asset(part, place) for part in parts],
            lambda count: self._move(replace(exact, done_bytes=count)),
            self._tools.limit(),
        )
        self._move(replace(exact, done_bytes=sizes))
        return parts

    async def _unpack(self, kind: PackKind, parts: tuple[Part, ...]) -> Path:
        unpacking = replace(self._pack, state=PackState.UNPACKING, done_bytes=0)
        self._move(unpacking)
        loop, told = asyncio.get_running_loop(), 0
        files = [Path(fetch.asset(part, self._place.parts).target) for part in parts]

        def going_on(done: int) -> bool:
            nonlocal told
            if done - told >= _TOLD_BYTES:
                told = done
                loop.call_soon_threadsafe(self._move_on, replace(unpacking, done_bytes=done))
            return not self._stop.is_set()

        def work() -> Path:
            archives = [
                Archive(file=file, members=part.members)
                for file, part in zip(files, parts, strict=True)
            ]
            unpack(archives, self._place.fresh(kind), going_on)
            return self._place.put(kind)

        try:
            return await _whole(asyncio.to_thread(work), self._stop)
        except Stopped:
            raise asyncio.CancelledError from None
        except PackFailed:
            for file in files:  # a part that was damaged is not gone on with
                file.unlink(missing_ok=True)
            raise
        except OSError as error:
            raise unwritten(error, str(self._place.root)) from error

    def _move_on(self, pack: Pack) -> None:
        """What a thread told; it may be over by now."""
        if self._pack.state is pack.state:
            self._move(pack)

    async def _prove(self, kind: PackKind, folder: Path) -> None:
        self._move(replace(self._pack, state=PackState.PROVING, done_bytes=0))
        found = await self._tools.prove(folder)
        if not found.works:
            failure = PackFailed(found.sentence, remedy=found.remedy)
            self._place.mark_broken(kind, failure.sentence)
            raise failure
        try:
            self._keep(kind, folder, found)
            self._place.mark_ready(kind)
        except OSError as error:
            raise unwritten(error, str(self._place.root)) from error
        await asyncio.to_thread(self._place.sweep_others)

    async def _prove_again(self) -> None:
        kind = PackKind.VULKAN
        folder = self._place.folder(kind)
        found = await self._tools.prove(folder)
        try:
            if found.works:
                self._keep(kind, folder, found)
            else:
                self._place.mark_broken(kind, found.sentence)
        except OSError as error:
            _log.warning("What the GPU pack sees is not kept: %s", error)
        self._move(self._rest())

    def _keep(self, kind: PackKind, folder: Path, found: Verdict) -> None:
        if kind is PackKind.VULKAN and self._machine is not None:
            self._seen = found.cards
            keep_cards(folder, self._machine, found.cards)


async def _whole(work: Awaitable[Path], stop: threading.Event) -> Path:
    """A thread cannot be cancelled: it is told to stop, and waited for."""
    running = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        stop.set()
        with suppress(Stopped, EngineError, OSError):
            await running
        raise


def _is_cancelled() -> bool:
    """Whether whoever waits was cancelled, rather than what it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
