"""Parts: a model's weights, summed once by layer and purpose."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from engine.gguf.blueprint import Blueprint
from engine.gguf.reader import Tensor
from engine.gguf.shape import Shape
from engine.protocol.load import ExpertGroup

Made = TypeVar("Made")
CARD_ALIGNMENT = 128  # ggml_backend_cuda_buffer_type_get_alignment
_ROW_PADDING = 512  # MATRIX_ROW_PADDING in ggml-cuda/common.cuh
_PLAIN = frozenset({"F32", "F16", "BF16", "F64", "I8", "I16", "I32", "I64"})
_LAYERED = re.compile(r"(?:blk|enc\.blk|dec\.blk)\.(\d+)\.")
# The same names that the overrides of a load match (engine/worker/placing.py).
_EXPERTS = re.compile(r"ffn_(up|gate_up|gate|down)_(?:ch|)exps")
_BIASED = re.compile(r"ffn_(up|gate_up|gate|down)_exps\.bias$")
_GROUPS = {
    "up": ExpertGroup.UP,
    "gate": ExpertGroup.GATE,
    "gate_up": ExpertGroup.GATE,
    "down": ExpertGroup.DOWN,
}
# What a tensor split divides; embeddings, norms, routers and shared experts it does not.
_SPLIT = re.compile(
    r"blk\.\d+\.(?:attn_(?:q|k|v|qkv|output|gate)|ssm_(?:alpha|beta|ba|conv1d|out)"
    r"|ffn_(?:up|gate|gate_up|down)(?:_exps)?)\.weight$|^output\.weight$"
)
# LLM_TENSOR_LAYER_INPUT and _OUTPUT in llama-arch.cpp; the rest without a layer lies with the
# first one.
_INPUT = ("token_embd.", "position_embd.", "token_types.", "per_layer_token_embd.")
_OUTPUT = (
    "output.",
    "output_norm",
    "cls.",
    "cls_",
    "dense_",
    "altup_",
    "hc_head",
    "output_hc",
    "output_res",
    "dec.output_norm",
    "enc.output_norm",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Some tensors together: `stored` is bytes by tensor type as they lie in the file, `on_card`
    the bytes a CUDA buffer takes for them (rows padded, tensors aligned). `split` is the part of
    `on_card` that a tensor split divides among the cards: each holds all the rest. `largest` is
    the biggest tensor's `on_card`."""

    stored: dict[str, int]
    on_card: int
    split: int = 0
    largest: int = 0

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
    copy of the input's where the model has none of its own (`tied`). `layers` are without NextN
    blocks. `biased_experts` tells that a bias is added to what each routed expert says."""

    shape: Shape
    label: str | None
    bits_per_weight: float
    parameters: int
    file_bytes: int
    input: Weights
    output: Weights
    layers: tuple[Layer, ...]
    tied: bool = False
    biased_experts: bool = False
    _made: dict[object, object] = field(
        default_factory=dict[object, object], init=False, repr=False, compare=False
    )

    def once(self, make: "Callable[[Parts], Made]") -> Made:
        """What `make` says of these parts, made at the first question and kept as long as they."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Made", self._made[make])


def parts_of(blueprint: Blueprint) -> Parts:
    """The model's tensors grouped by where they will lie; NextN blocks are left out, as the loader
    does."""
    shape = blueprint.shape
    count = shape.layers - shape.nextn_layers
    dense: dict[int, list[Tensor]] = defaultdict(list)
    experts: dict[tuple[int, ExpertGroup], list[Tensor]] = defaultdict(list)
    entry: list[Tensor] = []
    exit_: list[Tensor] = []
    for tensor in blueprint.tensors:
        match _LAYERED.match(tensor.name), _EXPERTS.search(tensor.name):
            case None, _ if tensor.name.startswith(_INPUT):
                entry.append(tensor)
            case None, _ if tensor.name.startswith(_OUTPUT):
                exit_.append(tensor)
            case None, _:
                dense[0].append(tensor)
            case found, None if found:
                dense[int(found[1])].append(tensor)
            case found, kind if found and kind:
                experts[int(found[1]), _GROUPS[kind[1]]].append(tensor)
            case _:
                pass
    tied = not any(tensor.name == "output.weight" for tensor in exit_)
    if tied:
        exit_ += [tensor for tensor in entry if tensor.name == "token_embd.weight"]
    return Parts(
        shape=shape,
        label=blueprint.label,
        bits_per_weight=blueprint.bits_per_weight,
        parameters=blueprint.parameters,
        file_bytes=blueprint.file_bytes,
        input=weights_of(entry),
        output=weights_of(exit_),
        layers=tuple(
            Layer(
                dense=weights_of(dense[layer]),
                experts={
                    group: weights_of(experts[layer, group])
                    for group in ExpertGroup
                    if (layer, group) in experts
                },
            )
            for layer in range(count)
        ),
        tied=tied,
        biased_experts=any(_BIASED.search(tensor.name) for tensor in blueprint.tensors),
    )


def weights_of(tensors: Iterable[Tensor]) -> Weights:
    """These tensors together."""
    stored: dict[str, int] = defaultdict(int)
    on_card = split = largest = 0
    for tensor in tensors:
        taken = _on_card(tensor)
        stored[tensor.type.name] += tensor.size_bytes
        on_card += taken
        split += taken if _is_split(tensor) else 0
        largest = max(largest, taken)
    return Weights(stored=dict(stored), on_card=on_card, split=split, largest=largest)


def _on_card(tensor: Tensor) -> int:
    """Source: ggml_backend_cuda_buffer_type_get_alloc_size in ggml-cuda.cu; ggml-alloc.c."""
    size, kind = tensor.size_bytes, tensor.type
    row = tensor.dimensions[0] if tensor.dimensions else 1
    if kind.name not in _PLAIN and row % _ROW_PADDING:
        size += (_ROW_PADDING - row % _ROW_PADDING) // kind.block_elements * kind.block_bytes
    return -(-size // CARD_ALIGNMENT) * CARD_ALIGNMENT


def _is_split(tensor: Tensor) -> bool:
    """Source: llama_meta_device_get_split_state in llama-model.cpp."""
    return _SPLIT.search(tensor.name) is not None
