"""The library: what lies on the shelf, how sound it is, and what can be done with it."""

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app.bridge import EngineBridge
from app.lists.shelf_table import Check, ShelfLine, ShelfTable
from app.surface import EngineSurface
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, ModelMoved, ShelfChanged
from engine.host.facts import Phase
from engine.library.files import Origin, Verified
from engine.library.shelf_model import ShelfModel

_BEAT_SECONDS = 0.1  # of a check's progress
_IN_USE = frozenset({Phase.LOADING, Phase.READY, Phase.STOPPING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk downloads go to; `models_bytes` of it are models."""

    total_bytes: int
    free_bytes: int
    models_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    models: tuple[ShelfModel, ...]
    loaded: str | None
    disk: Disk | None


class LibraryPresenter(QObject):
    """One check at a time, in the order they were asked for: they share a disk."""

    changed = Signal()  # models, sums, or what is under way
    failed = Signal(str)  # a sentence with its remedy
    said = Signal(str)  # news that is no failure
    details_ready = Signal(object)  # Details
    chosen = Signal(str)  # the person wants to chat with this model
    placement_wanted = Signal(str)  # of that model

    _progressed = Signal(str, float)

    def __init__(
        self, bridge: EngineBridge, models_folder: Path, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._models_folder = models_folder
        self.table = ShelfTable(told=failures.told, parent=self)
        self._models: tuple[ShelfModel, ...] = ()
        self._disk: Disk | None = None
        self._known = False
        self._loaded: str | None = None
        self._checks = dict[str, Check]()
        self._queue: list[str] = []
        self._checking: str | None = None
        self._give_up: Callable[[], None] = _nothing
        self._newer = frozenset[str]()
        self._twins: tuple[tuple[str, ...], ...] = ()
        self._comparing = self._asking = False
        self._progressed.connect(self._progress, Qt.ConnectionType.QueuedConnection)
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look_again)

    @property
    def known(self) -> bool:
        """Whether the shelf was read yet: before, an empty one means nothing."""
        return self._known

    @property
    def models(self) -> tuple[ShelfModel, ...]:
        """All of them."""
        return self._models

    def look_in(self, models_folder: Path) -> None:
        """Downloads go there now."""
        if models_folder != self._models_folder:
            self._models_folder = models_folder
            self._bridge.ask(lambda engine: _shelf(engine, models_folder), self._show, self._fail)

    @property
    def models_folder(self) -> Path:
        """Where downloads go."""
        return self._models_folder

    @property
    def total_bytes(self) -> int:
        """Of all models' files, each file once."""
        files = dict[tuple[Path, ...], int]()
        for model in self._models:
            files[model.files] = model.size_bytes
        return sum(files.values())

    @property
    def disk(self) -> Disk | None:
        """None until it was looked at, or where it cannot be."""
        return self._disk

    @property
    def checking(self) -> bool:
        """Whether anything is being verified, or waits for it."""
        return self._checking is not None

    @property
    def comparing(self) -> bool:
        """Whether the shelf is being searched for duplicates."""
        return self._comparing

    @property
    def asking(self) -> bool:
        """Whether the Hub is being asked for newer versions."""
        return self._asking

    @property
    def twins(self) -> tuple[tuple[str, ...], ...]:
        """The models that are the same bytes, group by group, as far as was looked."""
        return self._twins

    @property
    def spare_bytes(self) -> int:
        """What could be freed by keeping one of each group."""
        sizes = {model.id: model.size_bytes for model in self._models}
        groups = ([sizes.get(name, 0) for name in group] for group in self._twins)
        return sum(sum(group) - max(group, default=0) for group in groups)

    def line(self, model: str) -> ShelfLine | None:
        """What is known of that model."""
        return next((line for line in self.table.lines if line.model.id == model), None)

    def foreign(self, models: Sequence[str]) -> tuple[str, ...]:
        """Those of them that lie in other programs' folders, or in the person's own."""
        wanted = set(models)
        return tuple(
            model.id
            for model in self._models
            if model.id in wanted and model.origin is not Origin.FULLBORE
        )

    def chat_with(self, model: str) -> None:
        """Say that this model is wanted."""
        self.chosen.emit(model)

    def place(self, model: str) -> None:
        """Say that its placement is wanted."""
        self.placement_wanted.emit(model)

    def refresh(self) -> None:
        """Look at the folders again."""
        self._look_again()

    def verify(self, models: Sequence[str]) -> None:
        """Hash these models' files, one after the other."""
        for model in models:
            if model != self._checking and model not in self._queue:
                self._queue.append(model)
                self._checks[model] = Check()
        self._renew(models)
        self._check_next()

    def cancel_verify(self, models: Sequence[str] | None = None) -> None:
        """Hash these no longer, or none at all; what was found before is found anew."""
        wanted = set(self._checks if models is None else models)
        stopped = [model for model in self._queue if model in wanted]
        self._queue = [model for model in self._queue if model not in wanted]
        if self._checking is not None and self._checking in wanted:
            stopped.append(self._checking)
            self._give_up()
            self._checking, self._give_up = None, _nothing
        for model in stopped:
            self._checks.pop(model, None)
        self._renew(stopped)
        self._check_next()

    def delete(self, models: Sequence[str]) -> None:
        """Put them into the bin, the person being sure; one that is loaded stays, and is told."""
        for model in models:
            if model == self._loaded:
                says = self.tr("{0} is loaded. Unload it first, then delete it.")
                self.failed.emit(says.format(model))
                continue
            self.cancel_verify([model])
            self._bridge.ask(
                lambda engine, model=model: engine.keeper.delete(model, sure=True),
                partial(self._deleted, model),
                self._fail,
            )

    def look_into(self, model: str) -> None:
        """Read all of its headers: `details_ready`."""
        self._bridge.ask(
            lambda engine: engine.keeper.details(model), self.details_ready.emit, self._fail
        )

    def find_twins(self) -> None:
        """Search for models that are the same bytes."""
        if not self._comparing:
            self._comparing = True
            self.changed.emit()
            self._bridge.ask(
                lambda engine: engine.keeper.duplicates(), self._compared, self._not_compared
            )

    def look_for_newer(self) -> None:
        """Ask the Hub, of all that came from it, whether it has other bytes by now."""
        if not self._asking:
            self._asking = True
            self.changed.emit()
            names = [model.id for model in self._models if "/" in model.id]
            self._bridge.ask(lambda engine: _newer_of(engine, names), self._asked, self._not_asked)

    def _look(self) -> None:
        self._bridge.ask(lambda engine: _shelf(engine, self._models_folder), self._show, self._fail)

    def _look_again(self) -> None:
        self._bridge.ask(
            lambda engine: _shelf_again(engine, self._models_folder), self._show, self._fail
        )

    def _hear(self, event: Event) -> None:
        match event:
            case ShelfChanged():
                self._look()
            case ModelMoved():
                before = self._loaded
                if event.phase in _IN_USE:
                    self._loaded = event.model
                elif event.model == self._loaded:
                    self._loaded = None
                self._renew([name for name in (before, self._loaded) if name is not None])
            case _:
                pass

    def _show(self, shelf: _Shelf) -> None:
        self._known = True
        self._models, self._loaded, self._disk = shelf.models, shelf.loaded, shelf.disk
        here = {model.id for model in shelf.models}
        self._checks = {name: check for name, check in self._checks.items() if name in here}
        groups = (tuple(name for name in group if name in here) for group in self._twins)
        self._twins = tuple(group for group in groups if len(group) > 1)
        self.table.replace([self._line(model) for model in shelf.models])
        self.changed.emit()

    def _line(self, model: ShelfModel) -> ShelfLine:
        group = next((group for group in self._twins if model.id in group), ())
        return ShelfLine(
            model=model,
            loaded=model.id == self._loaded,
            check=self._checks.get(model.id),
            newer=model.id in self._newer,
            twins=tuple(name for name in group if name != model.id),
        )

    def _renew(self, models: Sequence[str]) -> None:
        wanted = set(models)
        if wanted:
            known = (model for model in self._models if model.id in wanted)
            self.table.renew({model.id: self._line(model) for model in known})
            self.changed.emit()

    def _check_next(self) -> None:
        if self._checking is not None or not self._queue:
            return
        model = self._checking = self._queue.pop(0)
        self._checks[model] = Check(fraction=0.0)
        self._renew([model])
        self._give_up = self._bridge.ask(
            lambda engine: engine.keeper.verify(model, self._beat(model)),
            self._checked,
            partial(self._check_failed, model),
        )

    def _beat(self, model: str) -> Callable[[float], None]:
        """Called on whatever thread hashes."""
        last = 0.0

        def beat(fraction: float) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _BEAT_SECONDS:
                last = now
                self._progressed.emit(model, fraction)

        return beat

    def _progress(self, model: str, fraction: float) -> None:
        if model == self._checking:
            self._checks[model] = Check(fraction=fraction)
            self._renew([model])

    def _checked(self, verified: Verified) -> None:
        self._end_check(verified.model, Check(soundness=verified.soundness))

    def _check_failed(self, model: str, error: EngineError) -> None:
        self._end_check(model, Check(failure=failures.told(error)))

    def _end_check(self, model: str, check: Check) -> None:
        self._checks[model] = check
        if model == self._checking:
            self._checking, self._give_up = None, _nothing
        self._renew([model])
        self._check_next()

    def _deleted(self, model: str, _: object) -> None:
        self._checks.pop(model, None)
        self._look_again()

    def _compared(self, groups: tuple[tuple[str, ...], ...]) -> None:
        self._comparing = False
        self._twins = groups
        self.table.replace([self._line(model) for model in self._models])
        if not groups:
            self.said.emit(self.tr("No model is here twice."))
        self.changed.emit()

    def _not_compared(self, error: EngineError) -> None:
        self._comparing = False
        self._fail(error)

    def _asked(self, newer: frozenset[str]) -> None:
        self._asking, self._newer = False, newer
        self.table.replace([self._line(model) for model in self._models])
        if not newer:
            self.said.emit(self.tr("No newer version is known of any model."))
        self.changed.emit()

    def _not_asked(self, error: EngineError) -> None:
        self._asking = False
        self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))
        self.changed.emit()


async def _shelf(engine: EngineSurface, folder: Path) -> _Shelf:
    models = engine.models()
    disk = await asyncio.to_thread(_disk_of, folder, models)
    return _Shelf(models=models, loaded=engine.loaded, disk=disk)


async def _shelf_again(engine: EngineSurface, folder: Path) -> _Shelf:
    await engine.refresh_models()
    return await _shelf(engine, folder)


async def _newer_of(engine: EngineSurface, models: Sequence[str]) -> frozenset[str]:
    found = set[str]()
    for model in models:
        if await engine.keeper.newer(model):
            found.add(model)
    return frozenset(found)


def _disk_of(folder: Path, models: Sequence[ShelfModel]) -> Disk | None:
    try:
        usage, here = shutil.disk_usage(folder), folder.stat().st_dev
    except OSError:
        return None
    sizes = dict[tuple[int, int], int]()  # a file with several names counts once
    for file in {file for model in models for file in model.files}:
        with suppress(OSError):
            facts = file.stat()
            if facts.st_dev == here:
                sizes[facts.st_dev, facts.st_ino] = facts.st_size
    return Disk(total_bytes=usage.total, free_bytes=usage.free, models_bytes=sum(sizes.values()))


def _nothing() -> None:
    """No check is under way."""
