"""Where things live, and what the engine was told to do.

`Home` knows the folders; `EngineConfig` is `engine.toml`. Reads no environment: `home_from` is
given it by the two `__main__`s.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self, cast

import tomli_w
from platformdirs import PlatformDirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.errors import SettingsBroken
from engine.replacing import put_in_place

DEFAULT_PORT = 11711
MOST_STREAMS = 256  # llama.cpp's own limit
MOST_CONTEXT_TOKENS = 1 << 24  # far above any model; llama.cpp itself has no sensible limit


class Home:
    """The folders of one Fullbore: its data, its models, its settings.

    `environment` tells where other programs keep their models; empty, none are looked for.
    """

    def __init__(
        self,
        root: Path,
        *,
        models: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.root = root
        self.own_models = models or root / "models"
        self.models = self.own_models  # where downloads go
        self.environment = dict(environment or {})

    @property
    def engine_toml(self) -> Path:
        """The engine's settings."""
        return self.root / "engine.toml"

    @property
    def ui_toml(self) -> Path:
        """The window's settings."""
        return self.root / "ui.toml"

    @property
    def chats(self) -> Path:
        """The chats' database."""
        return self.root / "chats.sqlite"

    @property
    def state(self) -> Path:
        """Disposable state: window geometry."""
        return self.root / "state"

    @property
    def cache(self) -> Path:
        """What can be rebuilt."""
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        """The logs."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one Engine that owns this home."""
        return self.root / "engine.lock"

    def bring_models_to(self, chosen: Path | None) -> None:
        """Downloads go there from now on; where that is no folder, or None, to the home's own."""
        there = chosen is not None and chosen.is_dir()
        self.models = chosen if chosen is not None and there else self.own_models

    def make(self) -> None:
        """Create the folders that are missing. Raises OSError if the place is not writable."""
        for folder in (self.root, self.models, self.state, self.cache, self.logs):
            folder.mkdir(parents=True, exist_ok=True)


def home_from(environment: Mapping[str, str]) -> Home:
    """The home that FULLBORE_HOME names, else the platform's folder for user data."""
    chosen = environment.get("FULLBORE_HOME")
    if chosen:
        return Home(Path(chosen).expanduser().absolute(), environment=environment)
    own = Path(PlatformDirs("fullbore", appauthor=False).user_data_dir)
    return Home(own, environment=environment)


class LoadWish(BaseModel):
    """What the person asked of a load; None, or an empty tuple, leaves the choice to Fullbore.

    These are the pins of the placement panel and the flags of `plan`; one is kept for each model.
    `gpu_layers` counts from the model's end, the output layer included. `tensor_split` has a share
    for each card in use, `layer_counts` a number of layers. `cpu_experts` is the number of layers,
    from the last, whose experts stay in RAM. `reserve_bytes` is to stay free, by card number.
    `adapters` are paths of LoRA adapters with their scales; a request calls one by its file's stem.
    `speculation` None guesses for few streams. `draft` is a smaller model on the shelf that
    guesses, in the place of a look at what was said before.
    With `replicas` the whole model is loaded so many times, each on cards of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prefer: Literal["context", "speed", "quality"] | None = None
    devices: tuple[int, ...] | None = None  # card numbers; () for none
    gpu_layers: int | None = Field(default=None, ge=0)
    split_mode: Literal["none", "layer", "tensor"] | None = None
    tensor_split: tuple[float, ...] = ()
    layer_counts: tuple[int, ...] = ()
    cpu_experts: int | None = Field(default=None, ge=0)
    context_tokens: int | None = Field(default=None, ge=256, le=MOST_CONTEXT_TOKENS)
    cache_type: Literal["f16", "q8_0", "q4_0"] | None = None
    micro_batch_tokens: int | None = Field(default=None, ge=32, le=8192)
    streams: int | None = Field(default=None, ge=1, le=MOST_STREAMS)
    reserve_bytes: dict[int, int] = Field(default_factory=dict[int, int])
    adapters: dict[str, float] = Field(default_factory=dict[str, float])
    speculation: bool | None = None
    draft: str | None = None
    replicas: int | None = Field(default=None, ge=1, le=16)

    @property
    def speculates(self) -> bool | None:
        """Whether tokens are guessed; None: for few streams."""
        if self.speculation is not None:
            return self.speculation
        return True if self.draft else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankWish:
    """What the quantizations of a repository are planned for: on this machine or on that in words,
    with a projector's file of that size beside each."""

    load: LoadWish = field(default_factory=LoadWish)
    machine: str | None = None
    projector_bytes: int = 0


class AlertRule(BaseModel):
    """When one kind of trouble is told: beyond this threshold, for so long. A kind that either is
    or is not has no threshold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: bool = True
    threshold: float | None = None
    seconds: float = Field(default=10.0, ge=0.0, le=3600.0)


# The least and the most of each threshold, in its unit (see AlertSettings).
ALERT_BOUNDS: Mapping[str, tuple[float, float]] = {
    "memory_high": (50, 99),
    "memory_short": (50, 16_000),
    "hot": (0, 40),
    "power_limited": (10, 100),
    "spilled": (10, 100_000),
    "swapping": (10, 100_000),
    "slow": (5, 100),
    "failing": (1, 100),
}


def _rule(threshold: float | None, seconds: float) -> AlertRule:
    return AlertRule(threshold=threshold, seconds=seconds)


class AlertSettings(BaseModel):
    """A rule for each kind of alert, by its name. What a file leaves out is as it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_high: AlertRule = _rule(85, 10)  # per cent of a card's memory
    memory_short: AlertRule = _rule(500, 5)  # MB of a card that are free
    hot: AlertRule = _rule(5, 10)  # degrees below the card's own limit
    throttled: AlertRule = _rule(None, 10)
    power_limited: AlertRule = _rule(80, 60)  # per cent of the foretold speed
    link_narrow: AlertRule = _rule(None, 10)
    spilled: AlertRule = _rule(100, 10)  # MB more in RAM
    swapping: AlertRule = _rule(200, 0)  # MB more within a minute
    slow: AlertRule = _rule(60, 0)  # per cent of the foretold speed, over three answers
    failing: AlertRule = _rule(5, 0)  # per cent of the answers of five minutes
    on_processor: AlertRule = _rule(None, 10)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        rules = cast("Mapping[str, object]", given)
        return {name: _over_default(cls, name, rule) for name, rule in rules.items()}

    @model_validator(mode="after")
    def _bound(self) -> Self:
        for name in type(self).model_fields:
            rule: AlertRule = getattr(self, name)
            bounds = ALERT_BOUNDS.get(name)
            if bounds is None:
                sound = rule.threshold is None
            else:
                sound = rule.threshold is not None and bounds[0] <= rule.threshold <= bounds[1]
            if not sound:
                wanted = "none" if bounds is None else f"{bounds[0]:g} to {bounds[1]:g}"
                raise ValueError(f"the threshold of {name} must be {wanted}")
        return self


def _over_default(settings: type[AlertSettings], name: str, rule: object) -> object:
    known = settings.model_fields.get(name)
    if known is None or not isinstance(rule, Mapping):
        return rule
    made: AlertRule = known.default
    return {**made.model_dump(), **cast("Mapping[str, object]", rule)}


class EngineConfig(BaseModel):
    """The engine's settings, with the defaults of a first start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=DEFAULT_PORT, ge=1, le=65535)
    serve: bool = True
    api_key: str | None = None
    streams: int = Field(default=8, ge=1, le=MOST_STREAMS)
    models_folder: Path | None = None  # where downloads go; None: the home's own
    folders: tuple[Path, ...] = ()
    foreign: tuple[str, ...] = ()  # the programs whose models are used: names of Origin
    hub_endpoint: str | None = None
    second_source: str | None = None  # asked where the first fails or gives damaged bytes
    download_bytes_per_second: int | None = Field(default=None, ge=10_000)
    downloads_at_once: int = Field(default=2, ge=1, le=8)
    queue_limit: int = Field(default=256, ge=1)  # requests that wait for one model
    kv_cache_bytes: int = Field(default=4_000_000_000, ge=0)  # idle conversations on disk; 0: none
    sample_seconds: float = Field(default=0.5, ge=0.2, le=2)  # between two readings of the machine
    cors_origins: tuple[str, ...] = ()  # web pages that may use the port; "*": any
    tls_certificate: Path | None = None  # PEM files; with both the port speaks HTTPS
    tls_key: Path | None = None
    most_body_bytes: int = Field(default=32 << 20, ge=1 << 10, le=1 << 30)  # of one request
    image_urls: bool = False  # whether pictures are fetched from the web, when a client names them
    inspect: bool = True  # keeps the last requests, with their words, in memory
    log_bodies: bool = False  # writes those words into a file of the logs folder, too
    idle_seconds: float = Field(default=3600, ge=0)  # then a model loaded for a client goes; 0: no
    most_models: int = Field(default=4, ge=1, le=16)  # loaded at once
    pinned: tuple[str, ...] = ()  # models that are never unloaded for another's sake
    aliases: dict[str, str] = Field(default_factory=dict[str, str])  # other names of models
    updates: bool | None = None  # whether a newer Fullbore is looked for; None: not asked yet
    update_source: str | None = None  # the manifest's address, where it is not Fullbore's own
    pack_source: str | None = None  # where GPU packs come from, likewise
    loads: dict[str, LoadWish] = Field(default_factory=dict[str, LoadWish])
    alerts: AlertSettings = AlertSettings()


def read_config(path: Path) -> EngineConfig:
    """The settings in that file, or the defaults if there is none. Raises SettingsBroken.

    What a later version may have added is passed over: `unknown_settings` tells of it, and
    `write_config` keeps the file aside before it replaces it.
    """
    try:
        return _known(tomllib.loads(path.read_text("utf-8")))[0]
    except (FileNotFoundError, NotADirectoryError):  # a home that is no folder is told elsewhere
        return EngineConfig()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise SettingsBroken(f"{path.name} could not be read: {_reason(error)}.") from error


def unknown_settings(path: Path) -> SettingsBroken | None:
    """What to tell of settings in that file that this version does not know, if there are any."""
    try:
        unknown = _known(tomllib.loads(path.read_text("utf-8")))[1]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError):
        return None  # whoever reads it says so
    if not unknown:
        return None
    names = ", ".join(".".join(place) for place in unknown[:5])
    return SettingsBroken(
        f"{path.name} has settings that this Fullbore does not know, perhaps those of a later"
        f" version: {names}.",
        remedy="The others hold; the file is kept aside before a setting changes.",
    )


def write_config(path: Path, config: EngineConfig) -> None:
    """Replace the file by these settings, whole or not at all. Raises OSError."""
    body = tomli_w.dumps(config.model_dump(mode="json", exclude_none=True))
    draft = path.with_suffix(".new")
    draft.write_text(body, "utf-8")
    if unknown_settings(path) is not None:
        moment = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        path.replace(path.with_name(f"{path.stem}.newer-{moment}{path.suffix}"))
    put_in_place(draft, path)


def _known(document: dict[str, object]) -> tuple[EngineConfig, tuple[tuple[str, ...], ...]]:
    """The settings of that document, and the names in it that nobody knows here."""
    try:
        return EngineConfig.model_validate(document), ()
    except ValidationError as error:
        faults = error.errors(include_url=False)
        if any(fault["type"] != "extra_forbidden" for fault in faults):
            raise
    unknown = tuple(tuple(map(str, fault["loc"])) for fault in faults)
    for place in unknown:
        _leave_out(document, place)
    return EngineConfig.model_validate(document), unknown


def _leave_out(document: dict[str, object], place: tuple[str, ...]) -> None:
    within = document
    for name in place[:-1]:
        within = cast("dict[str, object]", within[name])
    within.pop(place[-1], None)


def _reason(error: Exception) -> str:
    match error:
        case ValidationError():
            first = error.errors(include_url=False)[0]
            name = ".".join(str(part) for part in first["loc"])
            said = f"{name}: {first['msg']}"
        case OSError():
            said = error.strerror or str(error)
        case UnicodeDecodeError():
            said = "it is not UTF-8 text"
        case _:
            said = str(error)
    return " ".join(said.split())[:160].rstrip(".")
