"""Rows of logits are cut down where the model's last layer runs, at the end of a step's graph.

What llama.cpp makes possible: a sampler may add nodes of its own to that graph, and what they leave
is copied to the host in the place of the logits. All rows of a step share six nodes: a card copies
out, and a processor looks at, a hundredth of the vocabulary. Split mode tensor has none of it.
Where all logits of a slot are wanted (by grammars, penalties, log probabilities) it does without:
a change costs the next step a new plan of the whole computation, some milliseconds.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.worker.ggml import F32, Ggml, InitParams, Tensor
from engine.worker.shortlist import KEPT, Left, cut

_GREATEST = 0  # ggml_op_pool
_DESCENDING = 1  # ggml_sort_order
_TENSORS = 32  # more than are made for a row
_FLOAT_BYTES = 4

_Three = tuple[int, int, int]  # tensors of logits, bundles, parts


def _by_address(function: Any) -> Callable[[Any, int], int]:
    """The same function, but its answer is an address."""
    kind = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)
    return kind(ctypes.cast(function, ctypes.c_void_p).value or 0)


# Of logits, bundles and parts: what llama.cpp calls so.
_LEFT_OF = tuple(
    map(
        _by_address,
        (
            binding.llama_get_sampled_logits_ith,
            binding.llama_get_sampled_candidates_ith,
            binding.llama_get_sampled_probs_ith,
        ),
    )
)


@dataclass(slots=True)
class Nodes:
    """What was added to one graph: all that computes, what is left of all rows [any, rows], and
    what is left of each row that was asked for, by its offset."""

    all: list[int]
    left: _Three
    width: int
    rows: dict[int, _Three] = field(default_factory=dict[int, _Three])


class Cutter:
    """Which slots' rows are cut down, and what is left of them after a step."""

    def __init__(self, vocabulary: int, slots: int, params: Any) -> None:
        """All slots of the context that these params are for begin so, if its device can do it."""
        self._vocabulary = vocabulary
        self._cut = cut(vocabulary)
        self._able = self._cut is not None
        self._ggml = Ggml()
        self._graph: Nodes | None = None
        self._interface = self._sampler()
        self._lefts: dict[tuple[int, ...], Left] = {}  # making views takes longer than their use
        self._chains = {slot: self._chain() for slot in range(slots) if self._able}
        # Set later, they would cost the first step the plan of another computation.
        self._seats = (binding.llama_sampler_seq_config * len(self._chains))(
            *((slot, ctypes.addressof(chain.contents)) for slot, chain in self._chains.items())
        )
        params.samplers, params.n_samplers = self._seats, len(self._seats)
        self._context: Any = None

    def attach(self, context: Any) -> None:
        """That llama_context was made."""
        self._context = context
        if not self._able:
            for slot in tuple(self._chains):
                self._release(slot)

    def seat(self, slot: int, *, short: bool) -> None:
        """From the next step on, that slot's rows are cut down or not."""
        if not self._able or short == self.holds(slot):
            return
        if short:
            self._chains[slot] = self._chain()
            binding.llama_set_sampler(self._context, slot, self._chains[slot])
        else:
            self._release(slot)

    def holds(self, slot: int) -> bool:
        """Whether the slot's rows are cut down."""
        return slot in self._chains

    def left(self, count: int, index: int, number: int) -> Left:
        """What the step left of all its `count` rows of logits.

        Only rows of slots that are held are true; `number` is one of them, after the batch's token
        `index`.
        """
        assert self._cut is not None, "a slot is held"
        before = number * self._vocabulary * _FLOAT_BYTES
        logits, bundles, parts = (ask(self._context, index) - before for ask in _LEFT_OF)
        key = logits, bundles, parts, count
        left = self._lefts.get(key)
        if left is None:
            left = self._lefts[key] = Left(
                self._cut,
                self._view(logits, count)[:, : self._cut.width],
                self._view(bundles, count)[:, :KEPT].view(np.int32),
                self._view(parts, count)[:, :KEPT].view(np.int32),
            )
        return left

    def free(self) -> None:
        """Give its memory back, after the context's."""
        for chain in self._chains.values():
            binding.llama_sampler_free(chain)
        self._chains.clear()

    def _view(self, address: int, count: int) -> NDArray[np.float32]:
        """The rows [count, vocabulary] that begin there."""
        pointer = ctypes.cast(address, ctypes.POINTER(ctypes.c_float))  # pyright: ignore[reportArgumentType]
        return np.ctypeslib.as_array(pointer, (count * self._vocabulary,)).reshape(count, -1)

    def _release(self, slot: int) -> None:
        binding.llama_set_sampler(self._context, slot, None)  # pyright: ignore[reportArgumentType]
        binding.llama_sampler_free(self._chains.pop(slot))

    def _chain(self) -> Any:
        params = binding.llama_sampler_chain_default_params()
        chain: Any = binding.llama_sampler_chain_init(params)
        make: Any = binding.llama_sampler_init  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        binding.llama_sampler_chain_add(chain, make(ctypes.pointer(self._interface), None))
        return chain

    # --- what llama.cpp calls ------------------------------------------------------------------

    def _sampler(self) -> Any:
        """Its functions, which live as long as this."""
        interface: Any = binding.llama_sampler_i()
        calls: dict[str, Callable[..., Any]] = {
            "apply": lambda *_: None,
            "backend_init": self._can,
            "backend_apply": self._apply,
            "backend_reset": self._reset,
        }
        kinds: Any = dict(binding.llama_sampler_i._fields_)  # pyright: ignore[reportCallIssue, reportArgumentType]
        for name, call in calls.items():
            setattr(interface, name, kinds[name](call))
        return interface

    def _can(self, _sampler: Any, buffer_type: int, _outputs: int) -> bool:
        """Whether the device that has the last layer can compute such nodes."""
        ggml = self._ggml
        device = ggml.ggml_backend_buft_get_device(buffer_type)
        scratch = ggml.ggml_init(InitParams(ggml.ggml_tensor_overhead() * _TENSORS, None, True))  # noqa: FBT003
        try:
            rows = ggml.ggml_new_tensor_2d(scratch, F32, self._vocabulary, 2)
            nodes = grow(ggml, scratch, rows).all
            # A processor's buffers are of no device, and it can compute all.
            self._able = not device or all(
                ggml.ggml_backend_dev_supports_op(device, node) for node in nodes
            )
        finally:
            ggml.ggml_free(scratch)
        return self._able

    def _reset(self, _sampler: Any) -> None:
        """A graph is about to be made."""
        self._graph = None

    def _apply(self, _sampler: Any, scratch: int, _graph: int, pointer: Any) -> None:
        """Leave what matters of one row."""
        data = pointer.contents
        row = Tensor.from_address(data.logits)
        graph = self._graph
        if graph is None:
            graph = self._graph = grow(self._ggml, scratch, _all_rows(data.logits))
        offset: int = row.view_offs
        left = graph.rows.get(offset)
        if left is None:
            left = graph.rows[offset] = self._row(scratch, graph, offset // row.nb[1])
        data.logits, data.candidates, data.probs = left

    def _row(self, scratch: int, graph: Nodes, number: int) -> _Three:
        logits, bundles, parts = (
            self._ggml.ggml_view_1d(
                scratch, tensor, count, number * Tensor.from_address(tensor).nb[1]
            )
            for tensor, count in zip(graph.left, (graph.width, KEPT, KEPT), strict=True)
        )
        return logits, bundles, parts


def grow(ggml: Ggml, scratch: int, rows: int) -> Nodes:
    """Tensors that cut logits [vocabulary, rows] down, in the order of `shortlist`."""
    vocabulary, count, *_ = Tensor.from_address(rows).ne
    how = cut(vocabulary)
    assert how is not None, "else no chain is made"
    row_bytes = vocabulary * _FLOAT_BYTES

    def greatest(of: int, each: int) -> int:
        return ggml.ggml_pool_2d(scratch, of, _GREATEST, each, 1, each, 1, 0.0, 0.0)

    def likeliest(order: int, among: int) -> int:
        first = ggml.ggml_view_2d(scratch, order, KEPT, count, Tensor.from_address(order).nb[1], 0)
        return ggml.ggml_get_rows(scratch, among, first)

    # In two steps: one would have each thread of a card read that many on its own.
    of_parts = greatest(rows, how.part)
    of_bundles = greatest(of_parts, how.bundle // how.part)
    bundles = ggml.ggml_argsort(scratch, of_bundles, _DESCENDING)
    apart = ggml.ggml_view_3d(
        scratch, rows, how.bundle, how.bundles, count, how.bundle * _FLOAT_BYTES, row_bytes, 0
    )
    kept = likeliest(bundles, apart)
    kept = ggml.ggml_reshape_2d(scratch, kept, KEPT * how.bundle, count)
    finer = greatest(kept, how.part)
    parts = ggml.ggml_argsort(scratch, finer, _DESCENDING)
    apart = ggml.ggml_reshape_3d(scratch, kept, how.part, KEPT * how.bundle // how.part, count)
    left = likeliest(parts, apart)
    left = ggml.ggml_reshape_2d(scratch, left, KEPT * how.part, count)
    nodes = [of_parts, of_bundles, bundles, kept, finer, parts, left]
    if how.rest:
        start = how.bundles * how.bundle * _FLOAT_BYTES
        rest = ggml.ggml_view_2d(scratch, rows, how.rest, count, row_bytes, start)
        left = ggml.ggml_concat(scratch, left, rest, 0)
        nodes.append(left)
    return Nodes(all=nodes, left=(left, bundles, parts), width=how.width)


def _all_rows(row: int) -> int:
    """The logits that a row is a view of; itself, where llama.cpp but counts our nodes."""
    view = Tensor.from_address(row)
    if not view.view_src:
        return row
    # Its source lacks one row, which was added for graphs that have none.
    source = Tensor.from_address(view.view_src).src[0]
    return source if source and Tensor.from_address(source).ne[1] else view.view_src
