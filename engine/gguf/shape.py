"""Shape: what a model's metadata says of its build, as typed values."""

from dataclasses import dataclass

from engine.errors import NotAModel, UnknownArchitecture
from engine.gguf.architectures import CACHELESS, INDEXED, KNOWN, LATENT, NEXTN_CACHED, RECURRENT
from engine.gguf.facts import Facts, flags
from engine.gguf.purpose import purpose_of, reads_whole
from engine.gguf.reader import Header
from engine.gguf.sliding import window_of
from engine.gguf.states import further_history, state_layers, state_numbers
from engine.protocol.load import Purpose

_MOST_LAYERS = 512  # llama.cpp's LLAMA_MAX_LAYERS
_MOST_EXPERTS = 1024  # LLAMA_MAX_EXPERTS
_MOST_HEADS = 1 << 14
_WIDEST = 1 << 20
_SHARING = frozenset({"gemma4", "gemma4-assistant"})
_GEMMA_3N_OWN_CACHES = 20
_GLM_LONG_CONTEXT = 1048576  # from GLM 5.2 on, three layers of four share an indexer


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
    token shift's memory, and the recurrent state (llama.cpp's n_embd_r and n_embd_s). `history`
    is one more such row in the layers that `history_layers` marks. `beside_attention` tells that
    the marked layers have a KV cache as well.
    """

    layers: tuple[bool, ...]
    rolling: int
    state: int
    beside_attention: bool = False
    history: int = 0
    history_layers: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexer:
    """Sparse attention's own small cache (DeepSeek V3.2's DSA and its kin).

    `layers` marks those that have one; `key_length` and `value_length` count the numbers it keeps
    for each token.
    """

    heads: int
    key_length: int
    layers: tuple[bool, ...]
    value_length: int = 0


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

    The last `nextn_layers` blocks predict further tokens and are loaded only for that;
    `nextn_cached` tells that they get a KV cache all the same. `kv_layers` counts the layers, from
    the first, that own a KV cache; later ones share theirs. `feed_forward` is the widest dense
    one. `compress_ratios` are DeepSeek V4's: how many tokens one compressed cell stands for, by
    layer. `layer_input` is how much of each token's embedding goes to each layer directly (Gemma
    3n and 4). Of a model that embeds or ranks, `whole_texts` tells that it must
    see a text at once. Zero, None or empty where the architecture has no such thing.
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
    nextn_cached: bool = False
    compress_ratios: tuple[int, ...] = ()
    layer_input: int = 0
    purpose: Purpose = Purpose.TEXT
    whole_texts: bool = False


def shape_of(header: Header) -> Shape:
    """The shape that a model's (first) header describes.

    Raises UnknownArchitecture for a kind llama.cpp does not know, NotAModel for a header that
    lies. Source: load_hparams in llama-model.cpp.
    """
    architecture = header.metadata.get("general.architecture")
    if not isinstance(architecture, str):
        raise NotAModel("The header does not say what architecture the model has.")
    if architecture not in KNOWN:
        raise UnknownArchitecture(
            f"llama.cpp does not know the architecture {architecture[:40]!r}."
        )
    return _Reading(header, architecture).shape()


class _Reading:
    """One header being read: counts first, then what hangs on them."""

    def __init__(self, header: Header, architecture: str) -> None:
        self._facts = facts = Facts(header, architecture)
        self._architecture = architecture
        self._purpose = purpose_of(header)
        self._whole_texts = self._purpose is not Purpose.TEXT and reads_whole(header, architecture)
        self._nextn = self._nextn_layers(header)
        self._layers = self._layer_count()
        if not self._nextn <= self._layers <= _MOST_LAYERS:
            raise NotAModel(f"The header claims {self._layers} layers, which no model has.")
        self._trunk = self._layers - self._nextn
        self._embedding = _within(facts.number("embedding_length"), _WIDEST, "the embedding")
        self._heads = self._per_layer("attention.head_count") or (0,) * self._layers
        self._kv_heads = self._per_layer("attention.head_count_kv") or self._heads
        self._check_heads()

    def shape(self) -> Shape:
        facts, length = self._facts, self._key_length()
        cached = 0 if self._architecture in CACHELESS else self._own_caches()
        return Shape(
            architecture=self._architecture,
            layers=self._layers,
            nextn_layers=self._nextn,
            embedding=self._embedding,
            feed_forward=max(self._per_layer("feed_forward_length") or (0,)),
            heads=self._heads,
            kv_heads=self._kv_heads,
            key_length=length,
            value_length=self._value_length(),
            vocabulary=facts.vocabulary(),
            trained_context_tokens=facts.number("context_length"),
            kv_layers=cached,
            experts=self._experts(),
            latent=self._latent(),
            window=self._window(),
            recurrent=self._recurrent(),
            indexer=self._indexer(),
            rope=self._rope(),
            nextn_cached=self._nextn > 0 and self._architecture in NEXTN_CACHED,
            compress_ratios=self._compress_ratios(),
            layer_input=facts.number("embedding_length_per_layer_input"),
            purpose=self._purpose,
            whole_texts=self._whole_texts,
        )

    def _nextn_layers(self, header: Header) -> int:
        if self._architecture == "graniteswitch":
            return 1
        count = self._facts.number("nextn_predict_layers")
        if self._architecture == "deepseek4" and count:
            first = self._facts.number("block_count") - count
            probe = f"blk.{first}.nextn.eh_proj.weight"
            held = any(tensor.name == probe for tensor in header.tensors)
            return count if held or header.metadata.get("split.count", 1) != 1 else 0
        return count

    def _layer_count(self) -> int:
        count = self._facts.number("block_count")
        if count < 1:
            raise NotAModel("The header does not say how many layers the model has.")
        if self._architecture == "nanbeige":
            return count * max(1, self._facts.number("num_loops", 1))
        # Granite's switch adds a layer that only chooses the adapter.
        return count + 1 if self._architecture == "graniteswitch" else count

    def _per_layer(self, key: str) -> tuple[int, ...] | None:
        numbers = self._facts.layered(key, self._layers)
        if numbers is None:
            return None
        if self._architecture == "graniteswitch":
            routed = 0 if key == "feed_forward_length" else 1
            return (*numbers[:-1], routed)
        if self._architecture == "nanbeige":
            own = self._facts.number("block_count")
            return tuple(numbers[layer % own] for layer in range(self._layers))
        return numbers

    def _check_heads(self) -> None:
        if self._embedding == 0:
            raise NotAModel("The header does not say how wide the model is.")
        most = max((*self._heads, *self._kv_heads))
        _within(most, _MOST_HEADS, "the attention heads")
        if not most and self._architecture not in RECURRENT | {"wavtokenizer-dec"}:
            raise NotAModel("The header claims a model without attention heads.")

    def _key_length(self) -> int:
        first = self._heads[0]
        usual = self._embedding // first if first else 0
        told = self._facts.number("attention.key_length", usual)
        return _within(told, _WIDEST, "the keys") if first or self._told_anyway() else 0

    def _value_length(self) -> int:
        first = self._heads[0]
        usual = self._embedding // first if first else 0
        told = self._facts.number("attention.value_length", usual)
        return _within(told, _WIDEST, "the values") if first or self._told_anyway() else 0

    def _told_anyway(self) -> bool:
        # The only one that asks for it again after a first layer without heads.
        return self._architecture == "plamo2"

    def _own_caches(self) -> int:
        if self._architecture in _SHARING:
            shared = self._facts.number("attention.shared_kv_layers")
            return max(0, self._layers - shared)
        if self._architecture == "gemma3n":
            return min(self._layers, _GEMMA_3N_OWN_CACHES)
        return self._layers

    def _experts(self) -> Experts | None:
        facts = self._facts
        count = _within(facts.number("expert_count"), _MOST_EXPERTS, "the experts")
        used = max(facts.layered("expert_used_count", self._layers) or (0,))
        if used > count:
            raise NotAModel(f"The header claims {used} of {count} experts to be used.")
        if count == 0 or (self._architecture.startswith("hunyuan") and count == 1):
            return None
        shared = facts.number("expert_shared_count")
        if not shared and facts.number("expert_shared_feed_forward_length"):
            shared = 1
        return Experts(
            count=count,
            used=used,
            shared=shared,
            feed_forward=max(facts.layered("expert_feed_forward_length", self._layers) or (0,)),
            leading_dense=facts.number("leading_dense_block_count"),
        )

    def _latent(self) -> Latent | None:
        facts = self._facts
        key = facts.number("attention.key_length_mla")
        value = facts.number("attention.value_length_mla")
        if self._architecture not in LATENT or not key or not value:
            return None
        return Latent(
            q_rank=facts.number("attention.q_lora_rank"),
            kv_rank=facts.number("attention.kv_lora_rank"),
            key_length=key,
            value_length=value,
        )

    def _window(self) -> Window | None:
        if self._architecture == "lfm2":
            tokens = self._facts.number("attention.sliding_window")
            marks = tuple(heads > 0 for heads in self._kv_heads)
            found = (tokens, marks) if tokens else None
        else:
            found = window_of(self._facts, self._architecture, self._layers, self._trunk)
        if found is None:
            return None
        return Window(
            tokens=found[0],
            layers=found[1],
            key_length=self._facts.number("attention.key_length_swa", self._key_length()),
            value_length=self._facts.number("attention.value_length_swa", self._value_length()),
        )

    def _recurrent(self) -> Recurrent | None:
        facts, architecture = self._facts, self._architecture
        marks = state_layers(facts, architecture, self._kv_heads, self._trunk)
        if not any(marks):
            return None
        rolling, state = state_numbers(
            facts,
            architecture,
            embedding=self._embedding,
            heads=self._heads[0],
            key_length=self._key_length(),
        )
        history, history_layers = further_history(
            facts, architecture, self._embedding, self._layers
        )
        return Recurrent(
            layers=marks,
            rolling=rolling,
            state=state,
            beside_attention=architecture == "falcon-h1",
            history=history,
            history_layers=history_layers,
        )

    def _indexer(self) -> Indexer | None:
        """Source: create_memory in llama-model.cpp; llama-kv-cache-dsa.cpp, -msa.cpp,
        llama-memory-hybrid-idx.cpp."""
        facts, architecture = self._facts, self._architecture
        length = facts.number("attention.indexer.key_length")
        if architecture not in INDEXED or not length:
            return None
        if architecture == "hy_v4" and not facts.number("attention.indexer.top_k"):
            return None
        # Keys alone beside a latent cache, of which it is a copy with other lengths.
        keys_alone = architecture in {"qwen4exp", "deepseek4"} or self._latent() is not None
        pooled = architecture == "glm5-next" and facts.number("attention.indexer.kpool")
        return Indexer(
            heads=facts.number("attention.indexer.head_count"),
            key_length=3 * length if pooled else length,
            layers=self._indexer_layers(),
            value_length=0 if keys_alone else self._value_length(),
        )

    def _indexer_layers(self) -> tuple[bool, ...]:
        facts, architecture = self._facts, self._architecture
        every = range(self._layers)
        if architecture == "minimax-m3":
            leading = facts.number("leading_dense_block_count")
            return tuple(layer >= leading for layer in every)
        if architecture == "deepseek4":
            return tuple(ratio == 4 for ratio in self._compress_ratios())
        full = (True,) * self._layers
        if architecture not in {"deepseek32", "qwen4exp"}:
            told = facts.layered("attention.indexer.types", self._layers)
            if told is not None:
                full = flags(told)
            elif architecture == "glm-dsa" and facts.number("context_length") >= _GLM_LONG_CONTEXT:
                full = tuple(layer < 2 or layer % 4 == 2 for layer in every)
            elif architecture in {"dots3note", "hy_v4"}:
                full = (False,) * self._layers
        if architecture in {"glm5-next", "qwen4exp"}:
            states = state_layers(facts, architecture, self._kv_heads, self._trunk)
            full = tuple(mark and not state for mark, state in zip(full, states, strict=True))
        return tuple(mark and layer < self._trunk for layer, mark in enumerate(full))

    def _compress_ratios(self) -> tuple[int, ...]:
        if self._architecture != "deepseek4":
            return ()
        return self._facts.listed("attention.compress_ratios", self._layers) or (0,) * self._layers

    def _rope(self) -> Rope:
        facts = self._facts
        return Rope(
            base=facts.fraction("rope.freq_base"),
            dimensions=facts.number("rope.dimension_count") or None,
            scaling=facts.text("rope.scaling.type"),
            factor=facts.fraction("rope.scaling.factor") or facts.fraction("rope.scale_linear"),
            original_context_tokens=facts.number("rope.scaling.original_context_length") or None,
        )


def _within(count: int, most: int, what: str) -> int:
    if count > most:
        raise NotAModel(f"The header claims {count:,} for {what}, which no model has.")
    return count
