"""Where models come from: the Hub's address, a second source, the token, the proxies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.surface import EngineSurface
from app.text import failures
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.fit.saying import Saying

HUB = "https://huggingface.co"
WELL_KNOWN = (HUB, "https://hf-mirror.com")
SECOND_SOURCE = "https://modelscope.cn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What trying an address gave: how it answered, or why it is of no use."""

    answered: Saying | None = None
    failure: str = ""

    @property
    def good(self) -> bool:
        """Whether it can be used."""
        return self.answered is not None


class HubSettingsPresenter(QObject):
    """Each change holds at once. The token goes to the keyring and never comes back."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self,
        bridge: EngineBridge,
        *,
        proxies: Mapping[str, str],
        parent: QObject | None = None,
    ) -> None:
        """`proxies` are the system's: scheme and address."""
        super().__init__(parent)
        self._bridge = bridge
        self._proxies = proxies
        self._config = EngineConfig()
        self._has_token = False
        self._trial: Trial | None = None
        self._trying = 0
        self._busy = False
        bridge.ready.connect(self.look)

    @property
    def endpoint(self) -> str:
        """The address in use."""
        return self._config.hub_endpoint or HUB

    @property
    def second_source(self) -> bool:
        """Whether another source is asked where the first fails."""
        return self._config.second_source is not None

    @property
    def has_token(self) -> bool:
        """Whether a token lies in the keyring."""
        return self._has_token

    @property
    def trial(self) -> Trial | None:
        """What the last trial of an address gave."""
        return self._trial

    @property
    def busy(self) -> bool:
        """Whether an address is being tried."""
        return self._busy

    @property
    def proxies(self) -> tuple[str, ...]:
        """The system's proxies for the web, without names and passwords."""
        wanted = (self._proxies.get(scheme) for scheme in ("https", "http", "all"))
        return tuple(dict.fromkeys(_bare(proxy) for proxy in wanted if proxy))

    def look(self) -> None:
        """Ask the engine how things stand."""
        self._bridge.ask(_state, self._take, self._fail)

    def set_endpoint(self, address: str) -> None:
        """Ask that address from now on; an empty one is the Hub itself."""
        wanted = _address(address)
        self._trial = None
        self._change(hub_endpoint=None if wanted == HUB else wanted)

    def set_second_source(self, *, on: bool) -> None:
        """Ask ModelScope where the first source fails or gives damaged bytes."""
        self._change(second_source=SECOND_SOURCE if on else None)

    def test(self, address: str) -> None:
        """Try that address; `trial` tells."""
        self._trying += 1
        number, wanted = self._trying, _address(address)
        self._busy, self._trial = True, None
        self.changed.emit()
        self._bridge.ask(
            lambda engine: engine.discovery.test_endpoint(wanted),
            partial(self._tried, number),
            partial(self._refused, number),
        )

    def set_token(self, token: str) -> None:
        """Keep that token in the keyring, in place of the one before."""
        if token.strip():
            wanted = token.strip()
            self._bridge.ask(lambda engine: _with_token(engine, wanted), self._take, self._fail)

    def remove_token(self) -> None:
        """Forget the token."""
        self._bridge.ask(lambda engine: _with_token(engine, None), self._take, self._fail)

    def _change(self, **changes: object) -> None:
        self._bridge.ask(lambda engine: _configured(engine, changes), self._take, self._fail)

    def _take(self, state: tuple[EngineConfig, bool]) -> None:
        self._config, self._has_token = state
        self.changed.emit()

    def _tried(self, number: int, answered: Saying) -> None:
        self._end_trial(number, Trial(answered=answered))

    def _refused(self, number: int, error: EngineError) -> None:
        self._end_trial(number, Trial(failure=failures.told(error)))

    def _end_trial(self, number: int, trial: Trial) -> None:
        if number == self._trying:
            self._busy, self._trial = False, trial
            self.changed.emit()

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))
        self.changed.emit()  # what is shown goes back to what holds


def _address(typed: str) -> str:
    """What was typed as an address, `https` unless it says otherwise."""
    bare = typed.strip().rstrip("/")
    if not bare:
        return HUB
    return bare if "://" in bare else f"https://{bare}"


def _bare(proxy: str) -> str:
    """Without a name and a password."""
    scheme, mark, rest = proxy.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


async def _state(engine: EngineSurface) -> tuple[EngineConfig, bool]:
    return engine.config, engine.discovery.has_token


async def _configured(
    engine: EngineSurface, changes: Mapping[str, object]
) -> tuple[EngineConfig, bool]:
    await engine.configure(**changes)
    return await _state(engine)


async def _with_token(engine: EngineSurface, token: str | None) -> tuple[EngineConfig, bool]:
    await engine.discovery.set_token(token)
    return await _state(engine)
