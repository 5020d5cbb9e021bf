"""Counts and spreads that cost a dictionary's look-up; families are made of them when asked for.

prometheus_client's own counters take a lock and a list each time they move, and tell when each was
made; these belong to one loop.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import inf, isinf

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

Labels = tuple[str, ...]

# Close enough together that a percentile within one is right to a fifth or so.
FIRST_TOKEN_SECONDS = (
    *(0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75),
    *(1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0),
)
BETWEEN_TOKENS_SECONDS = (
    *(0.001, 0.002, 0.003, 0.004, 0.005, 0.0065, 0.008, 0.01, 0.0125, 0.015, 0.02, 0.025),
    *(0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0),
)
WAIT_SECONDS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
REQUEST_SECONDS = (
    *(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
    *(2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0),
)


class Count:
    """Something that only grows, by labels."""

    def __init__(self, name: str, help_: str, labels: Sequence[str] = ()) -> None:
        self._name, self._help, self._labels = name, help_, labels
        self._values: dict[Labels, float] = {} if labels else {(): 0.0}

    def add(self, *labels: str, amount: float = 1.0) -> None:
        """So much more of it."""
        self._values[labels] = self._values.get(labels, 0.0) + amount

    def family(self) -> Metric:
        """As prometheus_client takes it."""
        family = CounterMetricFamily(self._name, self._help, labels=self._labels)
        for labels, value in self._values.items():
            family.add_metric(labels, value)
        return family


class Bins:
    """How many were at most so great."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def note(self, value: float, times: int = 1) -> None:
        """It was so great, so many times."""
        self.counts[bisect_left(self.bounds, value)] += times
        self.total += value * times

    def buckets(self) -> list[tuple[str, float]]:
        """Each bound with how many did not exceed it."""
        found: list[tuple[str, float]] = []
        so_far = 0
        for bound, count in zip((*self.bounds, inf), self.counts, strict=True):
            so_far += count
            found.append(("+Inf" if isinf(bound) else str(bound), so_far))
        return found


class Spread:
    """How great something was, by labels."""

    def __init__(
        self, name: str, help_: str, bounds: Sequence[float], labels: Sequence[str] = ()
    ) -> None:
        self._name, self._help, self._labels, self._bounds = name, help_, labels, bounds
        self._bins: dict[Labels, Bins] = {}

    def bins(self, *labels: str) -> Bins:
        """Those of these labels, to be kept by who notes often."""
        found = self._bins.get(labels)
        if found is None:
            found = self._bins[labels] = Bins(self._bounds)
        return found

    def family(self) -> Metric:
        """As prometheus_client takes it."""
        family = HistogramMetricFamily(self._name, self._help, labels=self._labels)
        for labels, bins in self._bins.items():
            family.add_metric(labels, bins.buckets(), bins.total)
        return family


def gauge(
    name: str,
    help_: str,
    values: Iterable[tuple[Labels, float | None]],
    labels: Sequence[str] = (),
) -> Metric:
    """What is so great now; None is left out."""
    family = GaugeMetricFamily(name, help_, labels=labels)
    for each, value in values:
        if value is not None:
            family.add_metric(each, value)
    return family
