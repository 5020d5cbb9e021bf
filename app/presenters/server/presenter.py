"""The local port: its address, a switch, and who may connect."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge, EngineSurface
from app.presenters.server.keys import KeysPresenter
from app.presenters.server.requests import RequestsPresenter
from app.presenters.server.residents import ResidentsPresenter
from app.text import failures
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.events import Event, ServerMoved

HERE: Final = "127.0.0.1"
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 (the person's choice)
_ANYWHERE: Final = frozenset({EVERYWHERE, "::"})
# What the port goes by while it is open; a change of one of these opens it anew.
_OF_THE_PORT: Final = ("host", "port", "tls_certificate", "tls_key", "cors_origins", "api_key")


def _no_addresses() -> tuple[str, ...]:
    return ()


class ServerPresenter(QObject):
    """Whether other programs can reach the engine, and where. Has a desk for each part."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self,
        bridge: EngineBridge,
        *,
        addresses: Callable[[], tuple[str, ...]] = _no_addresses,
        parent: QObject | None = None,
    ) -> None:
        """`addresses` tells by which numbers this computer is known in its networks."""
        super().__init__(parent)
        self._bridge = bridge
        self._addresses = addresses
        self._address: str | None = None
        self._on = False
        self._failure: str | None = None
        self._config: EngineConfig | None = None
        self.keys = KeysPresenter(bridge, self)
        self.requests = RequestsPresenter(bridge, self)
        self.residents = ResidentsPresenter(bridge, self)
        self.keys.failed.connect(self.failed)
        self.residents.failed.connect(self.failed)
        self.keys.changed.connect(self.changed)
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    @property
    def address(self) -> str | None:
        """As this computer's programs write it: "http://127.0.0.1:11711"; None: it is closed."""
        return self._address

    @property
    def network_addresses(self) -> tuple[str, ...]:
        """As other computers write it; empty if they are not let in."""
        if self._address is None or self._config is None or not self.is_for_all:
            return ()
        if self._config.host not in _ANYWHERE:
            return (self._address,)
        told = (_at(self._address, host) for host in self._addresses())
        return tuple(dict.fromkeys(told))

    @property
    def on(self) -> bool:
        """Whether the port is open, or about to be: the position of the switch."""
        return self._on

    @property
    def failure(self) -> str | None:
        """Why the port could not be opened."""
        return self._failure

    @property
    def is_for_all(self) -> bool:
        """Whether other computers may connect, once the port is open."""
        return self._config is not None and self._config.host != HERE

    @property
    def has_key(self) -> bool:
        """Whether somebody must say a key."""
        secret = None if self._config is None else self._config.api_key
        return bool(self.keys.keys) or bool(secret)

    def turn_on(self) -> None:
        """Open the port."""
        if self._on:
            return
        self._on, self._failure = True, None
        self.changed.emit()
        self._bridge.ask(lambda engine: engine.open_port(), self._settle, self._fail)

    def turn_off(self) -> None:
        """Close the port."""
        if not self._on:
            return
        self._on = False
        self.changed.emit()
        self._bridge.ask(_close_port, self._settle, self._fail)

    def take_config(self, config: EngineConfig) -> None:
        """The engine's settings are these now; an open port is opened anew where it must be."""
        before, self._config = self._config, config
        self.changed.emit()
        if before is None or not self._on or _port_of(before) == _port_of(config):
            return
        self._bridge.ask(lambda engine: engine.open_port(), self._settle, self._fail)

    def _look(self) -> None:
        self._bridge.ask(_address, self._settle, self._fail)
        self._bridge.ask(_config, self.take_config, self._fail)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, ServerMoved):
            return
        if event.failure is not None and failures.told(event.failure) != self._failure:
            self._failure = failures.told(event.failure)
            self.failed.emit(self._failure)
        self._settle(event.address)

    def _settle(self, address: str | None) -> None:
        self._address, self._on = address, address is not None
        if address is not None:
            self._failure = None
        self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        told = self._failure == failures.told(error.sentence)  # the fact may have come first
        self._failure = failures.told(error.sentence)
        self._settle(None)
        if not told:
            self.failed.emit(failures.told(error.sentence))


def _at(address: str, host: str) -> str:
    """The same address by another name."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"{host}:{parts.port}").geturl()


def _port_of(config: EngineConfig) -> tuple[object, ...]:
    return tuple(getattr(config, option) for option in _OF_THE_PORT)


async def _address(engine: EngineSurface) -> str | None:
    return engine.address


async def _config(engine: EngineSurface) -> EngineConfig:
    return engine.config


async def _close_port(engine: EngineSurface) -> str | None:
    await engine.close_port()
    return engine.address
