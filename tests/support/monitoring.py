"""Readings as real cards give them, made up: minutes of a machine that answers, ready to be told.

Numbers move as those of loaded RTX 4090s and 3090s did; nothing of them was measured.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from math import sin

from engine.events import AlertMoved, Event, MachineRead, RatesRead, UsageRead
from engine.fit.saying import say
from engine.hardware.machine import GpuReading, ProcessReading, Reading, Throttle
from engine.monitor.values import Alert, AlertKind, CardUsage, Purpose, Rates, Share

GIB = 2**30
MIB = 2**20
_NAMES = ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 3090", "NVIDIA RTX A4000")
_TOTALS = (24 * GIB, 24 * GIB, 16 * GIB)


def usage(index: int = 0, *, kv_bytes: int = 2 * GIB) -> CardUsage:
    """A card that holds most of a model."""
    total = _TOTALS[index % 3]
    weights = round(total * (0.55 - 0.02 * index))
    shares = (
        Share(
            purpose=Purpose.WEIGHTS,
            size_bytes=weights,
            name="Qwen3-32B-Q4_K_M",
            planned_bytes=weights,
        ),
        Share(purpose=Purpose.KV_USED, size_bytes=kv_bytes, planned_bytes=kv_bytes),
        Share(purpose=Purpose.KV_RESERVED, size_bytes=GIB),
        Share(purpose=Purpose.COMPUTE, size_bytes=700 * MIB, planned_bytes=640 * MIB),
        Share(purpose=Purpose.DRIVER, size_bytes=520 * MIB),
        Share(purpose=Purpose.OTHER, size_bytes=900 * MIB, name="firefox"),
        Share(purpose=Purpose.UNEXPLAINED, size_bytes=110 * MIB),
    )
    return CardUsage(
        index=index,
        name=_NAMES[index % 3],
        total_bytes=total,
        used_bytes=sum(share.size_bytes for share in shares),
        shares=shares,
        next_chat_bytes=512 * MIB,
        longer_bytes=3 * GIB,
    )


def card_reading(index: int, tick: int) -> GpuReading:
    """The third of a kind does not report its fan, clocks and utilisation of memory."""
    sparse = index % 3 == 2
    busy = 0.78 + 0.18 * sin(tick / 9 + index) * sin(tick / 41)
    return GpuReading(
        index=index,
        name=_NAMES[index % 3],
        memory_total_bytes=_TOTALS[index % 3],
        memory_used_bytes=usage(index).used_bytes + round(200 * MIB * sin(tick / 60)),
        utilization=busy,
        temperature_celsius=61 + 6 * sin(tick / 70 + index),
        power_watts=210 + 160 * busy,
        power_limit_watts=450.0,
        memory_utilization=None if sparse else busy * 0.7,
        graphics_clock_mhz=None if sparse else 2520.0,
        memory_clock_mhz=None if sparse else 10501.0,
        fan=None if sparse else 0.42,
        throttles=frozenset({Throttle.POWER}) if index == 1 else frozenset(),
        pcie_generation=4,
        pcie_width=16 if index == 0 else 8,
        pcie_received_bps=None if sparse else 18.4e6,
        pcie_sent_bps=None if sparse else 3.1e6,
    )


def reading(tick: int, cards: int) -> Reading:
    """One of two a second."""
    return Reading(
        at_seconds=tick / 2,
        cpu=0.22 + 0.1 * sin(tick / 15),
        memory_total_bytes=128 * GIB,
        memory_used_bytes=round(38.4 * GIB) + tick * MIB,
        gpus=tuple(card_reading(index, tick) for index in range(cards)),
        cores=tuple(0.5 + 0.45 * sin(tick / 7 + core) for core in range(16)),
        swap_total_bytes=8 * GIB,
        swap_used_bytes=120 * MIB,
        disk_read_bps=4e6 * (1 + sin(tick / 20)),
        workers=(ProcessReading(pid=4711, cpu=1.3, memory_bytes=3 * GIB),),
    )


def rates(tick: int) -> Rates:
    """Two answers side by side."""
    return Rates(
        streams=2,
        queued=1,
        decode_tps=82 + 6 * sin(tick / 11),
        prompt_tps=2400 + 300 * sin(tick / 23),
        first_token_p50=0.31,
        first_token_p95=0.84,
        first_token_p99=1.42,
        reuse=0.63,
        acceptance=0.71,
        joules_per_token=3.9,
        answers=128,
        failures=2,
    )


def alert(card: int | None = 1) -> Alert:
    """A card that is almost full."""
    return Alert(
        kind=AlertKind.MEMORY_HIGH,
        sentence=say(
            "{card} is {share:.0%} full: {free:memory} of {total:memory} are free.",
            card=_NAMES[1],
            share=0.91,
            free=2 * GIB,
            total=24 * GIB,
        ),
        remedy=say("Close other programs that use the card, or load with a smaller context."),
        began_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
        card=card,
    )


def minutes(cards: int, ticks: int = 600) -> Iterator[Event]:
    """That many readings of that many cards, with a gap in which nothing was measured."""
    for tick in range(ticks):
        if ticks * 2 // 5 < tick < ticks // 2:
            continue
        yield RatesRead(rates=rates(tick))
        yield MachineRead(reading=reading(tick, cards))
    yield UsageRead(cards=tuple(usage(index) for index in range(cards)))
    if cards > 1:
        yield AlertMoved(alert=alert())
