"""The dimensions of known models, as their published files have them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.support.gguf_bytes import Plain

Q_RANK, KV_RANK, ROPE, NOPE, VALUE = 1536, 512, 64, 128, 128  # DeepSeek's latent attention
SSM_STATE, SSM_CONVOLUTION = 128, 4  # Qwen3-Next's linear attention


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimensions:
    """The numbers of a config.json that decide sizes; 0 means the model has no such thing."""

    architecture: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    vocabulary: int
    feed_forward: int = 0
    head: int = 0
    context: int = 131_072
    rope_base: float = 1e6
    rope_dimensions: int = 0
    experts: int = 0
    experts_used: int = 0
    expert_feed_forward: int = 0
    shared_experts: int = 0
    leading_dense: int = 0
    next_layers: int = 0
    window: int = 0
    qkv_bias: bool = False
    qk_norm: bool = False
    tied: bool = False
    quantization: str = "Q4_K_M"
    more: Mapping[str, Plain] = field(default_factory=dict[str, Plain])

    @property
    def head_length(self) -> int:
        return self.head or self.width // self.heads


def _yarn(factor: float, original: int) -> dict[str, Plain]:
    return {
        "rope.scaling.type": "yarn",
        "rope.scaling.factor": factor,
        "rope.scaling.original_context_length": original,
    }


_SIGMOID = {"expert_gating_func": 2, "expert_weights_norm": True}

_LLAMA = Dimensions(
    architecture="llama",
    layers=32,
    width=4096,
    heads=32,
    kv_heads=8,
    feed_forward=14_336,
    vocabulary=128_256,
    rope_base=5e5,
    rope_dimensions=128,
)
_QWEN3 = Dimensions(
    architecture="qwen3",
    layers=64,
    width=5120,
    heads=64,
    kv_heads=8,
    head=128,
    feed_forward=25_600,
    vocabulary=151_936,
    context=40_960,
    qk_norm=True,
)
_QWEN3_MOE = replace(
    _QWEN3,
    architecture="qwen3moe",
    layers=48,
    width=2048,
    heads=32,
    kv_heads=4,
    feed_forward=6144,
    experts=128,
    experts_used=8,
    expert_feed_forward=768,
)
_GPT_OSS = Dimensions(
    architecture="gpt-oss",
    layers=36,
    width=2880,
    heads=64,
    kv_heads=8,
    head=64,
    vocabulary=201_088,
    rope_base=1.5e5,
    rope_dimensions=64,
    experts=128,
    experts_used=4,
    expert_feed_forward=2880,
    window=128,
    qkv_bias=True,
    quantization="MXFP4",
    more=_yarn(32.0, 4096),
)
_DEEPSEEK = Dimensions(
    architecture="deepseek2",
    layers=61,
    width=7168,
    heads=128,
    kv_heads=1,
    feed_forward=18_432,
    vocabulary=129_280,
    context=163_840,
    rope_base=1e4,
    rope_dimensions=ROPE,
    experts=256,
    experts_used=8,
    expert_feed_forward=2048,
    shared_experts=1,
    leading_dense=3,
    more=_SIGMOID
    | _yarn(40.0, 4096)
    | {"expert_weights_scale": 2.5, "rope.scaling.yarn_log_multiplier": 0.1},
)
_GEMMA = Dimensions(
    architecture="gemma3",
    layers=62,
    width=5376,
    heads=32,
    kv_heads=16,
    head=128,
    feed_forward=21_504,
    vocabulary=262_144,
    window=1024,
    qk_norm=True,
    tied=True,
    more={"rope.scaling.type": "linear", "rope.scaling.factor": 8.0},
)
_QWEN3_NEXT = Dimensions(
    architecture="qwen3next",
    layers=48,
    width=2048,
    heads=16,
    kv_heads=2,
    head=256,
    feed_forward=5120,
    vocabulary=151_936,
    context=262_144,
    rope_base=1e7,
    rope_dimensions=64,
    experts=512,
    experts_used=10,
    expert_feed_forward=512,
    shared_experts=1,
    qk_norm=True,
)
_GLM_AIR = Dimensions(
    architecture="glm4moe",
    layers=46,
    width=4096,
    heads=96,
    kv_heads=8,
    head=128,
    feed_forward=10_944,
    vocabulary=151_552,
    rope_dimensions=64,
    experts=128,
    experts_used=8,
    expert_feed_forward=1408,
    shared_experts=1,
    leading_dense=1,
    next_layers=1,
    qkv_bias=True,
    more=_SIGMOID | {"expert_weights_scale": 1.0},
)
_QWEN2 = Dimensions(
    architecture="qwen2",
    layers=28,
    width=3584,
    heads=28,
    kv_heads=4,
    feed_forward=18_944,
    vocabulary=152_064,
    qkv_bias=True,
)


def _tiny(d: Dimensions, **changes: int) -> Dimensions:
    """The same build, a few MB of it."""
    small = replace(d, layers=4, width=256, heads=4, vocabulary=512, context=4096)
    if d.feed_forward:
        small = replace(small, feed_forward=512)
    if d.experts:
        small = replace(small, experts=8, experts_used=2, expert_feed_forward=256)
    return replace(small, **changes)  # pyright: ignore[reportArgumentType]


DIMENSIONS: Mapping[str, Callable[[], Dimensions]] = {
    "qwen2-7b": lambda: _QWEN2,
    "qwen3-32b": lambda: _QWEN3,
    "llama-8b": lambda: _LLAMA,
    "llama-70b": lambda: replace(_LLAMA, layers=80, width=8192, heads=64, feed_forward=28_672),
    "qwen3-30b-a3b": lambda: _QWEN3_MOE,
    "gpt-oss-120b": lambda: _GPT_OSS,
    "gpt-oss-20b": lambda: replace(_GPT_OSS, layers=24, experts=32),
    "deepseek-r1-671b": lambda: _DEEPSEEK,
    "gemma3-27b": lambda: _GEMMA,
    "qwen3-next-80b-a3b": lambda: _QWEN3_NEXT,
    "glm-4.5-air": lambda: _GLM_AIR,
    "tiny-dense": lambda: _tiny(_LLAMA, kv_heads=2, rope_dimensions=64),
    "tiny-moe": lambda: _tiny(_QWEN3_MOE, kv_heads=2, head=64),
    "tiny-mla": lambda: _tiny(_DEEPSEEK, leading_dense=1),
    "tiny-swa": lambda: _tiny(_GEMMA, layers=6, kv_heads=2, head=64, window=256),
    "tiny-gpt-oss": lambda: _tiny(_GPT_OSS, kv_heads=2),
    "tiny-next": lambda: _tiny(_QWEN3_NEXT, kv_heads=2, head=64),
    "tiny-glm": lambda: _tiny(_GLM_AIR, kv_heads=2, head=64),
}
