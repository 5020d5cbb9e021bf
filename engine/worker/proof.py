"""`engine.worker --prove [NUMBER…]`: does each device compute what it should?

Told first is what llama.cpp was built for and which devices it sees, then each device multiplies
two matrices whose product is known. The numbers are devices that are left out: a driver may end
this process, and the next one goes on with the others.
"""

import ctypes
import os
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from engine.protocol.library import LLAMA
from engine.protocol.proof import Built, Over, Present, ProofReport, Proved, Trying, Unproved
from engine.protocol.proof import proof_frame as framed
from engine.worker.ggml import F32, Ggml, InitParams
from engine.worker.kernels import TYPES, Bench, CannotMeasure, Device, devices
from engine.worker.llama import Library
from engine.worker.params import native

_COLUMNS, _ROWS, _VECTORS = 512, 256, 64
_BLOCK = 32  # weights of a Q8_0 block
_SECONDS = 0.25
# Activations are rounded to 8 bits where weights are quantized; what is wrong is far off.
RIGHT = 0.02

_Floats = npt.NDArray[np.float32]
Tell = Callable[[ProofReport], None]


def prove(
    pipe: BinaryIO,
    send: Callable[[bytes], None],
    skipped: Collection[int],
    pack: Path | None = None,
) -> None:
    """Tell of the library and the devices, and try each; ends the process with its pipe."""
    threading.Thread(target=_listen, args=(pipe,), name="pipe", daemon=True).start()

    def tell(report: ProofReport) -> None:
        send(framed(report))

    library = Library(pack)
    features = native("llama_print_system_info", ctypes.c_char_p)()
    tell(
        Built(
            library=LLAMA,
            features=features.decode("utf-8", "replace"),
            cuda=_cuda_runtime(),
            pack_skipped=library.pack_skipped,
        )
    )
    ggml = Ggml()
    found = devices(ggml)
    for number, device in enumerate(found):
        tell(
            Present(
                number=number,
                device=device.name,
                name=device.description,
                is_card=device.is_card,
                is_integrated=device.is_integrated,
                memory_bytes=device.memory_bytes,
            )
        )
    for number, device in enumerate(found):
        if number not in skipped:
            tell(Trying(number=number))
            tell(_tried(ggml, number, device))
    tell(Over())


def _listen(pipe: BinaryIO) -> None:
    while pipe.read(1):
        pass
    os._exit(0)


def _tried(ggml: Ggml, number: int, device: Device) -> ProofReport:
    try:
        error = max(_error(ggml, device, F32), _error(ggml, device, TYPES["Q8_0"]))
        flops = None
        if error <= RIGHT:
            bench = Bench(ggml, device)
            try:
                with suppress(CannotMeasure):
                    flops = bench.flops(TYPES["Q8_0"], _SECONDS)
            finally:
                bench.close()
    except (CannotMeasure, MemoryError, OSError) as problem:
        return Unproved(number=number, reason=str(problem) or type(problem).__name__)
    return Proved(number=number, error=error, flops=flops)


def _error(ggml: Ggml, device: Device, kind: int) -> float:
    """How far the product is from the known one, as a share of it; NaN counts as all of it."""
    dice = np.random.default_rng(7)
    # Whole numbers: their products and sums are exact in any kind of float.
    weights = dice.integers(-7, 8, (_ROWS, _COLUMNS)).astype(np.float32)
    vectors = dice.integers(-7, 8, (_VECTORS, _COLUMNS)).astype(np.float32)
    known = vectors @ weights.T
    got = _product(ggml, device, (kind, weights), vectors)
    error = float(np.linalg.norm(got - known) / np.linalg.norm(known))
    return error if np.isfinite(error) else 1.0


def _product(ggml: Ggml, device: Device, matrix: tuple[int, _Floats], vectors: _Floats) -> _Floats:
    kind, weights = matrix
    backend = ggml.ggml_backend_dev_init(device.pointer, None)
    if not backend:
        raise CannotMeasure("the device could not be opened")
    room = ggml.ggml_tensor_overhead() * 4 + ggml.ggml_graph_overhead_custom(8, False)  # noqa: FBT003
    scratch = ggml.ggml_init(InitParams(room, None, True))  # noqa: FBT003
    buffer = None
    try:
        left = ggml.ggml_new_tensor_2d(scratch, kind, _COLUMNS, _ROWS)
        right = ggml.ggml_new_tensor_2d(scratch, F32, _COLUMNS, _VECTORS)
        product = ggml.ggml_mul_mat(scratch, left, right)
        graph = ggml.ggml_new_graph_custom(scratch, 8, False)  # noqa: FBT003
        ggml.ggml_build_forward_expand(graph, product)
        place = ggml.ggml_backend_dev_buffer_type(device.pointer)
        buffer = ggml.ggml_backend_alloc_ctx_tensors_from_buft(scratch, place)
        if not buffer:
            raise CannotMeasure("there is no room for a matrix")
        _put(ggml, left, _packed(weights) if kind != F32 else weights.tobytes())
        _put(ggml, right, vectors.tobytes())
        if ggml.ggml_backend_graph_compute(backend, graph) != 0:
            raise CannotMeasure("the device failed to compute")
        return _got(product)
    finally:
        if buffer:
            ggml.ggml_backend_buffer_free(buffer)
        ggml.ggml_free(scratch)
        ggml.ggml_backend_free(backend)


def _put(ggml: Ggml, tensor: int, content: bytes) -> None:
    ggml.ggml_backend_tensor_set(tensor, content, 0, len(content))


def _got(tensor: int) -> _Floats:
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    get = native("ggml_backend_tensor_get", None, pointer, pointer, size, size)
    found = np.zeros((_VECTORS, _ROWS), dtype=np.float32)
    get(tensor, found.ctypes.data, 0, found.nbytes)
    return found


def _packed(weights: _Floats) -> bytes:
    """Q8_0: for each 32 weights a scale as half float, here 1, and a signed byte each."""
    blocks = weights.astype(np.int8).reshape(-1, _BLOCK)
    packed = np.zeros((len(blocks), _BLOCK + 2), dtype=np.uint8)
    packed[:, :2] = np.ones(len(blocks), dtype=np.float16).view(np.uint8).reshape(-1, 2)
    packed[:, 2:] = blocks.view(np.uint8)
    return packed.tobytes()


def _cuda_runtime() -> tuple[int, int] | None:
    """The version of CUDA's runtime that this process has loaded."""
    names = ("cudart64_13", "cudart64_12", "cudart64_110") if sys.platform == "win32" else (None,)
    for name in names:
        with suppress(OSError, AttributeError):
            version = ctypes.c_int(0)
            if ctypes.CDLL(name).cudaRuntimeGetVersion(ctypes.byref(version)) == 0:
                return version.value // 1000, version.value % 1000 // 10
    return None
