"""Planner: from a model and a wish to a plan, on this machine or on one that is only named."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from engine.background.background import Background
from engine.background.words import ModelSource, Placed, Planned
from engine.config import LoadWish
from engine.download.values import RemoteHeader
from engine.dryrun.dryrun import DryRuns
from engine.errors import EngineError
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig, rig_of
from engine.gguf.blueprint import blueprints
from engine.gguf.names import model_name
from engine.hardware.calibration import Calibration
from engine.hardware.catalogue import read_catalogue
from engine.hardware.machine import Machine, Reading
from engine.host.load_spec import load_spec
from engine.planner.exact import more_to_spare, shortfall, with_exact, with_reserve

_MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What is true of this machine now. `held` is what those of our own workers hold that are to
    leave, by card number, and `held_ram` what they hold in RAM: it comes back."""

    machine: Machine
    reading: Reading | None
    calibration: Calibration | None
    held: Mapping[int, int]
    held_ram: int = 0

    @property
    def threads(self) -> int | None:
        """How many threads compute best, where that was measured."""
        known = self.calibration
        return known.board.threads if known else None


class Planner:
    """Plans in the background process, and asks llama.cpp itself where that is wanted.

    `present` is asked at each plan; `dry_runs` makes what asks a child that loads nothing;
    `cache` keeps blueprints of models that were not downloaded.
    `streams` is how many answers at once the engine is set up for.
    """

    def __init__(
        self,
        background: Background,
        present: Callable[[], Present],
        *,
        dry_runs: Callable[[], DryRuns],
        cache: Path,
        streams: int,
    ) -> None:
        self._background = background
        self._present = present
        self._dry_runs = dry_runs
        self._cache = cache / "blueprints"
        self._streams = streams
        self._catalogue = read_catalogue()

    def seeing(self, now: Present) -> "Planner":
        """The same for one moment, whatever is true by the time it plans."""
        other = copy(self)  # whose catalogue need not be read again
        other._present = lambda: now  # noqa: SLF001
        return other

    @property
    def calibration(self) -> Calibration | None:
        """What was measured on this machine, which plans go by."""
        return self._present().calibration

    def rig(self, wish: LoadWish, machine: str | None = None) -> Rig:
        """This machine as it is now, or the one that `machine` names. Raises BadRequest."""
        if machine is not None:
            return _reserved(parse_rig(machine, self._catalogue), wish.reserve_bytes)
        now = self._present()
        return rig_of(
            now.machine,
            _without(now.reading, now.held, now.held_ram),
            now.calibration,
            self._catalogue,
            reserve_bytes=wish.reserve_bytes,
        )

    def source(self, repository: str, header: RemoteHeader) -> ModelSource:
        """What the Hub told of a quantization, as something to plan. It must have a blueprint."""
        assert header.blueprint is not None
        # Of a UD-Q4_K_XL the header tells Q4_K_M.
        name = model_name(PurePosixPath(header.quantization.files[0]).name)
        label = (name.label if name else None) or header.blueprint.label
        blueprint = replace(header.blueprint, label=label)
        body = blueprints.dump_json(blueprint)
        place = self._cache / f"{hashlib.sha256(body).hexdigest()[:32]}.json"
        if not place.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            draft = place.with_suffix(".new")
            draft.write_bytes(body)
            draft.replace(place)
        return ModelSource(id=f"{repository}:{header.quantization.label}", blueprint=place)

    async def plan(
        self,
        models: Sequence[ModelSource],
        wish: LoadWish,
        *,
        machine: str | None = None,
        upgrades: bool = False,
    ) -> Planned:
        """How these would be placed, by the closed forms. Raises EngineError.

        `upgrades` looks for cards worth buying as well, for a single model.
        """
        rig = self.rig(wish, machine)
        return await self._background.plan(
            models, rig, wish, streams=self._streams, upgrades=upgrades
        )

    async def exact(self, model: ModelSource, files: Sequence[Path], wish: LoadWish) -> Placed:
        """The plan for this machine, its bytes confirmed by llama.cpp's own dry run.

        `files` may be header-only sparse files. Where the dry run finds that it does not fit, what
        is missing is kept free and the plan made anew; where it fails, the closed forms stand.
        """
        async with self._dry_runs() as runs:
            return await self._confirmed(runs, model, files, wish)

    async def _confirmed(
        self, runs: DryRuns, model: ModelSource, files: Sequence[Path], asked: LoadWish
    ) -> Placed:
        threads = self._present().threads
        kept = {card.number: card.reserve_bytes for card in self.rig(asked).cards}
        more: Mapping[int, int] = {}
        placed = await self._one(model, asked)
        for _ in range(_MOST_TRIES):
            spec = load_spec(files, placed.plan.layout, threads=threads, purpose=placed.purpose)
            try:
                answer = await runs.ask(spec)
            except EngineError:
                return placed
            reckoned = placed.plan
            placed = replace(placed, plan=with_exact(reckoned, answer))
            if not shortfall(placed.plan):
                return placed
            more = more_to_spare(reckoned, placed.plan, more)
            reserve = {number: size + more.get(number, 0) for number, size in kept.items()}
            again = await self._one(model, asked.model_copy(update={"reserve_bytes": reserve}))
            if not again.plan.fits:
                return placed
            # What was kept free for the plan's sake is no reserve that anyone asked for.
            placed = replace(again, plan=with_reserve(again.plan, kept))
        return placed

    async def _one(self, model: ModelSource, wish: LoadWish) -> Placed:
        return (await self.plan((model,), wish)).placed[0]


def _without(reading: Reading | None, held: Mapping[int, int], ram: int) -> Reading | None:
    """The reading as it will be when those of our own workers have left."""
    if reading is None or not (held or ram):
        return reading
    gpus = tuple(
        replace(gpu, memory_used_bytes=max(0, gpu.memory_used_bytes - held.get(gpu.index, 0)))
        if gpu.memory_used_bytes is not None
        else gpu
        for gpu in reading.gpus
    )
    used = max(0, reading.memory_used_bytes - ram)
    return replace(reading, gpus=gpus, memory_used_bytes=used)


def _reserved(rig: Rig, reserve: Mapping[int, int]) -> Rig:
    cards = tuple(
        replace(card, reserve_bytes=reserve.get(card.number, card.reserve_bytes))
        for card in rig.cards
    )
    return replace(rig, cards=cards)
