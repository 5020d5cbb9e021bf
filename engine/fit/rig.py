"""Rig: the machine as the planner sees it, measured or from the catalogue."""

from dataclasses import dataclass, field

# Two H100 with a 70B split by tensor: 971 MB a card after load and 1,531 MB in use, where split by
# layer took 559 and 646 MB.
TENSOR_RESIDUAL_LOADED_BYTES = 412_000_000
TENSOR_RESIDUAL_PEAK_BYTES = 880_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. Rates are effective ones: what llama.cpp's kernels reach, not the data sheet's.

    `used_bytes` is what other programs hold now; `reserve_bytes` is to stay free on top of that.
    `residual_loaded_bytes` and `residual_peak_bytes` are the driver's share of a process, outside
    llama.cpp's own sum: after load, and at the most it grows to in use; `tensor_residual_…` come
    on top of each where cards share every tensor. `layer_seconds` and
    `expert_layer_seconds` are a token's fixed cost in each layer (launches, synchronisation) of a
    dense layer and of one with experts. `type_rates` are the rates of tensor types that are read
    slower or faster than `bytes_per_second`. `pageable_bytes_per_second` is the link's rate from
    RAM that is not pinned (a mapped file); None: as from pinned. `cache_share` is the part of
    `bytes_per_second` at which attention reads an F16 cache; smaller types are read no faster.
    `token_layer_seconds` is what each token of a prompt costs in each layer beside its matrices,
    where `flops` does not count that already. Of a card that is not `listed` no data sheet is at
    hand: unless it was measured, its speed is that of a slow one with as much memory.
    """

    number: int
    name: str
    memory_bytes: int
    used_bytes: int
    reserve_bytes: int
    bytes_per_second: float
    flops: float
    link_bytes_per_second: float
    layer_seconds: float
    expert_layer_seconds: float
    residual_loaded_bytes: int
    residual_peak_bytes: int
    power_watts: float | None
    compute_capability: tuple[int, int] | None
    drives_display: bool
    measured: bool
    type_rates: dict[str, float] = field(default_factory=dict[str, float])
    cache_share: float = 1.0
    token_layer_seconds: float = 0.0
    tensor_residual_loaded_bytes: int = TENSOR_RESIDUAL_LOADED_BYTES
    tensor_residual_peak_bytes: int = TENSOR_RESIDUAL_PEAK_BYTES
    pageable_bytes_per_second: float | None = None
    listed: bool = True

    @property
    def free_bytes(self) -> int:
        """What a load may take, the driver's share included."""
        return max(0, self.memory_bytes - self.used_bytes - self.reserve_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Processor, RAM and disk.

    `bytes_per_second` is the effective rate at which weights are read from RAM; `type_rates`
    bounds it for tensor types whose unpacking keeps the processor busier than the memory (bytes
    of that type a second). `layer_seconds` is the fixed cost of a layer computed here.
    `flops` is what prompt processing reaches. A token's step costs `step_seconds` outside
    llama.cpp, and `logit_seconds` more for each entry of the vocabulary, to be sampled from.
    `turns_share` is what remains of the rates where processor and cards take turns.
    """

    name: str
    threads: int
    memory_bytes: int
    free_bytes: int
    bytes_per_second: float
    type_rates: dict[str, float]
    flops: float
    layer_seconds: float
    disk_bytes_per_second: float
    power_watts: float | None
    measured: bool
    step_seconds: float = 0.0
    logit_seconds: float = 0.0
    turns_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """All of it. `corrections` are measured ÷ predicted decode speeds of earlier runs, by
    placement kind (`gpu`, `tensor`, `experts`, `layers`, `cpu`); absent kinds count as 1."""

    title: str
    cards: tuple[Card, ...]
    board: Board
    corrections: dict[str, float]
    owned: bool  # False for a machine out of the catalogue
