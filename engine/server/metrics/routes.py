"""GET /metrics: the registry, as Prometheus or OpenMetrics."""

import asyncio
from collections.abc import Callable, Iterator
from typing import cast

from fastapi import APIRouter, Request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.responses import Response
from typing_extensions import override

Write = Callable[[Collector], bytes]

# The library's own choice between them fails on a version that is no number.
_PROMETHEUS: tuple[Write, str] = (generate_latest, CONTENT_TYPE_PLAIN_0_0_4)
_OPEN_METRICS: tuple[Write, str] = (
    cast("Write", openmetrics.generate_latest),  # pyright: ignore[reportUnknownMemberType]
    openmetrics.CONTENT_TYPE_LATEST,
)


class _Collected(Collector):
    """Families that were collected already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    @override
    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def metrics_routes(registry: CollectorRegistry) -> APIRouter:
    """The route."""
    router = APIRouter()

    async def metrics(request: Request) -> Response:
        is_open = _wants_open(request.headers.get("accept", ""))
        write, kind = _OPEN_METRICS if is_open else _PROMETHEUS
        # Collected here, where the numbers move; written down beside, for that takes longer.
        families = _Collected(list(registry.collect()))
        text = await asyncio.to_thread(write, families)
        return Response(text, headers={"content-type": kind})

    router.add_api_route("/metrics", metrics, methods=["GET"])
    return router


def _wants_open(accept: str) -> bool:
    kinds = (kind.split(";")[0].strip().lower() for kind in accept.split(","))
    return "application/openmetrics-text" in kinds
