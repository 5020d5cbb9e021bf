"""The loads that `tests/benches/placements.py` measures, and those whose errors will count."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Case:
    """One load. `free_gib`: the first card has only that much left, other programs the rest."""

    shape: str
    name: str
    wish: dict[str, Any] = field(default_factory=dict[str, Any])
    cards: int = 1
    free_gib: int | None = None

    @property
    def key(self) -> str:
        return f"{self.shape} {self.name} x{self.cards}"


def dense(shape: str, layers: int) -> list[Case]:
    half = layers // 2 + 1
    return [
        Case(shape=shape, name="automatic"),
        Case(
            shape=shape,
            name="context 32k q8_0",
            wish={"context_tokens": 32768, "cache_type": "q8_0"},
        ),
        Case(
            shape=shape, name="half the layers", wish={"context_tokens": 8192, "gpu_layers": half}
        ),
        Case(shape=shape, name="24 GB card", free_gib=24),
    ]


def experts(shape: str, layers: int) -> list[Case]:
    return [
        Case(shape=shape, name="automatic"),
        Case(shape=shape, name="context 32k", wish={"context_tokens": 32768}),
        Case(
            shape=shape,
            name="all experts in RAM",
            wish={"context_tokens": 32768, "cpu_experts": layers},
        ),
        Case(
            shape=shape,
            name="all experts in RAM ubatch 2048",
            wish={"context_tokens": 32768, "cpu_experts": layers, "micro_batch_tokens": 2048},
        ),
        Case(
            shape=shape,
            name="half the experts in RAM",
            wish={"context_tokens": 32768, "cpu_experts": layers // 2},
        ),
        Case(
            shape=shape,
            name="a quarter of the experts in RAM",
            wish={"context_tokens": 32768, "cpu_experts": layers // 4},
        ),
        Case(shape=shape, name="24 GB card", free_gib=24),
    ]


def two(shape: str, context: int = 16384, *, tensor: bool = True) -> list[Case]:
    cases = [
        Case(shape=shape, name="automatic", cards=2),
        Case(
            shape=shape,
            name="layer",
            wish={"context_tokens": context, "split_mode": "layer"},
            cards=2,
        ),
        Case(
            shape=shape,
            name="layer 3:1",
            wish={"context_tokens": context, "split_mode": "layer", "tensor_split": (3, 1)},
            cards=2,
        ),
    ]
    if tensor:
        cases.append(
            Case(
                shape=shape,
                name="tensor",
                wish={"context_tokens": context, "split_mode": "tensor"},
                cards=2,
            )
        )
    return cases


CASES = [
    *dense("qwen2-7b", 28),
    Case(shape="qwen2-7b", name="context 8k", wish={"context_tokens": 8192}),
    Case(
        shape="qwen2-7b",
        name="context 16k ubatch 2048",
        wish={"context_tokens": 16384, "micro_batch_tokens": 2048},
    ),
    Case(shape="qwen2-7b", name="16 streams", wish={"context_tokens": 32768, "streams": 16}),
    Case(shape="qwen2-7b", name="context 64k", wish={"context_tokens": 65536}),
    Case(
        shape="qwen2-7b",
        name="context 32k q4_0",
        wish={"context_tokens": 32768, "cache_type": "q4_0"},
    ),
    *two("qwen2-7b"),
    *experts("qwen3-30b-a3b", 48),
    *two("qwen3-30b-a3b"),
    *dense("qwen3-32b", 64),
    *dense("llama-70b", 80),
    *two("llama-70b"),
    *experts("gpt-oss-120b", 36),
    *two("gpt-oss-120b", context=32768, tensor=False),
    Case(shape="deepseek-r1-671b:IQ1_S", name="automatic", cards=2),
    Case(shape="deepseek-r1-671b:IQ1_S", name="experts in RAM", wish={"cpu_experts": 58}, cards=2),
]


# Named on 2026-11-22, before any of them was measured, and with the speed model's constants as they
# are: their errors are the ones that count.
HELD_OUT = tuple(
    case.key
    for case in CASES
    if case.shape == "qwen3-32b"
    or (case.shape == "gpt-oss-120b" and ("RAM" in case.name or "24 GB" in case.name))
    or (case.shape in {"qwen2-7b", "qwen3-30b-a3b", "gpt-oss-120b"} and case.cards == 2)
)
