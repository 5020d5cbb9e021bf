"""Signs: what a reading and what belongs to it say of each kind of trouble.

A sign is wrong, calm or neither: what lies between the two thresholds changes nothing, so that a
value that trembles about one of them raises no alert after the other. What is not reported gives
no sign.

A card that a model of ours fills as its plan foretold is not in trouble, however full it is: only
what goes beyond the plan (other programs that grew since, a load that takes more) counts as too
much. While a model lies on a card otherwise than planned, or no plan is known, the mere threshold
holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.config import AlertSettings
from engine.fit.saying import Saying, say
from engine.hardware.machine import GpuReading, Machine, Reading, Throttle
from engine.host.outcome import Outcome
from engine.monitor.lately import Lately
from engine.monitor.values import AlertKind, Rates

MB = 1_000_000
ASSUMED_SLOWDOWN_CELSIUS = 88.0  # where the driver does not tell; 83 °C with the default margin
BUSY = 0.5  # a card that computes this much has its link at full width
ROOM = 1.15  # a card with this much of the model's bytes free could have taken it
COOLER_CELSIUS = 3.0
PLAN_MARGIN = 0.02  # of a card: as much as a plan may be wrong
LEAST_ANSWERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known at one reading. `outcome` is that of the loaded model, None without one
    or without its plan; `loaded` tells whether one is."""

    reading: Reading
    rates: Rates = field(default_factory=Rates)
    machine: Machine | None = None
    outcome: Outcome | None = None
    loaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a kind of trouble looks like now, on that card; `sentence` is said if it is raised."""

    kind: AlertKind
    wrong: bool
    calm: bool
    sentence: Saying
    remedy: Saying
    card: int | None = None


def signs(facts: Facts, settings: AlertSettings, lately: Lately) -> Iterator[Sign]:
    """Every sign there is."""
    for gpu in facts.reading.gpus:
        yield from _memory_signs(gpu, facts, settings)
        yield from _heat_signs(gpu, settings)
        yield from _power_sign(gpu, facts, settings)
        yield from _link_sign(gpu, facts)
        yield from _spill_sign(gpu, settings, lately)
    yield from _swap_sign(facts, settings, lately)
    yield from _answer_signs(settings, lately)
    yield from _processor_sign(facts)


def _memory_signs(gpu: GpuReading, facts: Facts, settings: AlertSettings) -> Iterator[Sign]:
    total, used = gpu.memory_total_bytes, gpu.memory_used_bytes
    if not total or used is None:
        return
    foretold = _foretold(gpu, facts.outcome)
    as_planned = foretold is not None and used <= foretold + PLAN_MARGIN * total
    share, most = used / total, (settings.memory_high.threshold or 0) / 100
    yield Sign(
        kind=AlertKind.MEMORY_HIGH,
        card=gpu.index,
        wrong=share > most and not as_planned,
        calm=share < most - 0.03 or as_planned,
        sentence=say(
            "{card} is {share:.0%} full: {free:memory} of {total:memory} are free.",
            card=gpu.name,
            share=share,
            free=max(0, total - used),
            total=total,
        ),
        remedy=say("Close other programs that use the card, or load with a smaller context."),
    )
    free, least = total - used, (settings.memory_short.threshold or 0) * MB
    yield Sign(
        kind=AlertKind.MEMORY_SHORT,
        card=gpu.index,
        wrong=free < least and not as_planned,
        calm=free > 1.25 * least or as_planned,
        sentence=say(
            "Only {free:.0f} MB of {card} are free.", free=max(0, free) / MB, card=gpu.name
        ),
        remedy=say(
            "The next answer may run out of memory: close other programs that use the card, or "
            "unload the model."
        ),
    )


def _foretold(gpu: GpuReading, outcome: Outcome | None) -> int | None:
    """What the card should hold at most by the plan, with what others held when it was made."""
    if outcome is None:
        return None
    for card in outcome.plan.footprint.cards:
        if card.number == gpu.index:
            return card.used + card.total
    return None


def _heat_signs(gpu: GpuReading, settings: AlertSettings) -> Iterator[Sign]:
    celsius = gpu.temperature_celsius
    if celsius is not None:
        limit = gpu.slowdown_celsius or ASSUMED_SLOWDOWN_CELSIUS
        most = limit - (settings.hot.threshold or 0)
        yield Sign(
            kind=AlertKind.HOT,
            card=gpu.index,
            wrong=celsius > most if gpu.slowdown_celsius is None else celsius >= most,
            calm=celsius < most - COOLER_CELSIUS,
            sentence=say("{card} has {celsius:.0f} °C.", card=gpu.name, celsius=celsius),
            remedy=say("Give it air: clean its fans, let them turn faster, or lower its power."),
        )
    if gpu.throttles is not None:
        slowed = bool(gpu.throttles & {Throttle.HEAT, Throttle.HARDWARE})
        yield Sign(
            kind=AlertKind.THROTTLED,
            card=gpu.index,
            wrong=slowed,
            calm=not slowed,
            sentence=say("{card} slows itself down to cool off.", card=gpu.name)
            if Throttle.HEAT in gpu.throttles
            else say("{card} slows itself down: its power supply asks for it.", card=gpu.name),
            remedy=say("Look after its cooling and its power cables."),
        )


def _power_sign(gpu: GpuReading, facts: Facts, settings: AlertSettings) -> Iterator[Sign]:
    """Cards at their power limit are common; it is told where it costs speed."""
    if gpu.throttles is None:
        return
    rates, outcome = facts.rates, facts.outcome
    expected = None if outcome is None else outcome.plan.pace.decode_tps.expected
    # Several answers at once share the card: each of them is slower, and that is as it should be.
    least = None if expected is None else (settings.power_limited.threshold or 0) / 100 * expected
    slow = least is not None and 0 < rates.decode_tps < least
    limited = Throttle.POWER in gpu.throttles
    yield Sign(
        kind=AlertKind.POWER_LIMITED,
        card=gpu.index,
        wrong=limited and slow,
        calm=not limited or (least is not None and rates.decode_tps > 1.05 * least),
        sentence=say("{card} is held back by its power limit.", card=gpu.name),
        remedy=say("If it is well cooled, its limit may be raised with the driver's tools."),
    )


def _link_sign(gpu: GpuReading, facts: Facts) -> Iterator[Sign]:
    """An idle card makes its link narrower to save power: it counts while the card is busy."""
    known = () if facts.machine is None else facts.machine.gpus
    card = next((one for one in known if one.index == gpu.index), None)
    width, widest = gpu.pcie_width, None if card is None else card.pcie_width
    if width is None or widest is None or gpu.utilization is None:
        return
    generation = gpu.pcie_generation or 0
    newest = (card.pcie_generation if card is not None else None) or generation
    narrow = width < widest or (0 < generation < newest)
    yield Sign(
        kind=AlertKind.LINK_NARROW,
        card=gpu.index,
        wrong=narrow and gpu.utilization >= BUSY,
        calm=not narrow,
        sentence=say(
            "{card} is connected by PCIe {generation} × {width}; it could have {newest} × "
            "{widest}.",
            card=gpu.name,
            generation=generation or "?",
            width=width,
            newest=newest or "?",
            widest=widest,
        ),
        remedy=say("Put it into another slot, or look for the link's speed in the BIOS."),
    )


def _spill_sign(gpu: GpuReading, settings: AlertSettings, lately: Lately) -> Iterator[Sign]:
    grown = lately.spilled_growth(gpu.index)
    if gpu.spilled_bytes is None or grown is None:
        return
    most = (settings.spilled.threshold or 0) * MB
    yield Sign(
        kind=AlertKind.SPILLED,
        card=gpu.index,
        wrong=grown > most,
        calm=grown < most / 2,
        sentence=say(
            "Windows keeps {size:memory} of {card} in RAM, where it is slow.",
            size=gpu.spilled_bytes,
            card=gpu.name,
        ),
        remedy=say(
            "Close other programs that use the card, or turn off the driver's system memory "
            "fallback."
        ),
    )


def _swap_sign(facts: Facts, settings: AlertSettings, lately: Lately) -> Iterator[Sign]:
    grown = lately.swap_growth()
    if grown is None:
        return
    most = (settings.swapping.threshold or 0) * MB
    yield Sign(
        kind=AlertKind.SWAPPING,
        wrong=facts.loaded and grown > most,
        calm=not facts.loaded or grown < most / 4,
        sentence=say(
            "RAM is short: {size:.0f} MB more were swapped out within a minute.", size=grown / MB
        ),
        remedy=say("Close other programs, or load a smaller model or context."),
    )


def _answer_signs(settings: AlertSettings, lately: Lately) -> Iterator[Sign]:
    paces = lately.paces
    if paces:
        last = paces[-LEAST_ANSWERS:]
        least = (settings.slow.threshold or 0) / 100
        yield Sign(
            kind=AlertKind.SLOW,
            wrong=len(last) == LEAST_ANSWERS and max(last) < least,
            calm=last[-1] > min(1.0, least + 0.1),
            sentence=say(
                "The last answers came at {share:.0%} of the foretold speed.",
                share=sum(last) / len(last),
            ),
            remedy=say("See whether another program uses the card, or measure this machine again."),
        )
    else:
        yield _quiet(AlertKind.SLOW)
    ended, failed = lately.answers, lately.failures
    share, most = failed / max(1, ended), (settings.failing.threshold or 0) / 100
    yield Sign(
        kind=AlertKind.FAILING,
        wrong=failed >= LEAST_ANSWERS and share > most,
        calm=failed == 0 or share < most / 2,
        sentence=say("{failed} of the last {ended} answers failed.", failed=failed, ended=ended),
        remedy=say("The log tells why. Loading the model again often helps."),
    )


def _processor_sign(facts: Facts) -> Iterator[Sign]:
    outcome = facts.outcome
    if not facts.loaded or outcome is None:
        yield _quiet(AlertKind.ON_PROCESSOR)
        return
    plan = outcome.plan
    wanted = ROOM * plan.footprint.host.total
    roomy = next((gpu for gpu in facts.reading.gpus if _free(gpu) > wanted), None)
    wrong = not plan.layout.cards and roomy is not None
    yield Sign(
        kind=AlertKind.ON_PROCESSOR,
        wrong=wrong,
        calm=not wrong,
        sentence=say(
            "The model runs on the processor, though {card} has room for it.",
            card="" if roomy is None else roomy.name,
        ),
        remedy=say("Load it again, with the card chosen in its placement."),
    )


def _free(gpu: GpuReading) -> int:
    if gpu.memory_total_bytes is None or gpu.memory_used_bytes is None:
        return 0
    return gpu.memory_total_bytes - gpu.memory_used_bytes


def _quiet(kind: AlertKind) -> Sign:
    """Nothing is loaded, nothing was answered: that kind is over."""
    return Sign(kind=kind, wrong=False, calm=True, sentence=say(""), remedy=say(""))
