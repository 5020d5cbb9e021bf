"""A model's computation as tensors with sizes: what its compute buffer must hold.

Sources in llama.cpp: src/models/*.cpp and llama-graph.cpp (build_attn, build_ffn, build_moe_ffn)
for the nodes and their order; ggml-backend.cpp (split_graph) for the copies of what comes from
another device; ggml-cuda.cu (graph_optimize, get_alloc_size) for what a card adds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.fit.memory.arena import Graph, Piece, Tensor, started
from engine.gguf.shape import Shape

_NUMBER = 4
_INDEX = 8  # an I64
_HALF = 2
_CARD_ALIGNMENT, _HOST_ALIGNMENT = 128, 32
_ROTATION = 64 * 64 * _NUMBER  # the Hadamard matrix of quantized caches
PIPELINE_COPIES = 4  # GGML_SCHED_MAX_COPIES
_SCANNED = frozenset(["falcon-h1", "granitehybrid", "mamba2", "nemotron_h", "nemotron_h_moe"])
_UNGATED = frozenset(
    [
        *("bloom", "codeshell", "falcon", "gpt2", "gptj", "gptneox", "jais2", "mpt"),
        *("nemotron", "nemotron_h", "nemotron_h_moe", "phi2", "starcoder", "starcoder2"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One micro-batch on one device.

    `cells` and `window_cells` are those one token may look at; `cached_cells` and
    `cached_window_cells` those of all streams. `copies` is above 1 where micro-batches follow each
    other through several cards, of which this one `follows` another. `rotated` tells that the cache
    is quantized.
    """

    tokens: int
    outputs: int
    streams: int
    cells: int
    window_cells: int
    cached_cells: int
    cached_window_cells: int
    rotated: bool
    on_card: bool
    copies: int = 1
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A layer to compute: `experts` tells that it has routed ones. `staged…` are bytes that come
    from RAM for the time of their use: the largest of its matrices, and its experts'
    (`staged_down`: the last ones). `away` tells that its experts are computed on another card."""

    layer: int
    experts: bool
    staged: int = 0
    staged_experts: int = 0
    staged_down: int = 0
    away: bool = False


class Sketch:
    """One device's part of the graph, piece by piece: layers alike are drawn once."""

    def __init__(self, shape: Shape, work: Work) -> None:
        self._shape, self._work = shape, work
        self._graph = Graph(_CARD_ALIGNMENT if work.on_card else _HOST_ALIGNMENT)
        self._given_inputs: list[Tensor] = []
        self._rows = work.tokens
        self._width = shape.embedding
        self._entry = self._inputs()
        nodes = self._graph.taken()
        lasting = dict.fromkeys([self._entry, *self._given_inputs, *nodes])
        self._outside = {tensor: number for number, tensor in enumerate(lasting)}
        self._kept = sum(1 << number for one, number in self._outside.items() if one.kept)
        self._first = Piece(nodes, self._outside, self._entry)
        self._pieces: dict[tuple[Stage | None, bool], Piece] = {}

    def bytes_of(self, stages: Sequence[Stage], *, last: bool) -> int:
        """The compute buffer of a device that computes these layers, and the output if `last`."""
        final = len(stages) if last else 0
        pieces = [self._first]
        pieces += [
            self._piece(stage, is_final=number == final)
            for number, stage in enumerate(stages, start=1)
        ]
        if last:
            pieces.append(self._piece(None, is_final=bool(stages)))
        return self._peak(pieces)

    def _peak(self, pieces: Sequence[Piece]) -> int:
        """The most the buffer holds; what comes from outside a piece is freed where it is last
        read, and what a piece was handed at its end."""
        read = 0
        dying: list[int] = []
        for piece in reversed(pieces[1:]):
            dying.append(piece.reads & ~read & ~self._kept | 1)
            read |= piece.reads
        dying.append(self._first.reads & ~read & ~self._kept & ~1)
        dying.reverse()
        if self._entry.kept and len(dying) > 1:
            dying[1] &= ~1
        tensors = [*self._outside]
        met = dict.fromkeys(at for piece in pieces for at in piece.inputs)
        inputs = [(at, tensors[at].size) for at in met if tensors[at].is_input]
        state, most = started(inputs, len(tensors))
        for piece, ends in zip(pieces, dying, strict=True):
            state, peak = piece.after(state, ends)
            most = max(most, peak)
        return most

    def _piece(self, stage: Stage | None, *, is_final: bool) -> Piece:
        """A layer; or the output, which comes behind a final one or behind none."""
        known = self._pieces.get((stage, is_final))
        if known is not None:
            return known
        work = self._work
        self._rows = work.outputs if stage is None and is_final else work.tokens
        hidden = self._graph.given(self._width * self._rows * _NUMBER)
        if stage is None:
            self._rows = work.outputs
            out = self._made(self._shape.vocabulary, self._normed(hidden))
        else:
            out = self._layer(stage, hidden, is_final=is_final)
        piece = Piece(self._graph.taken(), {**self._outside, hidden: 0}, out)
        self._pieces[stage, is_final] = piece
        return piece

    def _inputs(self) -> Tensor:
        work, shape = self._work, self._shape
        tokens, windowed = work.tokens, shape.window is not None
        make = self._given if not work.on_card or work.copies > 1 else self._graph.made
        if not work.on_card:
            # The way for embeddings in place of tokens is part of the graph, and never freed.
            codes, other = make(tokens * _NUMBER), make(self._width * tokens * _NUMBER)
            other.kept = True
            self._graph.stored(other)
            entry = self._made(self._width, codes)
        else:
            entry = make(self._width * tokens * _NUMBER)
            if work.follows and work.copies > 1:
                # The sum that ends a layer is done on the card of the next one.
                entry = self._made(self._width, entry, make(self._width * tokens * _NUMBER))
        self._positions = make(tokens * _NUMBER)
        self._places = self._sets(make, 2)
        self._mask = make(work.cells * tokens * _HALF)
        self._outputs = make(work.outputs * _NUMBER)
        self._window_places, self._window_mask = self._places, self._mask
        if windowed:
            self._window_places = self._sets(make, 2)
            self._window_mask = make(work.window_cells * tokens * _HALF)
        self._further_inputs()
        count = 2 if work.rotated else 0
        self._rotations = [make(_ROTATION) for _ in range(count)]
        return entry

    def _further_inputs(self) -> None:
        """What stays from the first layer to the last in some architectures."""
        shape, work = self._shape, self._work
        kept = shape.layer_input * shape.layers
        if shape.architecture == "gemma3n":
            kept = 3 * kept + 4 * self._width  # on the way there, and four hidden states
        size = kept * work.tokens * _NUMBER
        if shape.compress_ratios:
            # Four hidden states being mixed, and masks of the compressed cells.
            size = work.tokens * (7 * self._width * _NUMBER + work.cells * _HALF)
        if size:
            held = self._graph.made(size)
            held.kept = True

    def _sets(self, make: Callable[[int], Tensor], count: int) -> list[Tensor]:
        return [make(self._work.tokens * _INDEX) for _ in range(count)]

    def _given(self, size: int) -> Tensor:
        """An input; in as many copies, never freed, as micro-batches are under way."""
        inputs = [self._graph.given(size) for _ in range(self._work.copies)]
        self._given_inputs += inputs
        if self._work.copies > 1:
            for kept in inputs:
                kept.kept = True
            self._graph.stored(*inputs)
        return inputs[0]

    def _made(self, width: int, *sources: Tensor, inplace: bool = False, more: int = 0) -> Tensor:
        size = width * self._rows * _NUMBER + more
        return self._graph.made(size, *sources, inplace=inplace)

    def _normed(self, source: Tensor) -> Tensor:
        return self._made(self._width, self._made(self._width, source, inplace=True), inplace=True)

    def _product(self, width: int, staged: int, *sources: Tensor) -> Tensor:
        """A multiplication with a matrix, which may have to be fetched first."""
        return self._made(width, *self._fetched(staged, *sources))

    def _fetched(self, staged: int, *sources: Tensor) -> tuple[Tensor, ...]:
        """The sources, with what comes from RAM for this one use."""
        return (*sources, self._graph.made(staged)) if staged else sources

    def _layer(self, stage: Stage, hidden: Tensor, *, is_final: bool) -> Tensor:
        shape, recurrent = self._shape, self._shape.recurrent
        normed = self._normed(hidden)
        if recurrent is not None and recurrent.layers[stage.layer]:
            mixed = self._mixed(normed, stage)
            if recurrent.beside_attention:
                beside = self._attention(normed, stage)
                mixed = self._made(self._width, mixed, beside, inplace=True)
        elif shape.latent is not None:
            mixed = self._latent(normed, stage)
        elif shape.kv_heads[stage.layer]:
            mixed = self._attention(normed, stage)
        else:
            mixed = normed
        if is_final:
            self._rows = self._work.outputs
            mixed = self._made(self._width, mixed, self._outputs)
            hidden = self._made(self._width, hidden, self._outputs)
        middle = self._made(self._width, mixed, hidden, inplace=True)
        after = self._normed(middle)
        moved = self._experts(after, stage) if stage.experts else self._forward(after, stage)
        return self._made(self._width, moved, middle, inplace=True)

    def _attention(self, normed: Tensor, stage: Stage) -> Tensor:
        shape, work, window = self._shape, self._work, self._shape.window
        windowed = window is not None and window.layers[stage.layer]
        key, value = shape.key_length, shape.value_length
        if window is not None and windowed:
            key, value = window.key_length, window.value_length
        heads, kv_heads = shape.heads[stage.layer], shape.kv_heads[stage.layer]
        mask = self._window_mask if windowed else self._mask
        places = self._window_places if windowed else self._places
        queries = self._product(heads * key, stage.staged, normed)
        queries = self._made(heads * key, queries, self._positions)
        queries = self._turned(heads * key, queries, 0)
        values = self._turned(kv_heads * value, self._product(kv_heads * value, 0, normed), 1)
        keys = self._product(kv_heads * key, stage.staged, normed)
        keys = self._made(kv_heads * key, keys, self._positions)
        keys = self._turned(kv_heads * key, keys, 0)
        self._graph.stored(keys, places[0])
        self._graph.stored(values, places[1])
        more = 0
        if work.rotated and work.on_card:
            cells = work.cached_window_cells if windowed else work.cached_cells
            more = cells * kv_heads * (key + value) * _HALF
        if shape.architecture == "minimax-m3" and shape.indexer is not None:
            # Blocks are scored one by one, without the fused attention.
            scored = self._made(shape.indexer.heads * work.cells, mask)
            mask = self._made(work.cells, self._made(shape.indexer.heads * work.cells, scored))
        attended = self._made(heads * value, queries, mask, more=more)
        return self._product(self._width, stage.staged, self._turned(heads * value, attended, 1))

    def _turned(self, width: int, source: Tensor, number: int) -> Tensor:
        if not self._work.rotated:
            return source
        return self._made(width, source, self._rotations[number])

    def _latent(self, normed: Tensor, stage: Stage) -> Tensor:
        """Source: the graph in src/models/deepseek2.cpp, keys and queries kept compressed."""
        shape, work, latent = self._shape, self._work, self._shape.latent
        assert latent is not None
        heads, rank, length = shape.heads[stage.layer], latent.kv_rank, shape.key_length
        rope = max(0, length - rank)
        low = normed
        if latent.q_rank:
            low = self._product(latent.q_rank, stage.staged, normed)
            low = self._made(latent.q_rank, low, inplace=True)
            low = self._made(latent.q_rank, low, inplace=True)
        full = self._product(heads * latent.key_length, stage.staged, low)
        turned = self._made(heads * rope, full, self._positions)
        absorbed = self._made(heads * rank, full)
        queries = self._made(heads * length, absorbed, turned)
        both = self._product(length, stage.staged, normed)
        compressed = self._made(rank, both)
        compressed = self._made(rank, compressed, inplace=True)
        pointed = self._made(rope, both, self._positions)
        keys = self._made(length, compressed, pointed)
        queries = self._turned(heads * length, queries, 0)
        keys = self._turned(length, keys, 0)
        self._graph.stored(keys, self._places[0])
        more = 0
        if work.rotated and work.on_card:
            more = work.cached_cells * length * _HALF
        chosen = self._chosen(low)
        attended = self._made(heads * rank, queries, chosen, more=more)
        widened = self._made(heads * latent.value_length, attended)
        joined = self._made(heads * latent.value_length, widened)
        return self._product(self._width, stage.staged, joined)

    def _chosen(self, low: Tensor) -> Tensor:
        """The mask; where an indexer chooses what may be seen, one made of its scores."""
        indexer, work = self._shape.indexer, self._work
        if indexer is None:
            return self._mask
        asked = self._made(indexer.heads * indexer.key_length, low)
        scores = self._made(work.cells, asked, self._mask)
        order = self._made(work.cells, scores)
        return self._graph.made(work.cells * self._rows * _HALF, order, self._mask)

    def _mixed(self, normed: Tensor, stage: Stage) -> Tensor:
        """Linear attention and its kin: projections, a short convolution, the state's update."""
        recurrent = self._shape.recurrent
        assert recurrent is not None
        # Four taps are usual: three of them are remembered.
        channels = max(recurrent.rolling // 3, self._width)
        if "rwkv" in self._shape.architecture:
            channels = 7 * self._width
        state = recurrent.state * self._work.streams * _NUMBER
        through = self._product(channels, stage.staged, normed)
        gate = self._product(channels // 2, stage.staged, normed)
        window = self._made(channels, through, more=recurrent.rolling * self._work.streams * 4)
        folded = self._made(channels, window)
        parts = self._made(channels, folded)
        if self._shape.architecture == "minimax-01":
            # Each token's decay towards each other one.
            decay = 3 * self._shape.heads[0] * self._rows
            parts = self._made(channels, self._made(decay, parts), parts)
        if self._shape.architecture in _SCANNED:
            parts = self._made(channels, self._made(2 * channels, parts), parts)
        previous = self._graph.made(state)
        updated = self._made(channels, parts, previous, more=state)
        shaped = self._made(channels // 2, updated)
        gated = self._made(channels // 2, shaped, gate, inplace=True)
        return self._product(self._width, stage.staged, gated)

    def _forward(self, normed: Tensor, stage: Stage, width: int = 0) -> Tensor:
        """The dense feed-forward; a width of its own for shared experts."""
        shape = self._shape
        wide = width or shape.feed_forward
        if not wide:
            return normed
        gate = self._product(wide, stage.staged, normed)
        if shape.architecture in _UNGATED:
            acted = self._made(wide, gate, inplace=True)
        else:
            up = self._product(wide, stage.staged, normed)
            acted = self._made(wide, gate, up)
        return self._product(self._width, stage.staged, acted)

    def _experts(self, normed: Tensor, stage: Stage) -> Tensor:
        shape, experts, whole_input = self._shape, self._shape.experts, normed
        assert experts is not None
        used, wide = experts.used, experts.feed_forward or shape.feed_forward
        scores = self._made(experts.count, normed)
        scores = self._made(experts.count, scores, inplace=True)
        biased = self._made(experts.count, scores) if experts.shared else scores
        order = self._made(experts.count, biased)
        weights = self._made(used, scores, order)
        whole = self._made(1, self._made(1, weights), inplace=True)
        weights = self._made(used, weights, whole, inplace=True)
        if shape.architecture == "llama4":
            normed = self._made(self._width * used, normed, weights)
        if stage.away:
            answers = self._made(self._width * used, order)
        else:
            gate = self._product(wide * used, stage.staged_experts, normed, order)
            up = self._product(wide * used, stage.staged_experts, normed, order)
            acted = self._made(wide * used, gate, up)
            answers = self._product(self._width * used, stage.staged_down, acted, order)
        # A card fuses what follows, and keeps both until the sum is there.
        fused = self._work.on_card and used > 1
        weighted = self._made(self._width * used, answers, weights, inplace=not fused)
        total = self._made(self._width, weighted, weighted)
        if used > 2:  # one sum after the other in the same place: as one
            final = (answers, weights) if fused else ()
            total = self._made(self._width, total, weighted, *final, inplace=True)
        if not experts.shared:
            return total
        beside = self._forward(whole_input, stage, experts.shared * wide)
        return self._made(self._width, total, beside, inplace=True)
