"""Shape: what a model's metadata says of its build, as typed values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """Mixture of experts. `shared` experts run for every token; the first `leading_dense` layers
    have none."""

    count: int
    used: int
    shared: int
    feed_forward: int
    leading_dense: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """Multi-head latent attention (MLA): keys and values are compressed to `kv_rank` numbers."""

    q_rank: int
    kv_rank: int
    key_length: int
    value_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Sliding-window attention: layers marked in `layers` keep only about `tokens` cells.

    `key_length` and `value_length` are those of the windowed layers' heads.
    """

    tokens: int
    layers: tuple[bool, ...]
    key_length: int
    value_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrent:
    """Layers with a state of fixed size in place of a KV cache (Mamba, RWKV, linear attention).

    `rolling` and `state` are F32 numbers a sequence and marked layer holds: the convolution's or
    token shift's memory, and the recurrent state (llama.cpp's n_embd_r and n_embd_s).
    """

    layers: tuple[bool, ...]
    rolling: int
    state: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexer:
    """Sparse attention's own small key cache (DeepSeek V3.2's DSA and its kin).

    `layers` marks those that have one.
    """

    heads: int
    key_length: int
    layers: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rope:
    """Rotary positions; `scaling` is yarn, linear … with the context it stretches from."""

    base: float | None
    dimensions: int | None
    scaling: str | None
    factor: float | None
    original_context_tokens: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a model is built. Tuples hold one entry a layer; `layers` counts all blocks.

    The last `nextn_layers` blocks predict further tokens and are loaded only for that.
    `kv_layers` counts the layers, from the first, that own a KV cache; later ones share theirs.
    `feed_forward` is the widest dense one. Zero or None where the architecture has no such thing.
    """

    architecture: str
    layers: int
    nextn_layers: int
    embedding: int
    feed_forward: int
    heads: tuple[int, ...]
    kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    vocabulary: int
    trained_context_tokens: int
    kv_layers: int
    experts: Experts | None
    latent: Latent | None
    window: Window | None
    recurrent: Recurrent | None
    indexer: Indexer | None
    rope: Rope
