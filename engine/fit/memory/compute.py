"""Compute buffers of a layout, by device; and the host's output buffer.

Sources in llama.cpp: sched_reserve and output_reserve in llama-context.cpp; ggml-backend.cpp for
the pipeline's copies and the weights that are fetched to a card for a prompt.
"""

from engine.fit.layout import Layout
from engine.fit.memory.buffers import telling
from engine.fit.memory.graph import PIPELINE_COPIES, Work
from engine.fit.memory.kv import cache_of
from engine.fit.memory.parts import Parts
from engine.fit.memory.sizes import InRam, Sizes, largest
from engine.protocol.load import CacheType, Purpose, SplitMode

_NUMBER = 4
_SAMPLING_PARTS = 4  # logits, and as much for what samplers may leave: logits, shares, tokens
# Below that many tokens weights stay where they are (GGML_OP_OFFLOAD_MIN_BATCH).
_FETCHING_TOKENS = 32


class Computing:
    """The work of one layout, ready to be asked for each device. `in_ram` are the expert
    tensors that stay there."""

    def __init__(self, parts: Parts, layout: Layout, in_ram: InRam) -> None:
        self._parts, self._layout = parts, layout
        self._shape = parts.shape
        self._sizes = parts.once(Sizes)
        self._in_ram = in_ram
        self._host_layers = max(0, parts.shape.layers + 1 - layout.gpu_layers)
        self._cache = cache_of(layout)
        self._fetches = self._cache.micro_batch_tokens >= _FETCHING_TOKENS
        self._copies = PIPELINE_COPIES if self._is_pipelined() else 1
        self._works: dict[tuple[bool, bool], Work] = {}

    def card_bytes(self, layers: range, *, first: bool, last: bool) -> int:
        """The buffer of a card that holds these layers. The first one also computes prompts
        with all the weights in RAM, which visit it."""
        work = self._work(on_card=True, follows=not first)
        sizes = self._sizes
        in_ram = self._in_ram if self._fetches else sizes.in_ram(())
        visiting = len(self._layers_in_ram()) if first and self._fetches else 0
        row = sizes.row(layers, visiting, in_ram, away=not first)
        if not row.stages and not last:
            return 0
        own = sizes.drawn(row, work, last=last)
        if first and self._fetches:
            # Attention happens on the card too, with a layer's whole cache brought there.
            own += self._largest_cache()
        if not first or not in_ram.groups:
            return own
        if row.beside:
            own = max(own, row.beside + work.tokens * self._shape.embedding * _NUMBER)
        if self._shape.recurrent is None:
            return own
        # Between the pieces of linear attention a second one often finds no room of the first's:
        # half of it splits the difference.
        bare = telling([sizes.bare(stage) for stage in row.stages])
        below = sizes.buffers.bytes_of(bare, work, last=last)
        pair = max(sizes.pair(layer, groups) for layer, groups in in_ram.groups.items())
        return max(own, below + (pair + self._largest_in_ram()) // 2)

    def _largest_cache(self) -> int:
        """Of a layer in RAM."""
        sums = self._sizes.caches(self._cache, on_card=False)
        return max((sums[at + 1] - sums[at] for at in self._layers_in_ram()), default=0)

    def _layers_in_ram(self) -> range:
        return range(min(self._host_layers, len(self._parts.layers)))

    def _largest_in_ram(self) -> int:
        layers = self._parts.layers
        return max(largest(layers[layer], groups) for layer, groups in self._in_ram.groups.items())

    def split_card_bytes(self) -> int:
        """Every card's buffer in tensor split: llama.cpp sizes it for undivided tensors."""
        layers = range(self._host_layers, len(self._parts.layers))
        return self.card_bytes(layers, first=True, last=self._layout.gpu_layers > 0)

    def host_bytes(self) -> int:
        """The processor's buffer, with the inputs; and the output buffer."""
        shape, work = self._shape, self._work(on_card=False)
        output = shape.vocabulary * self._outputs * _NUMBER
        if self._layout.shortlists and shape.purpose is Purpose.TEXT:
            output *= _SAMPLING_PARTS
        if not self._layout.cards:
            layers = range(len(self._parts.layers))
            row = self._sizes.row(layers, 0, self._sizes.in_ram(()), away=False)
            return output + self._sizes.drawn(row, work, last=True)
        masks = work.cells + (work.window_cells if shape.window else 0)
        inputs = work.tokens * (shape.embedding * _NUMBER + masks * 2 + 6 * _NUMBER)
        entry = work.tokens * shape.embedding * _NUMBER
        return output + inputs * self._copies + entry

    @property
    def _outputs(self) -> int:
        """Tokens with an output at once: all, where a decoder gives vectors; encoders have none."""
        if self._shape.purpose is Purpose.TEXT:
            return self._layout.outputs
        return self._cache.micro_batch_tokens if self._shape.kv_layers else 1

    def _is_pipelined(self) -> bool:
        layout = self._layout
        return (
            len(layout.cards) > 1
            and layout.split_mode is SplitMode.LAYER
            and layout.gpu_layers > self._parts.shape.layers
            and not layout.cpu_experts
        )

    def _work(self, *, on_card: bool, follows: bool = False) -> Work:
        known = self._works.get((on_card, follows))
        if known is None:
            known = self._works[on_card, follows] = self._made_work(on_card, follows)
        return known

    def _made_work(self, on_card: bool, follows: bool) -> Work:  # noqa: FBT001 (a key)
        layout, shape, cache = self._layout, self._shape, self._cache
        cells = cache.stream_cells
        windowed = 0
        if shape.window is not None:
            windowed = cache.window_cells(shape.window.tokens, unified=cache.unified)
        tokens = min(cache.micro_batch_tokens, cells * cache.rows)
        tokens = -(-tokens // layout.streams) * layout.streams
        return Work(
            tokens=tokens,
            outputs=min(self._outputs, tokens),
            streams=layout.streams,
            cells=cells,
            window_cells=windowed,
            cached_cells=cells * cache.rows,
            cached_window_cells=windowed * cache.rows,
            rotated=layout.cache_type is not CacheType.F16,
            on_card=on_card,
            copies=self._copies,
            follows=follows and self._copies > 1,
        )
