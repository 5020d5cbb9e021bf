"""Compute buffers of a layout, by device; and the host's output buffer.

Sources in llama.cpp: sched_reserve and output_reserve in llama-context.cpp; ggml-backend.cpp for
the pipeline's copies and the weights that are fetched to a card for a prompt.
"""

from collections.abc import Sequence
from dataclasses import replace

from engine.fit.layout import Layout
from engine.fit.memory.graph import PIPELINE_COPIES, Stage, Work, buffer_bytes
from engine.fit.memory.kv import cache_bytes, cache_of
from engine.fit.memory.parts import Layer, Parts
from engine.protocol.load import CacheType, ExpertGroup, SplitMode

_NUMBER = 4
# Below that many tokens weights stay where they are (GGML_OP_OFFLOAD_MIN_BATCH).
_FETCHING_TOKENS = 32
_NO_GROUPS: frozenset[ExpertGroup] = frozenset()


class Computing:
    """The work of one layout, ready to be asked for each device."""

    def __init__(self, parts: Parts, layout: Layout) -> None:
        self._parts, self._layout = parts, layout
        self._shape = parts.shape
        self._in_ram = {one.layer: frozenset(one.groups) for one in layout.cpu_experts}
        self._host_layers = max(0, parts.shape.layers + 1 - layout.gpu_layers)
        self._cache = cache_of(layout)
        self._fetches = self._cache.micro_batch_tokens >= _FETCHING_TOKENS
        self._copies = PIPELINE_COPIES if self._is_pipelined() else 1

    def card_bytes(self, layers: Sequence[int], *, first: bool, last: bool) -> int:
        """The buffer of a card that holds these layers. The first one also computes prompts
        with all the weights in RAM, which visit it."""
        work = self._work(on_card=True, follows=not first)
        stages = [self._stage(layer, away=not first) for layer in layers]
        if first and self._fetches:
            stages = [self._visiting(layer) for layer in self._layers_in_ram()] + stages
        if not stages and not last:
            return 0
        own = buffer_bytes(self._shape, tuple(stages), work, last=last)
        if first and self._fetches:
            # Attention happens on the card too, with a layer's whole cache brought there.
            own += max(map(self._cache_bytes, self._layers_in_ram()), default=0)
        if not first or not self._fetches or not self._in_ram:
            return own
        pairs = {layer: self._pair(layer) for layer in self._in_ram}
        others = [pair for layer, pair in pairs.items() if layer not in layers]
        if others:
            own = max(own, max(others) + work.tokens * self._shape.embedding * _NUMBER)
        if self._shape.recurrent is None:
            return own
        # Between the pieces of linear attention a second one often finds no room of the first's:
        # half of it splits the difference.
        bare = [replace(stage, staged_experts=0, staged_down=0) for stage in stages]
        below = buffer_bytes(self._shape, tuple(bare), work, last=last)
        largest = self._largest_in_ram()
        return max(own, below + (max(pairs.values()) + largest) // 2)

    def _cache_bytes(self, layer: int) -> int:
        return cache_bytes(self._shape, layer, self._cache)

    def _layers_in_ram(self) -> range:
        return range(min(self._host_layers, len(self._parts.layers)))

    def _largest_in_ram(self) -> int:
        layers = self._parts.layers
        return max(_largest(layers[layer], groups) for layer, groups in self._in_ram.items())

    def _pair(self, layer: int) -> int:
        """Two of a layer's expert tensors: what of other cards' layers lies on the first one."""
        in_ram = self._in_ram.get(layer, _NO_GROUPS)
        experts = self._parts.layers[layer].experts.items()
        sizes = sorted(one.largest for group, one in experts if group in in_ram)
        return sum(sizes[-2:])

    def split_card_bytes(self) -> int:
        """Every card's buffer in tensor split: llama.cpp sizes it for undivided tensors."""
        layers = range(self._host_layers, len(self._parts.layers))
        return self.card_bytes(layers, first=True, last=self._layout.gpu_layers > 0)

    def host_bytes(self) -> int:
        """The processor's buffer, with the inputs; and the output buffer."""
        shape, work = self._shape, self._work(on_card=False)
        output = shape.vocabulary * self._layout.streams * _NUMBER
        if not self._layout.cards:
            stages = tuple(
                Stage(layer=layer, experts=bool(self._parts.layers[layer].experts))
                for layer in range(len(self._parts.layers))
            )
            return output + buffer_bytes(shape, stages, work, last=True)
        masks = work.cells + (work.window_cells if shape.window else 0)
        inputs = work.tokens * (shape.embedding * _NUMBER + masks * 2 + 6 * _NUMBER)
        entry = work.tokens * shape.embedding * _NUMBER
        return output + inputs * self._copies + entry

    def _is_pipelined(self) -> bool:
        layout = self._layout
        return (
            len(layout.cards) > 1
            and layout.split_mode is SplitMode.LAYER
            and layout.gpu_layers > self._parts.shape.layers
            and not layout.cpu_experts
        )

    def _work(self, *, on_card: bool, follows: bool = False) -> Work:
        layout, shape, cache = self._layout, self._shape, self._cache
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
            follows=follows,
        )

    def _stage(self, layer: int, *, away: bool) -> Stage:
        """A layer on a card; away: were experts of it in RAM, another card would compute them."""
        one = self._parts.layers[layer]
        in_ram = self._in_ram.get(layer, _NO_GROUPS) if self._fetches else _NO_GROUPS
        experts = bool(one.experts)
        if away and in_ram:
            return Stage(layer=layer, experts=experts, away=True)
        return Stage(
            layer=layer,
            experts=experts,
            staged_experts=_largest(one, in_ram - {ExpertGroup.DOWN}),
            staged_down=_largest(one, in_ram & {ExpertGroup.DOWN}),
        )

    def _visiting(self, layer: int) -> Stage:
        one = self._parts.layers[layer]
        every = frozenset(ExpertGroup)
        return Stage(
            layer=layer,
            experts=bool(one.experts),
            staged=one.dense.largest,
            staged_experts=_largest(one, every - {ExpertGroup.DOWN}),
            staged_down=_largest(one, every & {ExpertGroup.DOWN}),
        )


def _largest(layer: Layer, groups: frozenset[ExpertGroup]) -> int:
    return max(
        (weights.largest for group, weights in layer.experts.items() if group in groups), default=0
    )
