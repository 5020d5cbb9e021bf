"""LoadSpec: the only description of a load."""

from dataclasses import dataclass
from enum import StrEnum


class SplitMode(StrEnum):
    """How a model lies over several cards. llama.cpp's `row` no longer loads, so it is not here."""

    NONE = "none"
    LAYER = "layer"
    TENSOR = "tensor"


class CacheType(StrEnum):
    """The type of the KV cache's elements."""

    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


class ExpertGroup(StrEnum):
    """The three big tensors of a layer's routed experts; `gate_up` fused counts as gate."""

    UP = "up"
    GATE = "gate"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class CpuExperts:
    """The routed experts of one layer, all or some of their tensors, stay in RAM."""

    layer: int
    groups: tuple[ExpertGroup, ...] = tuple(ExpertGroup)


class Purpose(StrEnum):
    """What a model is for: answers in words, vectors of texts, or how well documents fit."""

    TEXT = "text"
    EMBED = "embed"
    RANK = "rank"


class Pooling(StrEnum):
    """How the vectors of a text's tokens become the text's own."""

    MEAN = "mean"
    CLS = "cls"
    LAST = "last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A LoRA adapter in GGUF form; `scale` is its weight where a request says nothing of it."""

    name: str
    path: str
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpec:
    """Everything llama.cpp is told about one load; every field is decided, none is left open.

    `gpu_layers` counts from the model's end and includes the output layer: layers + 1 is all of
    it, and so is None. `devices` are the numbers of the cards used, in the order of the bus or,
    if it is set, of CUDA_VISIBLE_DEVICES; empty takes all; `main_gpu`, for split mode none, is a
    place among them. `tensor_split` holds one
    share for each used card, in any unit; empty lets llama.cpp divide by free memory.
    `context_tokens` is the whole context, shared by all streams; 0 means what the model was
    trained with. `projector` is the path of what turns pictures into embeddings; it lies on the
    first of the used cards, if any layer does. With `vocabulary_only` no weights are read, and
    nothing but counting can be asked. `pooling`, of a model loaded to embed, is None for what its
    file says. `draft_tokens` are guessed tokens a step may check for each
    stream, which memory for logits is kept for; `draft` is the path of a smaller model that
    guesses them, in the place of a look at what was said before. Idle sequences
    are kept in `kv_folder`, where all models' together may take `kv_bytes`; 0: they are not. With
    `shortlist` the device of the last layer cuts logits down to the likeliest tokens, if it can.
    """

    path: str
    gpu_layers: int | None = None
    devices: tuple[int, ...] = ()
    split_mode: SplitMode = SplitMode.LAYER
    main_gpu: int = 0
    tensor_split: tuple[float, ...] = ()
    cpu_experts: tuple[CpuExperts, ...] = ()
    context_tokens: int = 4096
    cache_type: CacheType = CacheType.F16
    batch_tokens: int = 2048
    micro_batch_tokens: int = 512
    streams: int = 8
    unified_kv: bool = True
    threads: int | None = None
    memory_map: bool = True
    vocabulary_only: bool = False
    projector: str | None = None
    purpose: Purpose = Purpose.TEXT
    pooling: Pooling | None = None
    draft_tokens: int = 0
    draft: str | None = None
    adapters: tuple[Adapter, ...] = ()
    shortlist: bool = False
    kv_folder: str | None = None
    kv_bytes: int = 0

    def all_on_cards(self, layers: int) -> bool:
        """Whether a processor computes none of so many layers, if there are cards."""
        return (self.gpu_layers is None or self.gpu_layers > layers) and not self.cpu_experts

    @property
    def outputs(self) -> int:
        """The tokens of a step whose logits are wanted, at most."""
        return self.streams * (1 + self.draft_tokens)
