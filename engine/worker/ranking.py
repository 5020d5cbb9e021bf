"""The likeliest tokens of many rows of logits at once, on all of the processor's threads."""

from typing import NamedTuple

import numpy as np

from engine.worker.candidates import Logits, Ranks
from engine.worker.ggml import CPU, F32, Ggml, InitParams

_ALIGNMENT = 64  # bytes; ggml ends the process where a buffer has less than 32


class _Plan(NamedTuple):
    """What computes one shape: ggml's own structures, and where it puts the tokens."""

    scratch: int
    graph: int
    buffers: tuple[int, int]
    ranks: Ranks


class Ranker:
    """ggml's top-k on the processor: a heap over each row, rows shared out over threads in C.

    Python's threads would wait for each other's lock between any two calls of numpy: on 16 cores
    they find the likeliest of 32 rows of 152,064 in the time that two of them need.
    """

    def __init__(self, threads: int) -> None:
        self._ggml = Ggml()
        processor = self._ggml.ggml_backend_dev_by_type(CPU)
        self._processor = processor
        self._backend = processor and self._ggml.ggml_backend_dev_init(processor, None)
        self._threads = threads
        self._planned: tuple[int, int, int] | None = None
        self._plan: _Plan | None = None

    def rank(self, rows: Logits, keep: int) -> Ranks | None:
        """The `keep` likeliest of each row, [rows, keep], in no order, until the next call.

        None where these rows are not laid out as ggml needs them, or it cannot compute.
        """
        address: int = rows.ctypes.data
        if not self._backend or address % _ALIGNMENT or not rows.flags.c_contiguous:
            return None
        wanted = address, len(rows), keep
        if self._plan is None or wanted != self._planned:
            self._forget()
            self._plan, self._planned = self._made(rows, keep), wanted
        status = self._ggml.ggml_backend_graph_compute(self._backend, self._plan.graph)
        return self._plan.ranks if status == 0 else None

    def _forget(self) -> None:
        if self._plan is not None:
            for buffer in self._plan.buffers:
                self._ggml.ggml_backend_buffer_free(buffer)
            self._ggml.ggml_free(self._plan.scratch)
            self._plan = None

    def _made(self, rows: Logits, keep: int) -> _Plan:
        ggml = self._ggml
        # No more threads than end as soon: each more would have to be waited for.
        rows_each = -(-len(rows) // self._threads)
        ggml.use_threads(self._processor, self._backend, -(-len(rows) // rows_each))
        room = ggml.ggml_tensor_overhead() * 2 + ggml.ggml_graph_overhead_custom(8, False)  # noqa: FBT003
        scratch = ggml.ggml_init(InitParams(room, None, True))  # noqa: FBT003
        logits = ggml.ggml_new_tensor_2d(scratch, F32, rows.shape[1], len(rows))
        top = ggml.ggml_top_k(scratch, logits, keep)
        graph = ggml.ggml_new_graph_custom(scratch, 8, False)  # noqa: FBT003
        ggml.ggml_build_forward_expand(graph, top)
        ranks = _aligned(len(rows), keep)
        return _Plan(
            scratch=scratch,
            graph=graph,
            buffers=(ggml.lend(logits, rows), ggml.lend(top, ranks)),
            ranks=ranks,
        )


def _aligned(rows: int, columns: int) -> Ranks:
    whole = np.empty(rows * columns * 4 + _ALIGNMENT, np.uint8)
    start = -whole.ctypes.data % _ALIGNMENT
    return whole[start : start + rows * columns * 4].view(np.int32).reshape(rows, columns)
