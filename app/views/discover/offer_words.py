"""What is said of a quantization: short in its row, at length below and under the pointer."""

from collections.abc import Sequence
from math import exp

from PySide6.QtCore import QCoreApplication

from app.lists.offers_list import Offer, Verdict
from app.lists.sizes import decimal_text, size_text
from app.presenters.placement.places import PartKind
from app.text import failures
from app.theme.tokens import Tokens
from app.views import sayings, words
from app.views.placement import said
from engine.download.values import DownloadPhase
from engine.fit.plan import CardBytes, Plan

Bar = tuple[str, tuple[tuple[PartKind, int], ...], int, int]  # name, parts, capacity, taken
_FELT = 6.0  # how steeply the quality's bar falls with divergence
_MOST_CHANGES = 3


VERDICTS: tuple[Verdict, ...] = ("cards", "experts", "layers", "ram", "disk", "no", "unknown")


def mark() -> str:
    """Of the row to take."""
    return QCoreApplication.translate("discover", "Our advice")


def verdict(which: Verdict) -> str:
    """Where it would run, in few words."""
    said_of: dict[Verdict, str] = {
        "cards": QCoreApplication.translate("discover", "Runs on the cards"),
        "experts": QCoreApplication.translate("discover", "Experts in RAM"),
        "layers": QCoreApplication.translate("discover", "Layers in RAM"),
        "ram": QCoreApplication.translate("discover", "Runs in RAM"),
        "disk": QCoreApplication.translate("discover", "Partly from disk"),
        "no": QCoreApplication.translate("discover", "Does not fit"),
    }
    return said_of.get(which, "")


def verdict_colour(tokens: Tokens, which: Verdict) -> str:
    """Green runs at full speed, amber works, red does not."""
    match which:
        case "cards":
            return tokens.ok
        case "experts" | "layers" | "ram":
            return tokens.warn
        case "disk" | "no":
            return tokens.error
        case "unknown":
            return tokens.faint


def more(offer: Offer) -> str:
    """A second line to the verdict."""
    plan = offer.plan
    if plan is None:
        return ""
    if not plan.fits:
        enough = [sayings.told(change.what) for change in plan.changes if change.fits]
        return (
            QCoreApplication.translate("discover", "with {0}").format(enough[0]) if enough else ""
        )
    layout = plan.layout
    match offer.verdict:
        case "experts":
            return said.layers(len({expert.layer for expert in layout.cpu_experts}))
        case "cards" if len(layout.cards) > 1:
            return QCoreApplication.translate("discover", "{0} cards").format(len(layout.cards))
        case _:
            return ""


def size(offer: Offer) -> str:
    """Its size, and in how many files it comes."""
    whole = size_text(offer.quantization.size_bytes)
    if len(offer.quantization.files) == 1:
        return whole
    several = QCoreApplication.translate("discover", "{0} in {1} files")
    return several.format(whole, len(offer.quantization.files))


def bits(offer: Offer) -> str:
    """Bits a weight."""
    if offer.plan is None:
        return ""
    number = f"{offer.plan.quality.bits_per_weight:.2g}"
    return QCoreApplication.translate("discover", "{0} bits").format(number)


def goodness(offer: Offer) -> float | None:
    """The quality's bar, 0 to 1; None while nothing is known."""
    if offer.plan is None or offer.plan.quality.divergence is None:
        return None
    return exp(-_FELT * offer.plan.quality.divergence)


def quality_word(fraction: float) -> str:
    """What that much of the bar means."""
    for least, word in (
        (0.985, QCoreApplication.translate("discover", "excellent")),
        (0.9, QCoreApplication.translate("discover", "very good")),
        (0.75, QCoreApplication.translate("discover", "good")),
        (0.5, QCoreApplication.translate("discover", "fair")),
    ):
        if fraction >= least:
            return word
    return QCoreApplication.translate("discover", "poor")


def quality(offer: Offer) -> str:
    """Divergence, and where the figure comes from."""
    if offer.plan is None:
        return ""
    known = offer.plan.quality
    lines: list[str] = []
    if known.divergence is not None:
        says = QCoreApplication.translate("discover", "Mean divergence from the original: {0}")
        lines.append(says.format(f"{known.divergence:.3g}"))
    if known.perplexity_increase is not None:
        says = QCoreApplication.translate("discover", "Perplexity: {0} % more")
        lines.append(says.format(f"{100 * known.perplexity_increase:.2g}"))
    lines.append(QCoreApplication.translate("discover", "Source: {0}").format(known.source))
    if known.warning is not None:
        lines.append(sayings.told(known.warning))
    return "\n".join(lines)


def speed(plan: Plan) -> tuple[str, str]:
    """Tokens a second, and the range in which four of five runs lie."""
    pace = plan.pace.decode_tps
    low, high = _rate(pace.low), _rate(pace.high)
    return f"{_rate(pace.expected)} tok/s", low if low == high else f"{low}\u2013{high}"


def _rate(number: float) -> str:
    return decimal_text(number, 0 if number >= 10 else 1)


def pace(offer: Offer) -> str:
    """All that is predicted of its speed."""
    if offer.plan is None:
        return ""
    expected, reach = speed(offer.plan)
    prompts = _rate(offer.plan.pace.prompt_tps.expected)
    load = words.duration(offer.plan.pace.load_seconds)
    says = QCoreApplication.translate(
        "discover",
        "{0} expected; four of five runs lie within {1}.\nPrompts: {2} tok/s. Loading takes {3}.",
    )
    return says.format(expected, reach, prompts, load)


def bars(plan: Plan) -> tuple[Bar, ...]:
    """Every card with its parts, and RAM where something lies in it."""
    found = [_card(card) for card in plan.footprint.cards]
    host = plan.footprint.host
    if host.weights or not found:
        taken = max(0, host.capacity - host.free)
        parts: tuple[tuple[PartKind, int], ...] = (
            ("weights", host.weights),
            ("kv", host.kv),
            ("compute", host.compute),
            ("other", taken),
        )
        found.append((said.place_name(None), parts, host.capacity, host.total + taken))
    return tuple(found)


def _card(card: CardBytes) -> Bar:
    parts: tuple[tuple[PartKind, int], ...] = (
        ("weights", card.weights),
        ("kv", card.kv),
        ("compute", card.compute),
        ("driver", card.residual),
        ("other", card.used),
    )
    name = f"{said.place_name(card.number)} {said.short_card(card.name)}"
    return (name, parts, card.capacity, card.total + card.used)


def memory(offer: Offer) -> str:
    """Every place in words."""
    if offer.plan is None:
        return ""
    lines: list[str] = []
    for name, parts, capacity, taken in bars(offer.plan):
        sizes = "   ".join(
            f"{said.part_name(kind)} {words.memory(part)}" for kind, part in parts if part > 0
        )
        lines.append(f"{name}: {words.memory_of(taken, capacity)}\n{sizes}")
    return "\n".join(lines)


def why(offer: Offer) -> str:
    """Why it runs so, and what would make it run better."""
    if offer.refusal is not None:
        return failures.told(offer.refusal)
    plan = offer.plan
    if plan is None:
        return ""
    lines = [sayings.told(reason) for reason in plan.reasons]
    lines += changes(plan)
    return "\n".join(lines)


def changes(plan: Plan) -> Sequence[str]:
    """What would make it fit, or faster."""
    says = QCoreApplication.translate("discover", "With {0}: {1}.")
    good = [change for change in plan.changes if change.fits][:_MOST_CHANGES]
    return [
        says.format(sayings.told(change.what), f"{_rate(change.decode_tps)} tok/s")
        for change in good
    ]


def advice(advised: Offer, finer: Offer | None) -> str:
    """Why that one is advised."""
    if advised.plan is None:
        return ""
    says = QCoreApplication.translate("discover", "{0} at {1}; quality: {2}; {3}.").format(
        bits(advised),
        speed(advised.plan)[0],
        quality_word(goodness(advised) or 0.0),
        verdict(advised.verdict).lower(),
    )
    if finer is not None and finer.plan is not None:
        other = QCoreApplication.translate("discover", "{0} would give {1}.")
        says = f"{says} {other.format(finer.quantization.label, speed(finer.plan)[0])}"
    warning = advised.plan.quality.warning
    return says if warning is None else f"{says} {sayings.told(warning)}"


def action(offer: Offer) -> str:
    """What a row's button says."""
    if offer.model is not None:
        return QCoreApplication.translate("discover", "Chat")
    download = offer.download
    if download is None or download.phase is DownloadPhase.DONE:
        return QCoreApplication.translate("discover", "Download")
    said_of = {
        DownloadPhase.QUEUED: QCoreApplication.translate("discover", "Queued"),
        DownloadPhase.RUNNING: words.percent(share(offer)),
        DownloadPhase.VERIFYING: QCoreApplication.translate("discover", "Checking"),
        DownloadPhase.REPAIRING: QCoreApplication.translate("discover", "Repairing"),
    }
    return said_of.get(download.phase, QCoreApplication.translate("discover", "Resume"))


def share(offer: Offer) -> float:
    """How much of it has arrived."""
    download = offer.download
    return 0.0 if download is None else download.received_bytes / max(1, download.total_bytes)


def accessible(offer: Offer) -> str:
    """The whole row in one sentence."""
    parts = [offer.quantization.label, size(offer), bits(offer)]
    if offer.plan is not None:
        fraction = goodness(offer)
        parts += [
            "" if fraction is None else quality_word(fraction),
            words.count(offer.plan.layout.context_tokens),
            speed(offer.plan)[0],
            verdict(offer.verdict),
        ]
    if offer.advised:
        parts.append(mark())
    parts.append(action(offer))
    return " · ".join(part for part in parts if part)
