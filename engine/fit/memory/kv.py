"""The KV cache and recurrent state of one layer, to the byte.

Sources in llama.cpp: create_memory in llama-model.cpp chooses the kind; llama-kv-cache.cpp and
llama-kv-cache-iswa.cpp, -dsa.cpp, -dsa-iswa.cpp, -msa.cpp, -dsv4.cpp, llama-memory-recurrent.cpp
and llama-memory-hybrid*.cpp make the tensors; the contexts' sizes come from llama-context.cpp.
"""

from dataclasses import dataclass
from functools import lru_cache

from engine.fit.layout import Layout
from engine.gguf.shape import Shape
from engine.protocol.load import CacheType

_CELL_PADDING = 256
_ROW_PADDING = 512  # of quantized rows on a card: MATRIX_ROW_PADDING in ggml-cuda/common.cuh
_CARD_ALIGNMENT, _HOST_ALIGNMENT = 128, 32
_NUMBER_BYTES = 4
_SPARSE_RATIO, _HEAVY_RATIO = 4, 128  # DSV4_CSA_RATIO and DSV4_HCA_RATIO
# Numbers in a block, and the block's bytes.
_BLOCKS = {CacheType.F16: (1, 2), CacheType.Q8_0: (32, 34), CacheType.Q4_0: (32, 18)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """How a context is asked for. `context_tokens` is shared by all streams."""

    context_tokens: int
    streams: int
    unified: bool
    cache_type: CacheType
    micro_batch_tokens: int

    @property
    def stream_cells(self) -> int:
        """The cells of one stream (n_ctx_seq): all of them if unified, else each sequence's."""
        whole = _padded(self.context_tokens, _CELL_PADDING)
        return whole if self.unified else _padded(whole // self.streams, _CELL_PADDING)

    @property
    def rows(self) -> int:
        """How many streams the cache is made of (n_stream)."""
        return 1 if self.unified else self.streams

    def window_cells(self, tokens: int, *, unified: bool) -> int:
        """The cells of one stream where attention only reaches `tokens` back."""
        # Where the context is smaller, it bounds the micro-batch as well.
        batch = min(self.micro_batch_tokens, self.context_tokens)
        need = tokens * (self.streams if unified else 1) + batch
        return _padded(min(self.stream_cells, need), _CELL_PADDING)


def cache_of(layout: Layout) -> Cache:
    """What that layout asks for."""
    return Cache(
        context_tokens=layout.context_tokens,
        streams=layout.streams,
        unified=layout.unified_kv,
        cache_type=layout.cache_type,
        micro_batch_tokens=min(layout.micro_batch_tokens, max(layout.batch_tokens, layout.streams)),
    )


def cache_bytes(shape: Shape, layer: int, cache: Cache, *, on_card: bool = False) -> int:
    """The bytes of everything that layer keeps: keys, values, indexer keys and state.

    Quantized rows take a little more on a card where they are no multiple of 512.
    """
    maker = _Maker(cache, on_card=on_card)
    if shape.compress_ratios:
        return _compressed(shape, layer, maker)
    total = 0
    if _attends(shape, layer):
        total += _attention(shape, layer, maker)
    indexer = shape.indexer
    if indexer is not None and indexer.layers[layer]:
        key = indexer.key_length
        if shape.window is not None and shape.window.layers[layer]:
            key = shape.window.key_length
        total += maker.cached(cache.stream_cells, key, indexer.value_length)
    return total + _state(shape, layer, maker)


def caches_by_layer(shape: Shape, cache: Cache, *, on_card: bool = False) -> list[int]:
    """The same of every layer; those alike are reckoned once."""
    sizes: list[int] = []
    for layer, alike in enumerate(_alike(shape)):
        known = alike < layer
        sizes.append(sizes[alike] if known else cache_bytes(shape, layer, cache, on_card=on_card))
    return sizes


def all_cache_bytes(shape: Shape, cache: Cache, *, on_card: bool = False) -> int:
    """The same of all layers together."""
    return sum(caches_by_layer(shape, cache, on_card=on_card))


@lru_cache(maxsize=64)
def _alike(shape: Shape) -> tuple[int, ...]:
    """Of each layer, the first one that has the same cache."""
    first: dict[tuple[object, ...], int] = {}
    return tuple(first.setdefault(_kind(shape, layer), layer) for layer in range(shape.layers))


def _kind(shape: Shape, layer: int) -> tuple[object, ...]:
    """All that a layer's cache depends on."""
    recurrent = shape.recurrent
    return (
        shape.kv_heads[layer],
        layer < shape.kv_layers,
        layer < shape.layers - shape.nextn_layers,
        shape.window is not None and shape.window.layers[layer],
        recurrent is not None and recurrent.layers[layer],
        recurrent is not None
        and bool(recurrent.history_layers)
        and recurrent.history_layers[layer],
        shape.indexer is not None and shape.indexer.layers[layer],
        shape.compress_ratios[layer] if shape.compress_ratios else 0,
    )


class _Maker:
    """Sizes tensors as ggml would allocate them."""

    def __init__(self, cache: Cache, *, on_card: bool) -> None:
        self.cache = cache
        self._on_card = on_card
        self._alignment = _CARD_ALIGNMENT if on_card else _HOST_ALIGNMENT

    def cached(self, cells: int, key: int, value: int, *, rows: int | None = None) -> int:
        """A tensor of keys and one of values, so many numbers for each of the cells."""
        count = cells * (self.cache.rows if rows is None else rows)
        return self._tensor(key, count) + self._tensor(value, count)

    def plain(self, numbers: int) -> int:
        """A tensor of F32 numbers."""
        return _padded(numbers * _NUMBER_BYTES, self._alignment)

    def _tensor(self, width: int, count: int) -> int:
        block, size = _BLOCKS[self.cache.cache_type]
        taken = width * count * size // block
        if taken and self._on_card and block > 1 and width % _ROW_PADDING:
            taken += (_ROW_PADDING - width % _ROW_PADDING) * size // block
        return _padded(taken, self._alignment)


def _attends(shape: Shape, layer: int) -> bool:
    recurrent = shape.recurrent
    if recurrent is not None and recurrent.layers[layer] and not recurrent.beside_attention:
        return False
    loaded = layer < shape.layers - shape.nextn_layers or shape.nextn_cached
    return layer < shape.kv_layers and loaded


def _attention(shape: Shape, layer: int, maker: _Maker) -> int:
    cache, window = maker.cache, shape.window
    key, value, cells = shape.key_length, shape.value_length, cache.stream_cells
    if window is not None and window.layers[layer]:
        key, value = window.key_length, window.value_length
        cells = cache.window_cells(window.tokens, unified=cache.unified)
    heads = shape.kv_heads[layer]
    # Latent attention reads its values out of the keys.
    return maker.cached(cells, key * heads, 0 if shape.latent else value * heads)


def _state(shape: Shape, layer: int, maker: _Maker) -> int:
    recurrent = shape.recurrent
    if recurrent is None or not recurrent.layers[layer]:
        return 0
    streams = maker.cache.streams
    total = maker.plain(recurrent.rolling * streams) + maker.plain(recurrent.state * streams)
    if recurrent.history_layers and recurrent.history_layers[layer]:
        total += maker.plain(recurrent.history * streams)
    return total


def _compressed(shape: Shape, layer: int, maker: _Maker) -> int:
    """DeepSeek V4: keys alone; a window, compressed cells behind it, an indexer of those, and the
    state of what is being compressed. Always one stream for each sequence.

    Source: llama_kv_cache_dsv4 and llama_dsv4_comp_state in llama-kv-cache-dsv4.cpp.
    """
    cache, window, indexer = maker.cache, shape.window, shape.indexer
    streams, ratio = cache.streams, shape.compress_ratios[layer]
    key = (window.key_length if window else shape.key_length) * shape.kv_heads[layer]
    cells = cache.window_cells(window.tokens, unified=False) if window else cache.stream_cells
    total = maker.cached(cells, key, 0, rows=streams)
    if ratio not in {_SPARSE_RATIO, _HEAVY_RATIO}:
        return total
    behind = _padded(max(1, -(-cache.stream_cells // ratio)), _CELL_PADDING)
    total += maker.cached(behind, key, 0, rows=streams)
    index = indexer.key_length if indexer is not None and ratio == _SPARSE_RATIO else 0
    total += maker.cached(behind, index, 0, rows=streams)
    if layer >= shape.layers - shape.nextn_layers:
        return total
    # The sparse one overlaps: two blocks, each with keys for both.
    overlap = 2 if ratio == _SPARSE_RATIO else 1
    head = window.key_length if window else shape.key_length
    for width in (head, index):
        total += 2 * maker.plain(overlap * width * overlap * ratio * streams)
    return total


def _padded(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
