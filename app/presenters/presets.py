"""Ways of sampling with names of their own."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.store.chats import ChatStore
from app.store.values import Preset
from app.text import failures
from engine.chat import Sampling
from engine.errors import EngineError

LONGEST_NAME = 60


class PresetsPresenter(QObject):
    """The default is no preset: it never changes, and cannot be deleted."""

    changed = Signal()
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, store: ChatStore, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._presets: tuple[Preset, ...] | None = None

    @property
    def presets(self) -> tuple[Preset, ...]:
        """All of them, by name."""
        if self._presets is None:
            self._look()
        return self._presets or ()

    def preset(self, preset_id: int | None) -> Preset | None:
        """That one; None: the default, or one that was deleted."""
        return next((one for one in self.presets if one.id == preset_id), None)

    def add(self, name: str, sampling: Sampling) -> Preset | None:
        """A new one; a name that is taken or blank gets a number. None where it failed."""
        try:
            made = self._store.presets.new(self._free(name), sampling)
        except EngineError as error:
            self.failed.emit(failures.told(error))
            return None
        self._look()
        self.changed.emit()
        return made

    def rename(self, preset_id: int, name: str) -> None:
        """Another name; a blank one is ignored."""
        preset = self.preset(preset_id)
        if preset is not None and name.strip() and name.strip() != preset.name:
            self._amend(replace(preset, name=self._free(name)))

    def change(self, preset_id: int, sampling: Sampling) -> None:
        """Every chat that has it samples so from its next answer on."""
        preset = self.preset(preset_id)
        if preset is not None and sampling != preset.sampling:
            self._amend(replace(preset, sampling=sampling))

    def delete(self, preset_id: int) -> None:
        """Remove it for good; chats that had it have the default."""
        try:
            self._store.presets.delete(preset_id)
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self._look()
        self.changed.emit()

    def _amend(self, preset: Preset) -> None:
        try:
            self._store.presets.amend(preset)
        except EngineError as error:
            self.failed.emit(failures.told(error))
        self._look()
        self.changed.emit()

    def _look(self) -> None:
        try:
            found = self._store.presets.all()
        except EngineError as error:
            self._presets = ()
            self.failed.emit(failures.told(error))
        else:
            self._presets = tuple(sorted(found, key=lambda one: one.name.casefold()))

    def _free(self, name: str) -> str:
        """That name, or with a number where another has it."""
        wanted = " ".join(name.split())[:LONGEST_NAME] or self.tr("Preset")
        taken = {one.name.casefold() for one in self.presets}
        tries, count = wanted, 2
        while tries.casefold() in taken:
            tries, count = f"{wanted} {count}", count + 1
        return tries
