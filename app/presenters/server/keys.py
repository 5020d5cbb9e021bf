"""The port's keys: who has one, and what it opens."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from app.text import failures
from engine.access import Key, Limits, NewKey, Scope
from engine.errors import EngineError

LONGEST_NAME = 60

Keys = tuple[Key, ...]


class KeysPresenter(QObject):
    """The list as last heard. A secret is passed on once, and not kept."""

    changed = Signal()
    made = Signal(object)  # NewKey: show its secret, now or never
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._keys: Keys = ()
        bridge.ready.connect(self.look)

    @property
    def keys(self) -> Keys:
        """The oldest first."""
        return self._keys

    def look(self) -> None:
        """Ask for the list: their last uses move without a word."""
        self._bridge.ask(_all, self._take, self._fail)

    def add(self, name: str, scopes: Iterable[Scope], limits: Limits) -> None:
        """Make one; `made` follows."""
        opens = frozenset(scopes)

        async def added(engine: EngineSurface) -> tuple[NewKey, Keys]:
            made = await engine.keys.add(name, opens, limits)
            return made, engine.keys.all()

        self._bridge.ask(added, self._take_made, self._fail)

    def change(self, key: str, name: str, scopes: Iterable[Scope], limits: Limits) -> None:
        """That key is called so, and opens that."""
        opens = frozenset(scopes)

        async def changed(engine: EngineSurface) -> Keys:
            await engine.keys.change(key, name=name, scopes=opens, limits=limits)
            return engine.keys.all()

        self._bridge.ask(changed, self._take, self._fail)

    def remove(self, key: str) -> None:
        """Who has it is let in no longer."""

        async def removed(engine: EngineSurface) -> Keys:
            await engine.keys.remove(key)
            return engine.keys.all()

        self._bridge.ask(removed, self._take, self._fail)

    def _take_made(self, answer: tuple[NewKey, Keys]) -> None:
        made, keys = answer
        self._take(keys)
        self.made.emit(made)

    def _take(self, keys: Keys) -> None:
        if keys != self._keys:
            self._keys = keys
            self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))


async def _all(engine: EngineSurface) -> Keys:
    return engine.keys.all()
