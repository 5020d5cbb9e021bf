"""All of it together: what is heard and observed, as one registry that belongs to one port."""

import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from importlib.metadata import PackageNotFoundError, version

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry
from typing_extensions import override

from engine.errors import EngineError
from engine.events import Event
from engine.host.choose import choose
from engine.host.facts import Phase
from engine.server.answers import Answers
from engine.server.metrics.facts import FactMeters
from engine.server.metrics.machine import MachineMeters
from engine.server.metrics.requests import RequestMeters
from engine.server.metrics.series import gauge

_log = logging.getLogger(__name__)
_OTHER = "other"


class Metering(Collector):
    """Belongs to the loop that runs the port; `observer` is told of its requests."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._facts = FactMeters()
        self._machine = MachineMeters()
        self.observer = RequestMeters(self._model_named)
        self.registry = CollectorRegistry()
        self.registry.register(self)

    async def listen(self, events: AsyncGenerator[Event]) -> None:
        """Hear the engine's facts until they end, or this is cancelled."""
        async with aclosing(events):
            async for event in events:
                try:
                    self._facts.hear(event)
                    self._machine.hear(event)
                except Exception:  # noqa: BLE001 # a bug in counting costs one count
                    _log.exception("A fact could not be counted.")

    def describe(self) -> list[Metric]:
        """Nothing: the registry need not compare names."""
        return []

    @override
    def collect(self) -> Iterator[Metric]:
        yield from self.observer.collect()
        yield from self._facts.collect()
        yield from self._machine.collect()
        yield from self._now()

    def _now(self) -> Iterator[Metric]:
        residents = self._answers.residents()
        for name, help_, values in (
            ("queue_depth", "Answers that wait for their turn.", [r.queued for r in residents]),
            ("model_streams", "Answers in progress.", [r.streams for r in residents]),
            ("model_loaded", "1 once it is ready.", [r.phase is Phase.READY for r in residents]),
            ("model_replicas", "Workers of it.", [r.replicas for r in residents]),
            ("model_card_bytes", "Its memory on cards.", [r.card_bytes for r in residents]),
            ("model_context_tokens", "Its context.", [r.context_tokens for r in residents]),
        ):
            names = [(resident.model,) for resident in residents]
            rows = zip(names, map(float, values), strict=True)
            yield gauge(f"fullbore_{name}", help_, rows, ("model",))
        yield gauge(
            "fullbore_alert_active",
            "1 while Fullbore itself says that this is wrong.",
            [
                ((alert.kind.value, "" if alert.card is None else str(alert.card)), 1.0)
                for alert in self._answers.alerts.raised
            ],
            ("kind", "gpu"),
        )
        yield gauge(
            "fullbore_build_info",
            "1, and what runs here.",
            [((_version("fullbore"), _version("llama-cpp-python")), 1.0)],
            ("version", "llama_cpp_python"),
        )

    def _model_named(self, name: str | None) -> str:
        """The model's id. A client may write anything: it becomes no label."""
        wanted = name or self._answers.loaded
        if wanted is None:
            return _OTHER
        try:
            return choose(wanted, self._answers.models()).id
        except EngineError:
            return _OTHER


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
