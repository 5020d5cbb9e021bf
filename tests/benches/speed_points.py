"""The speed model, without any calibration, against published measurements.

    python -m tests.benches.speed_points

`tests/data/speed_points.csv` holds them with their sources: blogs, pull requests, single runs,
seldom with depth or power limit. The report that counts is that of the rows not used for constants
(`tests/benches/speed_cases.py`).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.fit.plan import Pace
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig
from engine.fit.speed.pace import pace
from engine.hardware.catalogue import Catalogue, read_catalogue
from engine.protocol.load import CpuExperts, SplitMode
from tests.benches.speed_cases import FITTED, HELD_OUT, Case
from tests.support.known_models import known_parts

POINTS = Path(__file__).parents[1] / "data" / "speed_points.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A row beside its prediction; `prompt` likewise, None where the row has none."""

    case: Case
    measured: float
    predicted: Pace
    measured_prompt: float | None

    @property
    def error(self) -> float:
        """Predicted over measured, less one."""
        return self.predicted.decode_tps.expected / self.measured - 1

    @property
    def prompt_error(self) -> float | None:
        """The same for the prompt."""
        if self.measured_prompt is None:
            return None
        return self.predicted.prompt_tps.expected / self.measured_prompt - 1

    @property
    def inside(self) -> bool:
        """Does the interval hold it?"""
        told = self.predicted.decode_tps
        return told.low <= self.measured <= told.high

    @property
    def in_ram(self) -> bool:
        """Does the processor work for every token?"""
        return self.case.cpu_experts != 0 or self.case.in_ram > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Errors of some rows: absolute ones but for `bias`."""

    count: int
    median: float
    ninetieth: float
    bias: float
    inside: float
    prompt_median: float


def layout_of(case: Case, parts: Parts, rig: Rig) -> Layout:
    """The placement that a row speaks of, layers dealt out evenly."""
    layers, cards = len(parts.layers), len(rig.cards)
    on_cards = layers + 1 - case.in_ram
    shares = case.shares or (1 / cards,) * cards
    ends = [round(on_cards * (number + 1) / cards) for number in range(cards)]
    counts = tuple(end - start for start, end in zip([0, *ends], ends, strict=False))
    with_experts = [number for number, layer in enumerate(parts.layers) if layer.experts]
    kept = with_experts if case.cpu_experts is None else with_experts[::-1][: case.cpu_experts]
    return Layout(
        cards=tuple(card.number for card in rig.cards),
        split_mode=SplitMode.TENSOR if case.tensor else SplitMode.LAYER,
        layer_counts=(on_cards,) * cards if case.tensor else counts,
        shares=shares,
        cpu_experts=tuple(CpuExperts(layer=layer) for layer in kept),
        context_tokens=max(4 * case.depth, 256),
        cache_type=case.cache_type,
        micro_batch_tokens=case.micro_batch_tokens,
        batch_tokens=max(2048, case.micro_batch_tokens),
        streams=1,
        unified_kv=True,
        memory_map=True,
    )


def without_steps(rig: Rig) -> Rig:
    """Published rows are of programs that sample elsewhere, or not at all."""
    return replace(rig, board=replace(rig.board, step_seconds=0.0, logit_seconds=0.0))


def results(cases: Iterable[Case], catalogue: Catalogue) -> list[Result]:
    """Every case beside its row."""
    with POINTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: list[Result] = []
    for case in cases:
        model, speed = case.row
        row = next(
            row
            for row in rows
            if row["model"].split(" ")[0] == model.split(" ")[0] and row["decode_tps"] == speed
        )
        parts = known_parts(case.model, case.quantization)
        rig = without_steps(parse_rig(case.rig, catalogue))
        prompt = row["prompt_tps"]
        found.append(
            Result(
                case=case,
                measured=float(speed),
                predicted=pace(parts, layout_of(case, parts, rig), rig),
                measured_prompt=float(prompt) if prompt else None,
            )
        )
    return found


def summary(some: Iterable[Result]) -> Summary:
    """Their errors."""
    every = list(some)
    errors = sorted(abs(result.error) for result in every)
    prompts = [abs(e) for result in every if (e := result.prompt_error) is not None]
    return Summary(
        count=len(errors),
        prompt_median=median(prompts),
        median=median(errors),
        ninetieth=errors[min(len(errors) - 1, round(0.9 * (len(errors) - 1)))],
        bias=sum(result.error for result in every) / len(every),
        inside=sum(result.inside for result in every) / len(every),
    )


def _table(title: str, some: list[Result]) -> None:
    print(f"\n{title}\n")
    for result in some:
        told = result.predicted
        prompt = ""
        if result.measured_prompt is not None:
            error = 100 * (result.prompt_error or 0.0)
            prompt = f"   prompt {result.measured_prompt:.0f} {error:+.0f} %"
        print(
            f"{result.case.row[0]:18} {result.case.quantization:11} {result.case.rig[:44]:44} "
            f"{'T' if result.case.tensor else ' '} {told.decode_tps.expected:7.1f} / "
            f"{result.measured:7.1f} {100 * result.error:+6.1f} % "
            f"{'' if result.inside else 'outside'}{prompt}"
        )
    for name, chosen in (
        ("all", some),
        ("all on cards", [result for result in some if not result.in_ram]),
        ("RAM at work", [result for result in some if result.in_ram]),
    ):
        told = summary(chosen)
        print(
            f"{name:14} n={told.count} median {100 * told.median:.1f} % "
            f"90th {100 * told.ninetieth:.1f} % bias {100 * told.bias:+.1f} % "
            f"inside {100 * told.inside:.0f} %; prompt median {100 * told.prompt_median:.0f} %"
        )


if __name__ == "__main__":
    catalogue = read_catalogue()
    _table("Rows that constants were set with", results(FITTED, catalogue))
    _table("Rows not used", results(HELD_OUT, catalogue))
