"""Quality: what a quantization costs beside the unquantized model.

The one file of this room that reads one: the table in `assets`, once, when first asked.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.fit.memory.parts import Parts
from engine.fit.plan import Quality
from engine.fit.saying import Saying, say
from engine.hardware.catalogue import ASSETS

_WARN_BITS = 3.0
_WARN_DIVERGENCE = 0.3  # Q2_K in models small enough to lie above three bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One row: mean KL divergence and the relative rise of perplexity at so many bits a weight."""

    label: str
    bits: float
    divergence: float
    increase: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CostTable:
    """Published costs. `curve` is the part that no other row beats at fewer bits, by bits."""

    source: str
    rows: dict[str, Cost]
    curve: tuple[Cost, ...]
    native: dict[tuple[str, str], str]  # (architecture, label) → why nothing is lost

    def estimate(self, bits: float) -> tuple[float, float]:
        """Divergence and rise at that many bits: straight lines through the logarithms.

        Outside the table it is the nearest row's.
        """
        first, last = self.curve[0], self.curve[-1]
        if bits <= first.bits:
            return first.divergence, first.increase
        if bits >= last.bits:
            return last.divergence, last.increase
        after = next(at for at, row in enumerate(self.curve) if row.bits >= bits)
        left, right = self.curve[after - 1], self.curve[after]
        part = (bits - left.bits) / (right.bits - left.bits)
        return (
            _between(left.divergence, right.divergence, part),
            _between(left.increase, right.increase, part),
        )


def quality_of(parts: Parts) -> Quality:
    """What is known of this quantization: its own published figures, else an estimate by bits.

    Figures are those of one 8B model: larger models lose less by the same type.
    """
    table = cost_table()
    bits, label = parts.bits_per_weight, (parts.label or "").upper()
    native = table.native.get((parts.shape.architecture, label))
    row = table.rows.get(label)
    if native is not None:
        divergence, increase, source = 0.0, 0.0, native
    elif row is not None:
        divergence, increase, source = row.divergence, row.increase, table.source
    else:
        divergence, increase = table.estimate(bits)
        source = f"estimated from {bits:.1f} bits a weight after {table.source}"
    return Quality(
        bits_per_weight=bits,
        divergence=divergence,
        perplexity_increase=increase,
        source=source,
        warning=_warning(bits, divergence, increase) if native is None else None,
    )


def _warning(bits: float, divergence: float, increase: float) -> Saying | None:
    if bits >= _WARN_BITS and divergence < _WARN_DIVERGENCE:
        return None
    return say(
        "{bits:.1f} bits a weight cost quality that is felt: on an 8B model such files raise "
        "perplexity by {percent:.0f} %. Larger models lose less."
        if increase < 3
        else "{bits:.1f} bits a weight cost quality that is felt: on an 8B model such files raise "
        "perplexity by {times:.0f} times itself. Larger models lose less.",
        bits=bits,
        percent=100 * increase,
        times=increase,
    )


@cache
def cost_table() -> CostTable:
    """The table in `assets/quality.toml`."""
    content: dict[str, Any] = tomllib.loads((ASSETS / "quality.toml").read_text("utf-8"))
    unquantized = float(content["perplexity"])
    rows = {
        row["label"]: Cost(
            label=row["label"],
            bits=row["bits"],
            divergence=row["divergence"],
            increase=row["rise"] / unquantized,
        )
        for row in content["quantizations"]
    }
    for name, label in content["aliases"].items():
        rows[name] = rows[label]
    return CostTable(
        source=content["source"],
        rows=rows,
        curve=_curve(rows),
        native={
            (entry["architecture"], entry["label"]): entry["source"] for entry in content["native"]
        },
    )


def _curve(rows: dict[str, Cost]) -> tuple[Cost, ...]:
    """Dynamic mixes, which are what is estimated, are made to be among the best of their size."""
    best: list[Cost] = []
    for row in sorted(set(rows.values()), key=lambda row: row.bits):
        if not best or (row.divergence < best[-1].divergence and row.increase < best[-1].increase):
            best.append(row)
    return tuple(best)


def _between(left: float, right: float, part: float) -> float:
    return math.exp(math.log(left) * (1 - part) + math.log(right) * part)
