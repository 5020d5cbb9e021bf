"""Which layer llama.cpp puts on which card, and which models it splits by tensor.

After llama-model.cpp (`load_tensors`: split points) and llama-arch.cpp
(`llm_arch_supports_sm_tensor`) of the llama.cpp that llama-cpp-python 0.3.36 carries.
"""

from collections.abc import Sequence

import numpy as np

from engine.fit.layout import Layout
from engine.gguf.shape import Shape
from engine.protocol.load import SplitMode

NOT_SPLIT_BY_TENSOR = frozenset(
    {
        "grok", "mpt", "plamo2", "minicpm3", "gemma3n", "mamba", "mamba2", "jamba", "falcon-h1",
        "olmo2", "olmoe", "deepseek2", "deepseek32", "hy_v4", "dots3note", "glm-dsa", "bitnet",
        "t5", "nemotron_h", "nemotron_h_moe", "granitehybrid", "minimax-01", "minimax-m2",
        "minimax-m3", "mistral4", "kimi-linear", "bailingmoe3", "kimi-k3", "glm5-next",
        "qwen3tts", "qwen4exp",
    }
)  # fmt: skip


def splits_by_tensor(shape: Shape) -> bool:
    """Whether llama.cpp can give every card a part of each tensor of this architecture."""
    return shape.architecture not in NOT_SPLIT_BY_TENSOR


def tensor_shares(layout: Layout) -> tuple[float, ...]:
    """The `tensor_split` that makes llama.cpp lay the layers as the layout says.

    In layer split each boundary lies half a layer before the first layer of the next card, so no
    rounding of floats can move a layer. Shares may be in any unit.
    """
    if layout.split_mode is SplitMode.TENSOR:
        return layout.shares
    total = sum(layout.layer_counts)
    edges: list[float] = []
    reached = 0
    for count in layout.layer_counts[:-1]:
        reached += count
        edges.append(max(0.0, reached - 0.5))
    edges.append(float(total))
    starts = [0.0, *edges[:-1]]
    return tuple(edge - start for start, edge in zip(starts, edges, strict=True)) if total else ()


def layer_counts_of(shares: Sequence[float], gpu_layers: int) -> tuple[int, ...]:
    """How many of the `gpu_layers` llama.cpp gives each card for these shares (float32 and all)."""
    points = np.cumsum(np.asarray(shares, np.float32), dtype=np.float32)
    points = (points / points[-1]).astype(np.float32)
    places = np.arange(gpu_layers, dtype=np.float32) / np.float32(max(1, gpu_layers))
    cards = np.searchsorted(points, places, side="right")
    return tuple(int(count) for count in np.bincount(cards, minlength=len(shares))[: len(shares)])
