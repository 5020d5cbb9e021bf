"""Compute buffers of a layout, by device; and the host's output buffer.

Sources in llama.cpp: sched_reserve and output_reserve in llama-context.cpp; ggml-backend.cpp for
the pipeline's copies and the weights that are fetched to a card for a prompt.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from engine.fit.layout import Layout
from engine.fit.memory.graph import PIPELINE_COPIES, Stage, Work, buffer_bytes
from engine.fit.memory.kv import cache_of
from engine.fit.memory.parts import Layer, Parts
from engine.gguf.shape import Shape
from engine.protocol.load import CacheType, ExpertGroup, SplitMode

_NUMBER = 4
# Below that many tokens weights stay where they are (GGML_OP_OFFLOAD_MIN_BATCH).
_FETCHING_TOKENS = 32


class Computing:
    """The work of one layout, ready to be asked for each device."""

    def __init__(self, parts: Parts, layout: Layout) -> None:
        self._parts, self._layout = parts, layout
        self._shape = parts.shape
        self._in_ram = {one.layer: frozenset(one.groups) for one in layout.cpu_experts}
        self._host_layers = max(0, len(parts.layers) + 1 - layout.gpu_layers)
        self._copies = PIPELINE_COPIES if self._is_pipelined() else 1

    def card_bytes(self, layers: Sequence[int], *, first: bool, last: bool) -> int:
        """The buffer of a card that holds these layers. The first one also computes prompts
        through the layers in RAM, whose weights visit it."""
        stages = [self._stage(layer, on_card=True) for layer in layers]
        work = self._work(on_card=True)
        if first and self._host_layers and work.tokens >= _FETCHING_TOKENS:
            fetched = range(min(self._host_layers, len(self._parts.layers)))
            stages = [self._visiting(layer) for layer in fetched] + stages
        if not stages and not last:
            return 0
        return buffer_bytes(self._shape, tuple(stages), work, last=last)

    def split_card_bytes(self) -> int:
        """Every card's buffer in tensor split: as large as the largest share needs it."""
        share = max(self._layout.shares)
        stages = tuple(self._stage(layer, on_card=True) for layer in range(len(self._parts.layers)))
        return buffer_bytes(
            _divided(self._shape, share), stages, self._work(on_card=True), last=True
        )

    def host_bytes(self) -> int:
        """The processor's buffer, with the inputs; and the output buffer."""
        shape, work = self._shape, self._work(on_card=False)
        output = shape.vocabulary * self._layout.streams * _NUMBER
        if not self._layout.cards:
            stages = tuple(
                self._stage(layer, on_card=False) for layer in range(len(self._parts.layers))
            )
            return output + buffer_bytes(shape, stages, work, last=True)
        masks = work.cells + (work.window_cells if shape.window else 0)
        inputs = work.tokens * (shape.embedding * _NUMBER + masks * 2 + 6 * _NUMBER)
        entry = work.tokens * shape.embedding * _NUMBER
        return output + inputs * self._copies + entry + self._attention_in_ram(work)

    def _attention_in_ram(self, work: Work) -> int:
        if not self._host_layers:
            return 0
        shape = self._shape
        width = max(shape.heads) * max(shape.key_length, shape.value_length)
        return 3 * width * work.tokens * _NUMBER

    def _is_pipelined(self) -> bool:
        layout = self._layout
        return (
            len(layout.cards) > 1
            and layout.split_mode is SplitMode.LAYER
            and layout.gpu_layers > len(self._parts.layers)
            and not layout.cpu_experts
        )

    def _work(self, *, on_card: bool) -> Work:
        layout, shape = self._layout, self._shape
        cache = cache_of(layout)
        cells = cache.stream_cells
        windowed = 0
        if shape.window is not None:
            windowed = cache.window_cells(shape.window.tokens, unified=cache.unified)
        tokens = min(cache.micro_batch_tokens, cells * cache.rows)
        tokens = -(-tokens // layout.streams) * layout.streams
        return Work(
            tokens=tokens,
            outputs=min(layout.streams, tokens),
            streams=layout.streams,
            cells=cells,
            window_cells=windowed,
            cached_cells=cells * cache.rows,
            cached_window_cells=windowed * cache.rows,
            rotated=layout.cache_type is not CacheType.F16,
            on_card=on_card,
            copies=self._copies,
        )

    def _stage(self, layer: int, *, on_card: bool) -> Stage:
        one = self._parts.layers[layer]
        staged = 0
        if on_card and self._layout.micro_batch_tokens >= _FETCHING_TOKENS:
            staged = _largest(one, self._in_ram.get(layer, frozenset()))
        return Stage(layer=layer, experts=bool(one.experts), staged_experts=staged)

    def _visiting(self, layer: int) -> Stage:
        one = self._parts.layers[layer]
        return Stage(
            layer=layer,
            experts=bool(one.experts),
            staged=one.dense.largest,
            staged_experts=_largest(one, frozenset(ExpertGroup)),
            attends=False,
        )


def _largest(layer: Layer, groups: frozenset[ExpertGroup]) -> int:
    return max(
        (weights.largest for group, weights in layer.experts.items() if group in groups), default=0
    )


def _divided(shape: Shape, share: float) -> Shape:
    """What one card computes of it in tensor split; the hidden state is whole on each."""
    experts = shape.experts
    if experts is not None:
        experts = replace(experts, feed_forward=ceil(experts.feed_forward * share))
    return replace(
        shape,
        heads=tuple(ceil(heads * share) for heads in shape.heads),
        kv_heads=tuple(ceil(heads * share) for heads in shape.kv_heads),
        feed_forward=ceil(shape.feed_forward * share),
        vocabulary=ceil(shape.vocabulary * share),
        experts=experts,
    )
