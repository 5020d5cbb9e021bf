"""The builds of known models: their metadata and tensors, without a single weight.

Dimensions are those of the published files. Names and order are llama.cpp's; every shape is held
to it by a dry run in the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from tests.support.gguf_bytes import Plain
from tests.support.ghost_dimensions import (
    DIMENSIONS,
    KV_RANK,
    NOPE,
    Q_RANK,
    ROPE,
    SSM_CONVOLUTION,
    SSM_STATE,
    VALUE,
    Dimensions,
)


class Role(Enum):
    """What a tensor does: quantizations give each role its type."""

    EMBEDDING = auto()
    OUTPUT = auto()
    WEIGHTS = auto()
    SENSITIVE = auto()  # gets more bits in some layers: attn_v, ffn_down
    EXPERTS = auto()
    SENSITIVE_EXPERTS = auto()
    PLAIN = auto()  # F32 in every file: norms, biases, routers


@dataclass(frozen=True, slots=True, kw_only=True)
class GhostTensor:
    """One tensor; `layer` is None outside the layers."""

    name: str
    dimensions: tuple[int, ...]
    role: Role
    layer: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A model without its weights. `quantization` is the one it is usually published in."""

    architecture: str
    layers: int
    vocabulary: int
    metadata: Mapping[str, Plain]
    tensors: tuple[GhostTensor, ...]
    quantization: str


class _Tensors:
    """Collects tensors by name, in the order of the file."""

    def __init__(self) -> None:
        self.all: list[GhostTensor] = []
        self.layer: int | None = None

    def add(self, name: str, *dimensions: int, role: Role = Role.PLAIN) -> None:
        prefix = "" if self.layer is None else f"blk.{self.layer}."
        suffix = "" if name.endswith(".bias") or name == "ssm_a" else ".weight"
        self.all.append(
            GhostTensor(
                name=f"{prefix}{name}{suffix}", dimensions=dimensions, role=role, layer=self.layer
            )
        )


def _attention(t: _Tensors, d: Dimensions) -> None:
    q, kv = d.heads * d.head_length, d.kv_heads * d.head_length
    t.add("attn_q", d.width, q * (2 if d.architecture == "qwen3next" else 1), role=Role.WEIGHTS)
    t.add("attn_k", d.width, kv, role=Role.WEIGHTS)
    t.add("attn_v", d.width, kv, role=Role.SENSITIVE)
    t.add("attn_output", q, d.width, role=Role.WEIGHTS)
    if d.qkv_bias:
        for name, size in (("q", q), ("k", kv), ("v", kv)):
            t.add(f"attn_{name}.bias", size)
    if d.qk_norm:
        t.add("attn_q_norm", d.head_length)
        t.add("attn_k_norm", d.head_length)


def _latent_attention(t: _Tensors, d: Dimensions) -> None:
    t.add("attn_q_a", d.width, Q_RANK, role=Role.WEIGHTS)
    t.add("attn_q_a_norm", Q_RANK)
    t.add("attn_q_b", Q_RANK, d.heads * (NOPE + ROPE), role=Role.WEIGHTS)
    t.add("attn_kv_a_mqa", d.width, KV_RANK + ROPE, role=Role.WEIGHTS)
    t.add("attn_kv_a_norm", KV_RANK)
    t.add("attn_k_b", NOPE, KV_RANK, d.heads, role=Role.WEIGHTS)
    t.add("attn_v_b", KV_RANK, VALUE, d.heads, role=Role.WEIGHTS)
    t.add("attn_output", d.heads * VALUE, d.width, role=Role.WEIGHTS)


def _linear_attention(t: _Tensors, d: Dimensions) -> None:
    keys, values = SSM_STATE * d.heads, SSM_STATE * d.heads * 2
    t.add("attn_qkv", d.width, 2 * keys + values, role=Role.WEIGHTS)
    t.add("attn_gate", d.width, values, role=Role.WEIGHTS)
    t.add("ssm_conv1d", SSM_CONVOLUTION, 2 * keys + values)
    t.add("ssm_dt.bias", 2 * d.heads)
    t.add("ssm_a", 2 * d.heads)
    t.add("ssm_ba", d.width, 4 * d.heads, role=Role.WEIGHTS)
    t.add("ssm_norm", SSM_STATE)
    t.add("ssm_out", values, d.width, role=Role.WEIGHTS)


def _feed_forward(t: _Tensors, d: Dimensions, suffix: str, size: int) -> None:
    t.add(f"ffn_gate{suffix}", d.width, size, role=Role.WEIGHTS)
    t.add(f"ffn_up{suffix}", d.width, size, role=Role.WEIGHTS)
    t.add(f"ffn_down{suffix}", size, d.width, role=Role.SENSITIVE)


def _experts(t: _Tensors, d: Dimensions) -> None:
    inner, count = d.expert_feed_forward, d.experts
    t.add("ffn_gate_inp", d.width, count)
    t.add("ffn_gate_exps", d.width, inner, count, role=Role.EXPERTS)
    t.add("ffn_up_exps", d.width, inner, count, role=Role.EXPERTS)
    t.add("ffn_down_exps", inner, d.width, count, role=Role.SENSITIVE_EXPERTS)
    if d.architecture in {"deepseek2", "glm4moe"}:
        t.add("exp_probs_b.bias", count)
    if d.architecture == "gpt-oss":
        t.add("ffn_gate_inp.bias", count)
        t.add("ffn_gate_exps.bias", inner, count)
        t.add("ffn_up_exps.bias", inner, count)
        t.add("ffn_down_exps.bias", d.width, count)
    if d.architecture == "qwen3next":
        t.add("ffn_gate_inp_shexp", d.width)
    if d.shared_experts:
        _feed_forward(t, d, "_shexp", inner * d.shared_experts)


def _next_tokens(t: _Tensors, d: Dimensions) -> None:
    t.add("nextn.eh_proj", 2 * d.width, d.width, role=Role.WEIGHTS)
    t.add("nextn.enorm", d.width)
    t.add("nextn.hnorm", d.width)
    t.add("nextn.embed_tokens", d.width, d.vocabulary, role=Role.EMBEDDING)
    t.add("nextn.shared_head_head", d.width, d.vocabulary, role=Role.OUTPUT)
    t.add("nextn.shared_head_norm", d.width)


def _layer(t: _Tensors, d: Dimensions, layer: int) -> None:
    t.layer = layer
    t.add("attn_norm", d.width)
    if d.architecture == "deepseek2":
        _latent_attention(t, d)
    elif d.architecture == "qwen3next" and (layer + 1) % 4:
        _linear_attention(t, d)
    else:
        _attention(t, d)
    if d.architecture == "gpt-oss":
        t.add("attn_output.bias", d.width)
        t.add("attn_sinks", d.heads)
    if d.architecture in {"gpt-oss", "gemma3", "qwen3next", "glm4moe"}:
        t.add("post_attention_norm", d.width)
    if d.architecture not in {"gpt-oss", "qwen3next", "glm4moe"}:
        t.add("ffn_norm", d.width)
    if d.architecture == "gemma3":
        t.add("post_ffw_norm", d.width)
    if d.experts and layer >= d.leading_dense:
        _experts(t, d)
    else:
        _feed_forward(t, d, "", d.feed_forward)
    if layer >= d.layers:
        _next_tokens(t, d)


def build_of(d: Dimensions) -> Build:
    """All tensors and metadata of a model with these dimensions."""
    t = _Tensors()
    t.add("token_embd", d.width, d.vocabulary, role=Role.EMBEDDING)
    t.add("output_norm", d.width)
    if not d.tied:
        t.add("output", d.width, d.vocabulary, role=Role.OUTPUT)
    for layer in range(d.layers + d.next_layers):
        _layer(t, d, layer)
    return Build(
        architecture=d.architecture,
        layers=d.layers,
        vocabulary=d.vocabulary,
        metadata={f"{d.architecture}.{key}": value for key, value in _metadata(d).items()},
        tensors=tuple(t.all),
        quantization=d.quantization,
    )


def _metadata(d: Dimensions) -> dict[str, Plain]:
    latent = d.architecture == "deepseek2"
    pairs: dict[str, Plain] = {
        "block_count": d.layers + d.next_layers,
        "context_length": d.context,
        "embedding_length": d.width,
        "feed_forward_length": d.feed_forward or d.expert_feed_forward,
        "attention.head_count": d.heads,
        "attention.head_count_kv": 1 if latent else d.kv_heads,
        "attention.key_length": KV_RANK + ROPE if latent else d.head_length,
        "attention.value_length": KV_RANK if latent else d.head_length,
        "attention.layer_norm_rms_epsilon": 1e-6,
        "rope.freq_base": d.rope_base,
        "vocab_size": d.vocabulary,
    }
    if latent:
        pairs |= {
            "attention.q_lora_rank": Q_RANK,
            "attention.kv_lora_rank": KV_RANK,
            "attention.key_length_mla": NOPE + ROPE,
            "attention.value_length_mla": VALUE,
        }
    if d.architecture == "qwen3next":
        pairs |= {
            "ssm.conv_kernel": SSM_CONVOLUTION,
            "ssm.inner_size": SSM_STATE * d.heads * 2,
            "ssm.state_size": SSM_STATE,
            "ssm.time_step_rank": 2 * d.heads,
            "ssm.group_count": d.heads,
            "expert_shared_feed_forward_length": d.expert_feed_forward,
        }
    counts = {
        "rope.dimension_count": d.rope_dimensions,
        "expert_count": d.experts,
        "expert_used_count": d.experts_used,
        "expert_feed_forward_length": d.expert_feed_forward,
        "expert_shared_count": d.shared_experts if d.architecture != "qwen3next" else 0,
        "leading_dense_block_count": d.leading_dense,
        "nextn_predict_layers": d.next_layers,
        "attention.sliding_window": d.window,
    }
    return pairs | {key: count for key, count in counts.items() if count} | dict(d.more)


def build(name: str, *, vocabulary: int | None = None) -> Build:
    """The build of a named model; another `vocabulary` than its own comes with a tokenizer."""
    dimensions = DIMENSIONS[name]()
    return build_of(
        dimensions if vocabulary is None else replace(dimensions, vocabulary=vocabulary)
    )
