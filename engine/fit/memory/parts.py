"""Parts: a model's weights, summed once by layer and purpose."""

from dataclasses import dataclass

from engine.gguf.shape import Shape
from engine.protocol.load import ExpertGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Some tensors together: `stored` is bytes by tensor type as they lie in the file, `on_card`
    the bytes a CUDA buffer takes for them (rows padded, tensors aligned)."""

    stored: dict[str, int]
    on_card: int

    @property
    def size_bytes(self) -> int:
        """As stored."""
        return sum(self.stored.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One block: `dense` is everything that every token reads, `experts` the routed ones'."""

    dense: Weights
    experts: dict[ExpertGroup, Weights]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`input` (token embeddings) always stays in RAM; `output` lies with the output layer, and is a
    copy of the input's where the model has none of its own. `layers` are without NextN blocks."""

    shape: Shape
    label: str | None
    bits_per_weight: float
    parameters: int
    file_bytes: int
    input: Weights
    output: Weights
    layers: tuple[Layer, ...]
