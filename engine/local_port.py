"""The local port, as the engine has it: where it is open, and everybody told when that moves."""

from collections.abc import Callable
from pathlib import Path

from engine.config import DEFAULT_PORT, EngineConfig
from engine.errors import EngineError, KeyNeeded
from engine.events import Event, ServerMoved
from engine.keys import Keys
from engine.server.answers import Answers
from engine.server.hosts import is_loopback
from engine.server.ledger import Ledger
from engine.server.port import Port


class LocalPort:
    """Opens and closes; tells ServerMoved."""

    def __init__(
        self,
        answers: Answers,
        keys: Keys,
        config: Callable[[], EngineConfig],
        tell: Callable[[Event], None],
        *,
        bodies: Path | None = None,
    ) -> None:
        """`bodies` is where requests are written whole, if the settings say so."""
        self.address: str | None = None
        self._config = config
        self._tell = tell
        self.ledger = Ledger(config, tell, answers=answers, bodies=bodies)
        self._keys = keys
        self._port = Port(answers, keys=keys, config=config, observers=(self.ledger,))

    async def begin(self) -> None:
        """Open it, if the settings say so; a port that cannot open is told as a fact."""
        if self._config().serve:
            try:
                await self.open()
            except EngineError as error:
                self._tell(ServerMoved(address=None, failure=error.sentence))

    async def open(self, port: int | None = None) -> str:
        """The address it serves at. Raises PortInUse if that very port was asked for.

        Without one it is the configured port, and the next free one if the default is taken. What
        the settings say now counts. Raises KeyNeeded if a network would reach it without a key,
        BadCertificate, and SettingsBroken if nobody knows which keys there are.
        """
        config = self._config()
        self._keys.check()
        if not is_loopback(config.host) and not self._keys.demanded:
            raise KeyNeeded(f"At {config.host} every computer of the network could use the models.")
        await self.close()
        wanted = port or config.port
        explicit = port is not None or wanted != DEFAULT_PORT
        self.address = await self._port.open(config.host, wanted, explicit=explicit)
        self._tell(ServerMoved(address=self.address))
        return self.address

    async def leave(self, seconds: float) -> bool:
        """Refuse new requests and wait so long for those in progress: all ended?"""
        return await self._port.leave(seconds)

    async def close(self) -> None:
        """Serve no more."""
        if self.address is not None:
            self.address = None
            await self._port.close()
            self._tell(ServerMoved(address=None))
        await self.ledger.close()
