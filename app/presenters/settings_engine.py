"""The engine's settings that a person may change, one option at a time."""

from functools import reduce

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from app.text import failures
from engine.config import EngineConfig
from engine.errors import EngineError


class EngineSettingsPresenter(QObject):
    """Shows what the engine goes by; before it is ready, the defaults."""

    changed = Signal(object)  # EngineConfig
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._config = EngineConfig()
        bridge.ready.connect(self.look)

    @property
    def config(self) -> EngineConfig:
        """As last heard."""
        return self._config

    def value_of(self, option: str) -> object:
        """What that option is now, by its name in EngineConfig; a dot leads into a part of it."""
        return reduce(getattr, option.split("."), self._config)

    def default_of(self, option: str) -> object:
        """What that option is at a first start."""
        return reduce(getattr, option.split("."), EngineConfig())

    def change(self, option: str, value: object) -> None:
        """Choose that value for that option; `changed` follows. Raises ValueError."""
        name, _, part = option.partition(".")
        known = self._config.model_dump()
        wanted = {**known[name], part: value} if part else value
        EngineConfig.model_validate({**known, name: wanted})
        self._bridge.ask(lambda engine: _configured(engine, name, wanted), self._take, self._fail)

    def look(self) -> None:
        """Ask the engine how things stand: other screens change some of them."""
        self._bridge.ask(_config, self._take, self._fail)

    def _take(self, config: EngineConfig) -> None:
        self._config = config
        self.changed.emit(config)

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))
        self.changed.emit(self._config)  # what is shown goes back to what holds


async def _config(engine: EngineSurface) -> EngineConfig:
    return engine.config


async def _configured(engine: EngineSurface, option: str, value: object) -> EngineConfig:
    await engine.configure(**{option: value})
    return engine.config
