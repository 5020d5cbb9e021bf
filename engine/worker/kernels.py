"""How fast one device runs ggml's kernels: matrix times vector, times a block, and copies to it."""

import ctypes
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from engine.worker.ggml import CPU, F32, GPU, INTEGRATED_GPU, TILE_BYTES, Ggml, InitParams

TYPES = {
    "Q4_K": 12,
    "Q6_K": 14,
    "Q8_0": 8,
    "F16": 1,
    "Q5_K": 13,
    "Q3_K": 11,
    "Q2_K": 10,
    "Q4_0": 2,
    "IQ4_XS": 23,
    "IQ3_S": 21,
    "IQ2_XXS": 16,
    "IQ1_S": 19,
    "MXFP4": 39,
    "Q5_0": 6,
    "Q4_1": 3,
    "Q5_1": 7,
    "IQ4_NL": 20,
    "IQ3_XXS": 18,
    "IQ2_XS": 17,
    "IQ2_S": 22,
    "IQ1_M": 29,
    "BF16": 30,
    "F32": F32,
}
_PROMPT_TOKENS = 512
_LEAST_RUNS, _MOST_RUNS = 3, 200
_SMALL, _BIG, _BIG_PASSES = 2048, 8192, 8  # of flops: the matrices' width
_LONGEST_RUN_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One of ggml's devices."""

    pointer: int
    name: str
    description: str
    is_card: bool
    is_integrated: bool
    free_bytes: int
    memory_bytes: int


def devices(ggml: Ggml) -> list[Device]:
    """Cards in ggml's order, and the processor."""
    found: list[Device] = []
    for index in range(ggml.ggml_backend_dev_count()):
        pointer = ggml.ggml_backend_dev_get(index)
        kind = ggml.ggml_backend_dev_type(pointer)
        if kind not in {CPU, GPU, INTEGRATED_GPU}:
            continue
        free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
        ggml.ggml_backend_dev_memory(pointer, ctypes.byref(free), ctypes.byref(total))
        found.append(
            Device(
                pointer=pointer,
                name=ggml.ggml_backend_dev_name(pointer).decode("utf-8", "replace"),
                description=ggml.ggml_backend_dev_description(pointer).decode("utf-8", "replace"),
                is_card=kind != CPU,
                is_integrated=kind == INTEGRATED_GPU,
                free_bytes=free.value,
                memory_bytes=total.value,
            )
        )
    return found


def _operations(width: int) -> float:
    return 2.0 * width * width * _PROMPT_TOKENS


class CannotMeasure(Exception):
    """This device does not do that, or has no room for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """`count` matrices of that many columns (what a vector has) and rows, of one type.

    A run uses a `share` of them, the next one another, each `passes` times and in turn, so that
    no cache holds any. Short runs find a moment when nobody else computes.
    """

    kind: int
    columns: int
    rows: int
    count: int
    passes: int = 1
    shares: int = 1


class Bench:
    """One device with its backend; freed by `close`."""

    def __init__(self, ggml: Ggml, device: Device) -> None:
        self._ggml = ggml
        self._device = device
        self._backend = ggml.ggml_backend_dev_init(device.pointer, None)
        if not self._backend:
            raise CannotMeasure("the device could not be opened")

    def close(self) -> None:
        """Give its memory back."""
        self._ggml.ggml_backend_free(self._backend)

    def use_threads(self, count: int) -> None:
        """On how many threads a processor computes."""
        self._ggml.use_threads(self._device.pointer, self._backend, count)

    def read_rate(self, kind: int, total_bytes: int, seconds: float) -> float:
        """Bytes a second of matrices of that type, times a vector. Raises CannotMeasure."""
        matrices = self._sized(kind, total_bytes)
        return self._run_bytes(matrices) / self._run(matrices, 1, seconds)

    def read_rates(
        self, kind: int, total_bytes: int, threads: tuple[int, ...], seconds: float
    ) -> dict[int, float]:
        """The same by number of threads, over the same memory."""
        matrices = self._sized(kind, total_bytes)
        size = self._run_bytes(matrices)
        rates: dict[int, float] = {}

        def measured(run: Callable[[], None]) -> float:
            for count in threads:
                self.use_threads(count)
                rates[count] = size / typical_seconds(run, seconds)
            return 0.0

        self._with_graph(matrices, 1, measured)
        return rates

    def flops(self, kind: int, seconds: float) -> float:
        """Operations a second, of a prompt's block times a matrix. Raises CannotMeasure."""
        if not self._device.is_card:
            return self._flops(kind, _SMALL, 1, seconds)
        # A slow card, or a processor that plays one, would take minutes for big matrices.
        small = self._flops(kind, _SMALL // 2, 1, 0.0)
        slow = _operations(_BIG) * _BIG_PASSES > small * _LONGEST_RUN_SECONDS
        return small if slow else self._flops(kind, _BIG, _BIG_PASSES, seconds)

    def _flops(self, kind: int, width: int, passes: int, seconds: float) -> float:
        matrices = Matrices(kind=kind, columns=width, rows=width, count=1, passes=passes)
        return _operations(width) * passes / self._run(matrices, _PROMPT_TOKENS, seconds)

    def upload_rate(self, *, pinned: bool, total_bytes: int, seconds: float) -> float:
        """Bytes a second from RAM to the device. Raises CannotMeasure."""
        ggml = self._ggml
        columns = 1 << 14
        scratch = ggml.ggml_init(InitParams(ggml.ggml_tensor_overhead() * 2, None, True))  # noqa: FBT003
        tensor = ggml.ggml_new_tensor_2d(scratch, F32, columns, total_bytes // 4 // columns)
        size = ggml.ggml_nbytes(tensor)
        place = ggml.ggml_backend_dev_buffer_type(self._device.pointer)
        there = ggml.ggml_backend_alloc_ctx_tensors_from_buft(scratch, place)
        here = self._pinned(size) if pinned else None
        pages = None if pinned else ctypes.create_string_buffer(size)  # zeroed: all are there
        if here is not None:
            source = ggml.ggml_backend_buffer_get_base(here)
        else:
            source = None if pages is None else ctypes.addressof(pages)
        try:
            if not there or not source:
                raise CannotMeasure("there is no room for the copy")

            def copy() -> None:
                ggml.ggml_backend_tensor_set(tensor, source, 0, size)

            return size / typical_seconds(copy, seconds)
        finally:
            for buffer in (there, here):
                if buffer:
                    ggml.ggml_backend_buffer_free(buffer)
            ggml.ggml_free(scratch)

    def _pinned(self, size: int) -> int | None:
        kind = self._ggml.ggml_backend_dev_host_buffer_type(self._device.pointer)
        return self._ggml.ggml_backend_buft_alloc_buffer(kind, size) if kind else None

    def _sized(self, kind: int, total_bytes: int) -> Matrices:
        # As wide as a big model's on a card; on a processor a matrix is one tile, which is
        # repacked whole.
        columns = 8192 if self._device.is_card else 4096
        row = int(self._ggml.ggml_row_size(kind, columns))
        most = TILE_BYTES if not self._device.is_card else max(TILE_BYTES, total_bytes // 2)
        rows = min(28672, most // row) // 64 * 64
        if rows < 64:
            raise CannotMeasure("there is no room for a matrix")
        return Matrices(
            kind=kind,
            columns=columns,
            rows=rows,
            count=max(1, round(total_bytes / (row * rows))),
            passes=8 if self._device.is_card else 1,
            shares=1 if self._device.is_card else 4,
        )

    def _run_bytes(self, matrices: Matrices) -> int:
        row = self._ggml.ggml_row_size(matrices.kind, matrices.columns)
        used = matrices.count // matrices.shares * matrices.passes
        return used * row * matrices.rows

    def _run(self, matrices: Matrices, tokens: int, seconds: float) -> float:
        """The seconds of one run over all of them."""
        return self._with_graph(matrices, tokens, lambda run: typical_seconds(run, seconds))

    def _with_graph(
        self, matrices: Matrices, tokens: int, use: Callable[[Callable[[], None]], float]
    ) -> float:
        """Lay them out, hand over what computes them once, and give the memory back."""
        for place in self._places():
            with suppress(_OtherPlace):
                return self._with_graph_at(place, matrices, tokens, use)
        raise CannotMeasure("this type is not supported, or there is no room")

    def _with_graph_at(
        self,
        place: int,
        matrices: Matrices,
        tokens: int,
        use: Callable[[Callable[[], None]], float],
    ) -> float:
        ggml = self._ggml
        nodes = matrices.count * matrices.passes
        room = ggml.ggml_tensor_overhead() * (matrices.count + 1)
        weights = ggml.ggml_init(InitParams(room, None, True))  # noqa: FBT003
        room = ggml.ggml_tensor_overhead() * (nodes + 2)
        room += matrices.shares * ggml.ggml_graph_overhead_custom(nodes + 8, False)  # noqa: FBT003
        scratch = ggml.ggml_init(InitParams(room, None, True))  # noqa: FBT003
        buffers: list[int] = []
        try:
            tensors = [
                ggml.ggml_new_tensor_2d(weights, matrices.kind, matrices.columns, matrices.rows)
                for _ in range(matrices.count)
            ]
            self._allocate(weights, place, buffers)
            vector = ggml.ggml_new_tensor_2d(scratch, F32, matrices.columns, tokens)
            used = matrices.count // matrices.shares
            graphs = [
                self._graph(scratch, vector, tensors[start : start + used] * matrices.passes)
                for start in range(0, used * matrices.shares, used)
            ]
            plain = ggml.ggml_backend_dev_buffer_type(self._device.pointer)
            self._allocate(scratch, plain, buffers)
            for tensor in tensors:
                ggml.fill(tensor, floats=matrices.kind == F32)
            ggml.fill(vector, floats=True)

            turns = itertools.cycle(graphs)

            def run() -> None:
                if ggml.ggml_backend_graph_compute(self._backend, next(turns)) != 0:
                    raise CannotMeasure("the device failed to compute")

            return use(run)
        finally:
            for buffer in buffers:
                ggml.ggml_backend_buffer_free(buffer)
            ggml.ggml_free(scratch)
            ggml.ggml_free(weights)

    def _graph(self, scratch: int, vector: int, tensors: list[int]) -> int:
        """What multiplies each of them with the vector."""
        ggml = self._ggml
        graph: int = ggml.ggml_new_graph_custom(scratch, len(tensors) + 8, False)  # noqa: FBT003
        for tensor in tensors:
            product = ggml.ggml_mul_mat(scratch, tensor, vector)
            if not ggml.ggml_backend_dev_supports_op(self._device.pointer, product):
                raise _OtherPlace
            ggml.ggml_build_forward_expand(graph, product)
        return graph

    def _allocate(self, tensors: int, place: int, buffers: list[int]) -> None:
        buffer = self._ggml.ggml_backend_alloc_ctx_tensors_from_buft(tensors, place)
        if not buffer:
            raise _OtherPlace
        buffers.append(buffer)

    def _places(self) -> list[int]:
        """Buffer types for weights, the best first: a processor may repack them, as a load does."""
        ggml, pointer = self._ggml, self._device.pointer
        registry = ggml.ggml_backend_dev_backend_reg(pointer)
        address = ggml.ggml_backend_reg_get_proc_address(
            registry, b"ggml_backend_dev_get_extra_bufts"
        )
        found: list[int] = []
        if address:
            extra = ctypes.CFUNCTYPE(ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)(address)
            listed = extra(pointer)
            index = 0
            while listed and (kind := listed[index]):
                found.append(kind)
                index += 1
        return [*found, ggml.ggml_backend_dev_buffer_type(pointer)]


class _OtherPlace(Exception):
    """Weights of this type cannot be used from that kind of memory."""


def typical_seconds(run: Callable[[], None], seconds: float, *, most: int = _MOST_RUNS) -> float:
    """What a run takes when nobody disturbs it: the first tenth of many.

    It is run again and again for about so long; the first run only warms up.
    """
    run()
    taken: list[float] = []
    until = time.perf_counter() + seconds
    while len(taken) < most and (len(taken) < _LEAST_RUNS or time.perf_counter() < until):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 10]
