"""Calibration: what was measured on this machine, once, and kept."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCalibration:
    """One card, found again by `uuid` (or by name where the driver hides it).

    Rates in bytes and floating-point operations a second, as ggml's own kernels reach them: a
    quantized matrix times one vector for `type_rates` (bytes of that tensor type), times a block
    for `flops`. `bytes_per_second` is the usual types' median. `link_bytes_per_second` is host to
    card from pinned memory, `pageable_bytes_per_second` from any other. Seconds are a token's cost
    in each layer beyond the reading of its weights at that rate; what a token costs without any
    layer is spread over 32. Residual bytes lie outside llama.cpp's own sum, `tensor_…` on
    top of that where cards share every tensor. None: not measured.
    """

    uuid: str | None
    name: str
    bytes_per_second: float
    type_rates: dict[str, float]
    flops: float
    link_bytes_per_second: float
    layer_seconds: float
    expert_layer_seconds: float
    residual_loaded_bytes: int | None
    residual_peak_bytes: int | None
    pageable_bytes_per_second: float | None = None
    tensor_residual_loaded_bytes: int | None = None
    tensor_residual_peak_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCalibration:
    """Processor and RAM. `read_rates` is bytes a second by number of threads."""

    threads: int
    read_rates: dict[int, float]
    type_rates: dict[str, float]
    flops: float
    layer_seconds: float
    disk_bytes_per_second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """All that was measured. `at` is ISO 8601; `library` the llama.cpp it was measured with.

    `corrections` are measured ÷ predicted decode speeds of real runs since, by placement kind.
    """

    at: str
    library: str
    cards: tuple[CardCalibration, ...]
    board: BoardCalibration
    corrections: dict[str, float] = field(default_factory=dict[str, float])
