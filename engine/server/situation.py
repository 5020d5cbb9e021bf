"""What every route needs to know."""

import asyncio
from dataclasses import dataclass, field

from prometheus_client.registry import CollectorRegistry

from engine.server.answers import Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The engine behind the port, and the port's own state.

    `closing` is set when the port closes: open answers then end with an error of their own.
    After `quiet_seconds` without a word a stream sends a comment, so that nobody on the way
    takes a loading model for a dead connection.
    """

    answers: Answers
    fingerprint: str
    quiet_seconds: float = 10.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    metrics: CollectorRegistry = field(default_factory=CollectorRegistry)
