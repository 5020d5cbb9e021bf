"""The speed model, without any calibration, against published measurements.

    python -m tests.benches.speed_points

`tests/data/speed_points.csv` holds them with their sources: blogs, pull requests, single runs,
seldom with depth or power limit. `FITTED` names the rows that the constants of
`engine/fit/speed/rates.py` were set with; the report that counts is that of all others. A case
describes a row's machine and placement in this program's words. Rows are left out where the RAM
is not told, where a draft or prediction of further tokens was on, where another program than
llama.cpp or its fork ik_llama.cpp ran, or where the model's dimensions are not known here.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from engine.fit.layout import Layout
from engine.fit.memory.parts import Parts
from engine.fit.plan import Pace
from engine.fit.rig import Rig
from engine.fit.rigs import parse_rig
from engine.fit.speed.pace import pace
from engine.hardware.catalogue import Catalogue, read_catalogue
from engine.protocol.load import CacheType, CpuExperts, SplitMode
from tests.support.known_models import known_parts

POINTS = Path(__file__).parents[1] / "data" / "speed_points.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row, told apart by its model and its decode speed, and how to say it here.

    `cpu_experts` are layers whose experts stay in RAM: "all", how many of the last, or none.
    `in_ram` are whole layers.
    """

    row: tuple[str, str]
    model: str
    quantization: str
    rig: str
    cpu_experts: int | None = 0  # None: all
    in_ram: int = 0
    tensor: bool = False
    shares: tuple[float, ...] = ()
    depth: int = 512
    cache_type: CacheType = CacheType.F16
    micro_batch_tokens: int = 512


def _llama(speed: str, rig: str, size: str = "8") -> Case:
    return Case(
        row=(f"Llama-3-{size}B", speed),
        model=f"llama-{size}b",
        quantization="Q4_K_M",
        rig=rig,
    )


def _qwen27(speed: str, rig: str, quantization: str = "Q4_K_M", **more: object) -> Case:
    return Case(
        row=("Qwen3.8-27B", speed),
        model="qwen3.5-27b",
        quantization=quantization,
        rig=rig,
        **more,  # pyright: ignore[reportArgumentType]
    )


def _qwen35(speed: str, rig: str, quantization: str, cpu_experts: int | None) -> Case:
    return Case(
        row=("Qwen3.5-35B-A3B", speed),
        model="qwen3.5-35b-a3b",
        quantization=quantization,
        rig=rig,
        cpu_experts=cpu_experts,
    )


def _deepseek(row: tuple[str, str], quantization: str, card: str, **more: object) -> Case:
    return Case(
        row=row,
        model="deepseek-r1-671b",
        quantization=quantization,
        rig=f"{card}, {_EPYC}",
        cpu_experts=None,
        **more,  # pyright: ignore[reportArgumentType]
    )


_EPYC = "768 GB 12-channel DDR5-6400, 32 cores"
_RYZEN = "64 GB DDR5-4800, 16 cores"
_OLD_XEON = "64 GB quad channel DDR4-2933, 10 cores"

# Rows in view when the constants were set.
FITTED = (
    _llama("111.74", "RTX 3090"),
    _llama("127.74", "RTX 4090"),
    _llama("144.49", "H100 PCIe"),
    _llama("16.29", "2x RTX 3090", "70"),
    _llama("19.06", "2x RTX 4090", "70"),
    _llama("25.01", "H100 PCIe", "70"),
    Case(row=("Llama-8B", "156.56"), model="llama-8b", quantization="Q4_0", rig="RTX 3090"),
    Case(row=("Qwen3-8B", "221.7"), model="qwen3-8b", quantization="Q4_K_M", rig="RTX 5090"),
    _qwen27("41.3", "RTX 3090"),
    _qwen27("47.7", "RTX 4090"),
    _qwen27("76.9", "RTX 5090"),
    _qwen27("22.1", "2x RTX 5060 Ti"),
    _qwen27("37.1", "2x RTX 5060 Ti", tensor=True),
    _qwen27("17.3", "3x RTX 3060", "UD-Q4_K_XL"),
    _qwen27("33.3", "V100 SXM 32GB"),
    Case(
        row=("Qwen3-30B-A3B", "166.9"),
        model="qwen3-30b-a3b",
        quantization="Q4_K_M",
        rig="RTX 3090 Ti",
    ),
    _qwen35("51.0", f"RTX 5080, {_RYZEN}", "Q4_K_M", None),
    _qwen35("69.6", f"RTX 5080, {_RYZEN}", "Q4_K_M", 24),
    _qwen35("35.7", f"RTX 5080, {_RYZEN}", "Q8_0", None),
    Case(
        row=("Qwen3-30B-A3B-2507", "36.7"),
        model="qwen3-30b-a3b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        cpu_experts=36,
    ),
    _deepseek(("DeepSeek-V3-0324", "17.13"), "UD-Q4_K_XL", "RTX 4090", micro_batch_tokens=4096),
    _deepseek(("DeepSeek-V3-0324", "15.07"), "Q8_0+Q4_K", "RTX 4090"),
    _deepseek(("DeepSeek-V3-0324", "17.98"), "Q8_0+IQ2_S", "RTX 4090", micro_batch_tokens=2048),
    Case(
        row=("Qwen3-235B-A22B", "17.01"),
        model="qwen3-235b-a22b",
        quantization="Q8_0",
        rig=f"RTX 5090, {_EPYC}",
        cpu_experts=88,
    ),
    Case(
        row=("gpt-oss-120b", "179.79"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        tensor=True,
    ),
    Case(
        row=("Llama-1B F16", "409.87"),
        model="llama-1b",
        quantization="F16",
        rig="4x RTX 4090",
        tensor=True,
    ),
)

# All others that can be said here.
HELD_OUT = (
    _llama("108.07", "2x RTX 3090"),
    _llama("122.56", "2x RTX 4090"),
    _llama("106.71", "RTX 3080 Ti"),
    _llama("106.22", "RTX 4080"),
    _llama("16.89", "4x RTX 3090", "70"),
    _llama("18.83", "4x RTX 4090", "70"),
    Case(
        row=("Llama-8B", "102.76"),
        model="llama-8b",
        quantization="Q4_0",
        rig="RTX 4090",
        depth=32_768,
    ),
    Case(
        row=("gpt-oss-120b", "180.36"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
    ),
    Case(
        row=("gpt-oss-120b", "118.65"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        depth=65_536,
    ),
    Case(
        row=("gpt-oss-120b", "147.89"),
        model="gpt-oss-120b",
        quantization="MXFP4",
        rig="4x RTX 4090",
        tensor=True,
        depth=65_536,
    ),
    Case(row=("Llama-1B F16", "314.75"), model="llama-1b", quantization="F16", rig="4x RTX 4090"),
    _qwen27("31.0", "RTX 3090"),
    _qwen27("74.4", "RTX 5090", "UD-Q4_K_XL"),
    _qwen27("38.3", "2x RTX 5060 Ti", tensor=True),
    _qwen27("55.6", "RTX 5080 + RTX 3090", "UD-Q4_K_XL", tensor=True, shares=(0.4, 0.6)),
    _qwen27("39.4", "RTX 3080 Ti + RTX 3060 Ti", "UD-IQ3_XXS", tensor=True, shares=(0.55, 0.45)),
    _qwen27("49.1", "2x RTX 3090 + RTX 3090 Ti", "UD-Q6_K_XL", tensor=True),
    _qwen27("4.2", "RTX 5060 Laptop, 32 GB DDR5-5600, 8 cores", "IQ4_XS", in_ram=40),
    _qwen27("5.3", "RTX PRO 3000 Blackwell Laptop, 32 GB DDR5-5600, 8 cores", "IQ4_XS", in_ram=27),
    _qwen27("45.1", "RTX 3080", "UD-IQ2_XXS"),
    _qwen27("63.8", "RTX PRO 6000"),
    _qwen35("111.2", "RTX 3090", "MXFP4", 0),
    _qwen35("40.5", f"RTX 5080, {_RYZEN}", "Q8_0", 28),
    _qwen35("34.6", "RTX 4070, 32 GB DDR5-5600, 8 cores", "Q4_K_M", None),
    Case(row=("Qwen3-30B-A3B", "196"), model="qwen3-30b-a3b", quantization="Q4_K_M", rig="4090"),
    Case(
        row=("Qwen3.6-27B", "22.8"),
        model="qwen3.5-27b",
        quantization="UD-Q6_K_XL",
        rig="2x RTX 3090",
    ),
    Case(row=("Qwen3-14B", "95.54"), model="qwen3-14b", quantization="Q4_0", rig="2x RTX 3090"),
    Case(
        row=("Qwen3-VL-32B", "42.33"), model="qwen3-32b", quantization="Q4_K_M", rig="2x RTX 3090"
    ),
    _deepseek(("DeepSeek-R1-0528", "15.23"), "Q8_0+IQ4_XS", "RTX 4090"),
    _deepseek(("DeepSeek-R1-0528", "16.51"), "Q8_0+Q4_K", "RTX 5090", micro_batch_tokens=2048),
    _deepseek(("DeepSeek-V3-0324", "20.0"), "Q8_0+IQ2_S", "RTX 5090", micro_batch_tokens=4096),
    _deepseek(("DeepSeek-V3-0324", "18.86"), "UD-Q4_K_XL", "RTX 5090", micro_batch_tokens=4096),
    Case(
        row=("DeepSeek-R1", "18.21"),
        model="deepseek-r1-671b",
        quantization="UD-Q2_K_XL",
        rig="RTX 5090, 768 GB 8-channel DDR5-5600, 32 cores",
        cpu_experts=None,
    ),
    Case(
        row=("DeepSeek-R1-0528", "10.3"),
        model="deepseek-r1-671b",
        quantization="Q4_K_M",
        rig="RTX 4060 Ti 16GB, 768 GB 12-channel DDR5-4800, 32 cores",
        cpu_experts=None,
    ),
    Case(
        row=("Qwen3-235B-A22B", "24.07"),
        model="qwen3-235b-a22b",
        quantization="Q8_0+IQ3_S",
        rig=f"RTX 5090, {_EPYC}",
        cpu_experts=79,
        micro_batch_tokens=2048,
    ),
    Case(
        row=("GLM-4.7", "6.17"),
        model="glm-4.7",
        quantization="MXFP4",
        rig="RTX 5090, 256 GB DDR5-6000, 16 cores",
        cpu_experts=None,
    ),
    Case(row=("Llama-3.1-8B", "71.9"), model="llama-8b", quantization="Q4_K_M", rig="RTX 2080"),
    Case(row=("Qwen3-8B", "69.3"), model="qwen3-8b", quantization="Q4_K_M", rig="RTX 2080"),
    Case(
        row=("Qwen3-14B", "16.9"),
        model="qwen3-14b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        in_ram=9,
    ),
    Case(
        row=("Gemma-3-12B", "26.1"),
        model="gemma3-12b",
        quantization="Q4_K_M",
        rig=f"RTX 2080, {_OLD_XEON}",
        in_ram=5,
    ),
    Case(row=("Llama-3.1-8B", "111.95"), model="llama-8b", quantization="Q4_K_M", rig="RTX 3080"),
)


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
        rig = parse_rig(case.rig, catalogue)
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
