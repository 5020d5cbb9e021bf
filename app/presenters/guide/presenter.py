"""The guide of the first run: from a machine nobody knows to the first chat, in three steps."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.presenters.guide.advising import Advising
from app.presenters.guide.room import free_bytes
from app.presenters.guide.starting import Start, Starting
from app.text import failures
from engine.download.values import DownloadPhase
from engine.errors import EngineError
from engine.events import DownloadMoved, PackMoved
from engine.host.facts import Phase
from engine.pack.values import PackState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.bridge import EngineBridge
    from app.settings import SettingsFile
    from app.surface import EngineSurface, Findings
    from engine.events import Event
    from engine.hardware.machine import Machine
    from engine.library.shelf_model import ShelfModel
    from engine.monitor.values import Check

# What hinders a beginner. The rest of what could be better waits for who opens the doctor.
_HINDERING = frozenset({"driver", "library", "cards", "disk", "memory", "folders"})


class Step(IntEnum):
    """What is shown, in this order."""

    MACHINE = 0  # what it has, the GPU pack, measuring it
    PLACES = 1  # folders, and whether the Hub can be reached
    MODELS = 2  # three that are advised, and the one to start with


class GuidePresenter(QObject):
    """Shown where there is no model and nobody went through it; and again when asked for.

    What it shows of others' screens the view takes from their presenters.
    """

    changed = Signal()  # the machine, what is wrong with it, its room, or what arrived
    turned = Signal()  # `open` or `step` moved
    over = Signal()  # it came to its end: the chat is next
    chosen = Signal(str)  # load this model
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self,
        bridge: EngineBridge,
        settings: SettingsFile,
        models_folder: Path,
        *,
        room: Callable[[Path], int | None] = free_bytes,
        parent: QObject | None = None,
    ) -> None:
        """`room` tells how much of a folder's disk is free."""
        super().__init__(parent)
        self._bridge = bridge
        self._settings = settings
        self._folder = models_folder
        self._free_in = room
        self.advising = Advising(bridge, self._room, parent=self)
        self.starting = Starting(bridge, settings, parent=self)
        self._open = self._expected = self._decided = self._unasked = False
        self._step = Step.MACHINE
        self._machine: Machine | None = None
        self._found: tuple[Check, ...] | None = None
        self._free: int | None = None
        self._shelf: tuple[ShelfModel, ...] = ()
        self._current: str | None = None
        self._ready = False
        self._came: list[str] = []
        self._arrived: str | None = None
        self.starting.chosen.connect(self.chosen)
        self.advising.failed.connect(self.failed)
        bridge.happened.connect(self._hear)
        bridge.failed.connect(self._give_way)

    # What there is to see

    @property
    def open(self) -> bool:
        """Whether it is to be seen."""
        return self._open

    @property
    def step(self) -> Step:
        """Where it is."""
        return self._step

    @property
    def machine(self) -> Machine | None:
        """What this computer has; None before it is known."""
        return self._machine

    @property
    def examined(self) -> bool:
        """Whether the doctor has looked."""
        return self._found is not None

    @property
    def problems(self) -> tuple[Check, ...]:
        """What hinders, the worst first."""
        found = self._found or ()
        hindering = [check for check in found if check.name.partition(" ")[0] in _HINDERING]
        failed = [check for check in found if check.state == "fail"]
        warned = [check for check in hindering if check.state == "warn"]
        return (*failed, *warned)

    @property
    def folder(self) -> Path:
        """Where downloads go."""
        return self._folder

    @property
    def free_bytes(self) -> int | None:
        """The room there; None: nobody knows."""
        return self._free

    @property
    def arrived(self) -> str | None:
        """A model that came while another is talked to: one may switch."""
        return self._arrived

    # What can be done

    def expect(self) -> None:
        """Open at once where nothing tells of an earlier run; the shelf may prove otherwise."""
        known = self._settings.settings
        if known.guide_done or known.last_model is not None or self._decided:
            return
        if next(self._folder.rglob("*.gguf"), None) is None:
            self._expected = self._unasked = True
            self._show()

    def begin(self) -> None:
        """Go through it from its first step."""
        self._unasked = False
        self._step = Step.MACHINE
        self._show()

    def turn(self, step: Step) -> None:
        """Go to that step."""
        if step is not self._step:
            self._step = step
            if step is not Step.MACHINE:  # by then the person goes on: headers take a moment
                self.advising.look()
            self.turned.emit()

    def forward(self) -> None:
        """The next step; from the last one into the chat."""
        if self._step is not Step.MODELS:
            self.turn(Step(self._step + 1))
        elif self._ready:
            self._end()
        else:
            self.starting.start()

    def back(self) -> None:
        """The step before."""
        if self._step is not Step.MACHINE:
            self.turn(Step(self._step - 1))

    def leave(self) -> None:
        """Enough of it: it comes again only when asked for. What is on its way goes on."""
        if self._open:
            self._open = False
            self._remember()
            self.turned.emit()

    def switch(self) -> None:
        """Talk to what arrived."""
        model, self._arrived = self._arrived, None
        self.changed.emit()
        if model is not None:
            self.chosen.emit(model)

    def stay(self) -> None:
        """Stay with the present model."""
        self._arrived = None
        self.changed.emit()

    # What others tell

    def look_in(self, models_folder: Path) -> None:
        """Downloads go there now: its room is looked at, and what goes there chosen anew."""
        if models_folder != self._folder:
            self._folder, self._free = models_folder, None
            self.changed.emit()
            self._bridge.ask(self._looked, self._saw, self._fail)
            self.advising.look_again()

    def know(self, shelf: Sequence[ShelfModel]) -> None:
        """What lies on the shelf now; the first time it decides whether the guide is needed."""
        self._shelf = tuple(shelf)
        if not self._decided:
            self._decided = True
            bare = not any(model.broken is None for model in shelf)
            if bare and not self._settings.settings.guide_done and not self._open:
                self._unasked = True
                self._show()
            elif not bare and self._expected:
                self.starting.end()
                self._close()
        self._expected = False
        self.starting.know(shelf)
        self.advising.know(shelf)
        self._see_what_came()

    def follow(self, current: str | None, phase: Phase) -> None:
        """How the window's model stands."""
        self._current, self._ready = current, phase is Phase.READY
        if current == self._arrived:
            self._arrived = None
            self.changed.emit()
        if not self._ready:
            return
        started = self.starting.stage is Start.LOADING
        self.starting.end()
        if self._open and (started or self._unasked):
            self._end()

    def fail_to_load(self, sentence: str) -> None:
        """The model to start with did not load."""
        if self.starting.stage is Start.LOADING:
            self.starting.end(sentence)

    # What follows

    def _room(self) -> int | None:
        return self._free_in(self._folder)

    def _show(self) -> None:
        self._open = True
        self._bridge.ask(self._looked, self._saw, self._fail)
        if self._found is None:
            self._bridge.ask(_examined, self._judge, self._not_examined)
        self.turned.emit()

    def _close(self) -> None:
        self._open = False
        self.turned.emit()

    def _end(self) -> None:
        self._open = False
        self._remember()
        self.turned.emit()
        self.over.emit()

    def _give_way(self, _: object) -> None:
        """The engine did not start: the window says why."""
        if self._open:
            self._close()

    def _remember(self) -> None:
        known = self._settings.settings
        if known.guide_done:
            return
        try:
            self._settings.change(known.model_copy(update={"guide_done": True}))
        except EngineError as error:
            self._fail(error)

    async def _looked(self, engine: EngineSurface) -> tuple[Machine, int | None]:
        return engine.machine(), await asyncio.to_thread(self._room)

    def _saw(self, seen: tuple[Machine, int | None]) -> None:
        self._machine, self._free = seen
        self.changed.emit()

    def _judge(self, found: Findings) -> None:
        self._found = tuple(found.checks)
        self.changed.emit()

    def _not_examined(self, error: EngineError) -> None:
        self._found = ()
        self._fail(error)
        self.changed.emit()

    def _hear(self, event: Event) -> None:
        if isinstance(event, PackMoved) and event.pack.state is PackState.READY and self._open:
            self._bridge.ask(self._looked, self._saw, self._fail)  # it may bring cards with it
        if isinstance(event, DownloadMoved) and event.download.phase is DownloadPhase.DONE:
            if event.download.id not in self._came:
                self._came.append(event.download.id)
            self._see_what_came()

    def _see_what_came(self) -> None:
        """It is told once it lies on the shelf, to who waited for it or talks to the starter."""
        here = {model.id for model in self._shelf if model.broken is None}
        for model in tuple(self._came):
            if model not in here:
                continue
            self._came.remove(model)
            waited = model in self.advising.wanted or self.starting.is_starter(self._current)
            if waited and model != self._current and not self.starting.is_starter(model):
                self._arrived = model
                self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))


async def _examined(engine: EngineSurface) -> Findings:
    return await engine.doctor.examine(quick=True)
