"""Models people run, as the planner sees them: real dimensions and the usual quantizations' types.

Sizes come out within a few per cent of the published files.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

from engine.fit.memory.parts import Parts, parts_of
from engine.gguf.blueprint import Blueprint
from engine.gguf.format import TENSOR_TYPES
from engine.gguf.reader import Header, Tensor, Value
from engine.gguf.shape import shape_of
from tests.support.ghost_dimensions import DIMENSIONS, Dimensions
from tests.support.ghost_shapes import GhostTensor, Role, build_of
from tests.support.ghosts import QUANTIZATIONS, Quantization

_TYPES = {kind.name: kind for kind in TENSOR_TYPES.values()}


def _qwen3_5(**changes: int) -> Dimensions:
    """Qwen3.5, 3.6 and 3.8: three of four layers have linear attention."""
    d = replace(DIMENSIONS["qwen3-next-80b-a3b"](), vocabulary=248_320, experts=0, experts_used=0)
    return replace(d, **changes)  # pyright: ignore[reportArgumentType]


MODELS: Mapping[str, Callable[[], Dimensions]] = {
    **DIMENSIONS,
    "llama-1b": lambda: replace(
        DIMENSIONS["llama-8b"](), layers=16, width=2048, feed_forward=8192, tied=True
    ),
    "qwen3-8b": lambda: replace(
        DIMENSIONS["qwen3-32b"](), layers=36, width=4096, heads=32, feed_forward=12_288
    ),
    "qwen3-14b": lambda: replace(
        DIMENSIONS["qwen3-32b"](), layers=40, heads=40, feed_forward=17_408
    ),
    "qwen3-235b-a22b": lambda: replace(
        DIMENSIONS["qwen3-30b-a3b"](),
        layers=94,
        width=4096,
        heads=64,
        expert_feed_forward=1536,
    ),
    "gemma3-12b": lambda: replace(
        DIMENSIONS["gemma3-27b"](),
        layers=48,
        width=3840,
        heads=16,
        kv_heads=8,
        head=256,
        feed_forward=15_360,
    ),
    "qwen3.5-27b": lambda: _qwen3_5(
        layers=64, width=5120, heads=24, kv_heads=4, feed_forward=17_408
    ),
    "qwen3.5-35b-a3b": lambda: _qwen3_5(layers=40, experts=256, experts_used=8),
    "glm-4.7": lambda: replace(
        DIMENSIONS["glm-4.5-air"](),
        layers=92,
        width=5120,
        feed_forward=12_288,
        experts=160,
        expert_feed_forward=1536,
        leading_dense=3,
    ),
}

# Types by role beyond the ghosts'. What other programs call IQ2_K, IQ4_K… is given the type of
# llama.cpp with the nearest number of bits.
KNOWN_QUANTIZATIONS: Mapping[str, Quantization] = {
    **QUANTIZATIONS,
    "Q4_K_S": Quantization(14, "Q4_K", "Q4_K", "Q4_K", "Q6_K", "Q4_K", "Q4_K"),
    "Q3_K_S": Quantization(11, "Q3_K", "Q3_K", "Q3_K", "Q6_K", "Q3_K", "Q3_K"),
    "IQ2_M": Quantization(29, "IQ2_S", "IQ3_S", "IQ3_S", "Q5_K", "IQ2_S", "IQ3_S"),
    "UD-Q4_K_XL": Quantization(15, "Q4_K", "Q6_K", "Q5_K", "Q6_K", "Q4_K", "Q6_K"),
    "UD-Q6_K_XL": Quantization(18, "Q6_K", "Q8_0", "Q8_0", "Q8_0", "Q6_K", "Q8_0"),
    "UD-Q2_K_XL": Quantization(10, "Q4_K", "Q6_K", "Q4_K", "Q6_K", "Q2_K", "Q3_K"),
    "UD-IQ3_XXS": Quantization(23, "IQ3_XXS", "Q4_K", "Q4_K", "Q6_K", "IQ3_XXS", "IQ3_S"),
    "UD-IQ2_XXS": Quantization(19, "IQ2_XXS", "IQ3_XXS", "Q4_K", "Q5_K", "IQ2_XXS", "IQ3_XXS"),
    "UD-IQ2_M": Quantization(29, "Q5_K", "Q6_K", "Q4_K", "Q6_K", "IQ2_S", "IQ3_S"),
    "Q8_0+IQ2_S": Quantization(29, "Q8_0", "Q8_0", "Q8_0", "Q8_0", "IQ2_S", "IQ2_S"),
    "Q8_0+IQ3_S": Quantization(26, "Q8_0", "Q8_0", "Q8_0", "Q8_0", "IQ3_S", "IQ3_S"),
    "Q8_0+IQ4_XS": Quantization(30, "Q8_0", "Q8_0", "Q8_0", "Q8_0", "IQ4_XS", "IQ4_XS"),
    "Q8_0+Q4_K": Quantization(15, "Q8_0", "Q8_0", "Q8_0", "Q8_0", "Q4_K", "Q4_K"),
}


@cache
def known_parts(model: str, quantization: str) -> Parts:
    """That model at that quantization."""
    return parts_of(known_blueprint(model, quantization))


def known_blueprint(model: str, quantization: str) -> Blueprint:
    """The same with its tensors."""
    dimensions = MODELS[model]()
    build = build_of(dimensions)
    types = KNOWN_QUANTIZATIONS[quantization]
    if dimensions.tied:  # llama.cpp gives embeddings that are the output too the output's type
        types = replace(types, embedding=types.output)
    tensors = tuple(_tensor(ghost, types, build.layers) for ghost in build.tensors)
    metadata: dict[str, Value] = {}
    for key, value in build.metadata.items():
        assert isinstance(value, int | float | str)  # no shape here has lists
        metadata[key] = value
    header = Header(
        version=3,
        metadata={"general.architecture": build.architecture, **metadata},
        tensors=tensors,
        alignment=32,
        tensors_start=0,
    )
    return Blueprint(
        label=quantization,
        name=model,
        shape=shape_of(header),
        tensors=tensors,
        file_bytes=sum(tensor.size_bytes for tensor in tensors),
        files=1,
    )


def _tensor(ghost: GhostTensor, types: Quantization, layers: int) -> Tensor:
    kind = _TYPES[_type(ghost, types, layers)]
    if ghost.dimensions[0] % kind.block_elements:
        kind = _TYPES["Q8_0"] if ghost.dimensions[0] % 32 == 0 else _TYPES["F16"]
    elements = 1
    for size in ghost.dimensions:
        elements *= size
    return Tensor(
        name=ghost.name,
        type=kind,
        dimensions=ghost.dimensions,
        offset=0,
        size_bytes=elements // kind.block_elements * kind.block_bytes,
    )


def _type(ghost: GhostTensor, types: Quantization, layers: int) -> str:
    at = ghost.layer or 0
    # llama.cpp's use_more_bits
    more = at < layers // 8 or at >= 7 * layers // 8 or (at - layers // 8) % 3 == 2
    return {
        Role.EMBEDDING: types.embedding,
        Role.OUTPUT: types.output,
        Role.WEIGHTS: types.weights,
        Role.SENSITIVE: types.more if more else types.weights,
        Role.EXPERTS: types.experts,
        Role.SENSITIVE_EXPERTS: types.more_experts if more else types.experts,
        Role.PLAIN: "F32",
    }[ghost.role]
