"""A plan as people read it in a terminal: bars, speeds, cost, reasons, and what else there is."""

import textwrap
from collections.abc import Iterable, Sequence

from engine.background.words import Planned
from engine.fit.layout import Layout
from engine.fit.placement.changes import electricity_per_million
from engine.fit.placement.words import gigabytes
from engine.fit.plan import Change, Interval, Pace, Plan, Quality
from engine.terminal.screen import table

USUAL_WIDTH = 100
_NARROWEST, _WIDEST = 60, 120
_SHORTEST_BAR, _LONGEST_BAR = 10, 30
_OURS, _OTHERS, _FREE = "█", "▒", "·"
_WHERE = {
    "gpu": "on the cards",
    "tensor": "on the cards",
    "experts": "experts in RAM",
    "layers": "layers in RAM",
    "cpu": "on the processor",
}


def ranking_text(planned: Planned, *, width: int = USUAL_WIDTH) -> str:
    """One line a quantization, the one to take marked, and why that one."""
    plans = [(placed.plan, _WHERE[placed.kind]) for placed in planned.placed]
    rows = [
        (
            ("→ " if one.model == planned.advised else "  ") + one.model.rpartition(":")[2],
            f"{one.quality.bits_per_weight:.2f}",
            _loss(one.quality.perplexity_increase),
            " + ".join(gigabytes(card.total) for card in one.footprint.cards) or "–",
            gigabytes(one.footprint.host.total),
            f"{one.layout.context_tokens:,}",
            _rate(one.pace.decode_tps.expected),
            where if one.fits else "does not fit",
        )
        for one, where in plans
    ]
    head = ("QUANTIZATION", "BITS", "LOSS", "ON CARDS", "IN RAM", "CONTEXT", "TOK/S", "")
    lines = [f"On {plans[0][0].machine}", "", table(head, rows), ""] if plans else []
    if planned.advice:
        lines += _wrapped(planned.advice, width)
    if plans:
        lines += _wrapped("LOSS is the rise of perplexity beside the unquantized model.", width)
    return "\n".join(lines)


def plan_text(one: Plan, *, price_per_kwh: float, width: int = USUAL_WIDTH) -> str:
    """The plan of one model. The price may be in any currency; the cost is in the same."""
    width = max(_NARROWEST, min(_WIDEST, width))
    named = one.quantization is None or one.model.endswith(one.quantization)
    lines = [one.model if named else f"{one.model} · {one.quantization}", f"on {one.machine}", ""]
    if not one.fits:
        lines += ["It does not fit.", ""]
    lines += [*_places(one, width), "", *_facts(one, price_per_kwh, width)]
    lines += _section("Why", map(str, one.reasons), width)
    lines += _section("Instead", [_alternative(one, other) for other in one.alternatives], width)
    lines += _section("To free, add or buy", map(_change, one.changes), width)
    return "\n".join(lines)


def _places(one: Plan, width: int) -> list[str]:
    host = one.footprint.host
    rows = [
        (
            card.name,
            *(
                gigabytes(size)
                for size in (card.weights, card.kv, card.compute, card.residual, card.total)
            ),
            gigabytes(card.capacity),
        )
        for card in one.footprint.cards
    ]
    rows.append(
        (
            "RAM",
            *(gigabytes(size) for size in (host.weights, host.kv, host.compute)),
            "",
            gigabytes(host.total),
            gigabytes(host.capacity),
        )
    )
    shares = [
        *((card.total, card.used, card.capacity) for card in one.footprint.cards),
        (host.total, host.capacity - host.free, host.capacity),
    ]
    head = ("", "WEIGHTS", "KV CACHE", "COMPUTE", "DRIVER", "TOTAL", "OF")
    plain = table(head, rows).splitlines()
    widest = max(map(len, plain))
    cells = max(_SHORTEST_BAR, min(_LONGEST_BAR, width - widest - 4))
    bars = ["", *(_bar(*share, cells) for share in shares)]
    lines = [f"{line.ljust(widest)}  {bar}".rstrip() for line, bar in zip(plain, bars, strict=True)]
    legend = f"{_OURS} this model  {_OTHERS} other programs  {_FREE} free"
    return [*lines, legend.rjust(widest + 4 + cells)]


def _bar(ours: int, others: int, capacity: int, cells: int) -> str:
    mine = min(cells, round(ours / max(1, capacity) * cells))
    theirs = min(cells - mine, round(others / max(1, capacity) * cells))
    return "[" + _OURS * mine + _OTHERS * theirs + _FREE * (cells - mine - theirs) + "]"


def _facts(one: Plan, price_per_kwh: float, width: int) -> list[str]:
    layout = one.layout
    streams = "1 stream" if layout.streams == 1 else f"{layout.streams} streams"
    bytes_from = "llama.cpp's own, by a dry run" if one.exact else "reckoned from the header"
    facts = [
        ("decode", f"{_range(one.pace.decode_tps)} tok/s"),
        ("prompt", f"{_range(one.pace.prompt_tps)} tok/s"),
        ("load", f"{one.pace.load_seconds:.0f} s"),
        ("layers", " · ".join(_placement(layout))),
        (
            "context",
            f"{layout.context_tokens:,} tokens · {layout.cache_type} KV cache · {streams}"
            f" · micro-batch {layout.micro_batch_tokens}",
        ),
        ("energy", _energy(one.pace, price_per_kwh)),
        ("quality", _quality(one.quality)),
        ("bytes", bytes_from),
    ]
    indent = max(len(name) for name, _ in facts) + 2
    return [
        line
        for name, said in facts
        if said
        for line in _wrapped(said, width, first=name.ljust(indent), indent=indent)
    ]


def _placement(layout: Layout) -> list[str]:
    if not layout.cards or not layout.gpu_layers:
        return ["all on the processor"]
    said = [_counted(layout.gpu_layers, "layer") + f" on {_counted(len(layout.cards), 'card')}"]
    if len(layout.cards) > 1:
        said.append(f"split by {layout.split_mode}")
    if layout.cpu_experts:
        said.append(f"experts of {_counted(len(layout.cpu_experts), 'layer')} in RAM")
    return said


def _energy(pace: Pace, price_per_kwh: float) -> str:
    joules = pace.joules_per_token
    if not joules:
        return ""
    cost = electricity_per_million(joules, price_per_kwh)
    return (
        f"{joules:.1f} J a token · {1 / joules:.2g} tokens a joule · {cost:.2f} for a million"
        f" tokens at {price_per_kwh:.2f} a kWh"
    )


def _quality(quality: Quality) -> str:
    said = [f"{quality.bits_per_weight:.2f} bits a weight"]
    if quality.divergence is not None:
        said.append(f"KL divergence {quality.divergence:.3f}")
    if quality.perplexity_increase is not None:
        said.append(f"perplexity {_loss(quality.perplexity_increase)}")
    sentence = f"{' · '.join(said)} ({quality.source})"
    return f"{sentence}. {quality.warning}" if quality.warning else sentence


def _alternative(chosen: Plan, other: Plan) -> str:
    """The sentence that it carries, and what that does not tell of the differences."""
    title = str(other.reasons[0]).rstrip(".") if other.reasons else _speed_of(other)
    known = _parts(chosen.layout)
    apart = [part for part in _parts(other.layout) if part not in known and part not in title]
    if not other.fits:
        apart.append("does not fit")
    return f"{title} ({', '.join(apart)})" if apart else title


def _speed_of(other: Plan) -> str:
    context = f"context {other.layout.context_tokens:,}"
    return f"{_rate(other.pace.decode_tps.expected)} tok/s, {context}"


def _parts(layout: Layout) -> list[str]:
    return [f"{layout.cache_type} cache", *_placement(layout)]


def _change(change: Change) -> str:
    gives = f"{_rate(change.decode_tps)} tok/s" if change.fits else "still does not fit"
    return f"{change.what}: {gives}"


def _section(title: str, sentences: Iterable[str], width: int) -> list[str]:
    found = list(sentences)
    if not found:
        return []
    lines = [_wrapped(sentence, width, first="  ", indent=4) for sentence in found]
    return ["", title, *(line for wrapped in lines for line in wrapped)]


def _wrapped(text: str, width: int, *, first: str = "", indent: int = 0) -> Sequence[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _range(tps: Interval) -> str:
    return f"{_rate(tps.expected)} ({_rate(tps.low)} to {_rate(tps.high)})"


def _rate(tps: float) -> str:
    if tps < 1:
        return f"{tps:.2f}"
    return f"{tps:,.1f}" if tps < 100 else f"{tps:,.0f}"


def _loss(increase: float | None) -> str:
    if increase is None:
        return "–"
    return f"+{100 * increase:.1f} %" if increase < 3 else f"× {1 + increase:.0f}"
