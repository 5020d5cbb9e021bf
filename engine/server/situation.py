"""What every route needs to know."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from prometheus_client.registry import CollectorRegistry

from engine.config import EngineConfig
from engine.keys import Keys
from engine.server.answers import Answers
from engine.server.fetching import Fetching
from engine.server.leaving import Leaving
from engine.server.observer import Observer
from engine.server.slow import PATIENCE, Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The engine behind the port, and the port's own state.

    `closing` is set when the port closes: open answers then end with an error of their own.
    After `quiet_seconds` without a word a stream sends a comment, so that nobody on the way
    takes a loading model for a dead connection. Without `keys` nobody is asked for one; `config` is
    asked at each request, so that a setting counts at once.
    """

    answers: Answers
    fingerprint: str
    quiet_seconds: float = 10.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    leaving: Leaving = field(default_factory=Leaving)
    keys: Keys | None = None
    config: Callable[[], EngineConfig] = EngineConfig
    patience: Patience = PATIENCE
    fetching: Fetching = field(default_factory=Fetching)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a port is opened: where, for whom, and who watches. `tls`: what it speaks HTTPS by."""

    host: str
    keys: Keys | None = None
    config: Callable[[], EngineConfig] = EngineConfig
    observers: Sequence[Observer] = ()
    patience: Patience = PATIENCE
    fetching: Fetching = field(default_factory=Fetching)
    tls: ssl.SSLContext | None = None
