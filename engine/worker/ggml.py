"""ggml's functions: devices, tensors, graphs, and the files they are kept in."""

import ctypes
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.worker.params import native

F32 = 0  # ggml_type
CPU, GPU, INTEGRATED_GPU = 0, 1, 2  # ggml_backend_dev_type
TILE_BYTES = 32 << 20
_POINTER, _SIZE = ctypes.c_void_p, ctypes.c_size_t
_INT, _LONG, _TEXT, _BOOL = ctypes.c_int, ctypes.c_int64, ctypes.c_char_p, ctypes.c_bool
_FLOAT, _UINT = ctypes.c_float, ctypes.c_uint32
_DIMENSIONS, _PARAMETERS, _SOURCES, _NAME = 4, 16, 10, 64


class InitParams(ctypes.Structure):
    """ggml_init_params."""

    _fields_ = [("mem_size", _SIZE), ("mem_buffer", _POINTER), ("no_alloc", _BOOL)]


class GgufReading(ctypes.Structure):
    """gguf_init_params."""

    _fields_ = [("no_alloc", _BOOL), ("ctx", _POINTER)]


class Tensor(ctypes.Structure):
    """ggml_tensor: elements and bytes along each dimension, and what it is made from."""

    _fields_ = [
        ("type", _INT),
        ("buffer", _POINTER),
        ("ne", _LONG * _DIMENSIONS),
        ("nb", _SIZE * _DIMENSIONS),
        ("op", _INT),
        ("op_params", ctypes.c_int32 * _PARAMETERS),
        ("flags", ctypes.c_int32),
        ("src", _POINTER * _SOURCES),
        ("view_src", _POINTER),
        ("view_offs", _SIZE),
        ("data", _POINTER),
        ("name", ctypes.c_char * _NAME),
        ("extra", _POINTER),
        ("padding", ctypes.c_char * 8),
    ]


_PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "ggml_init": (_POINTER, (InitParams,)),
    "ggml_free": (None, (_POINTER,)),
    "ggml_tensor_overhead": (_SIZE, ()),
    "ggml_graph_overhead_custom": (_SIZE, (_SIZE, _BOOL)),
    "ggml_new_graph_custom": (_POINTER, (_POINTER, _SIZE, _BOOL)),
    "ggml_build_forward_expand": (None, (_POINTER, _POINTER)),
    "ggml_new_tensor_2d": (_POINTER, (_POINTER, _INT, _LONG, _LONG)),
    "ggml_new_tensor": (_POINTER, (_POINTER, _INT, _INT, ctypes.POINTER(_LONG))),
    "ggml_set_name": (_POINTER, (_POINTER, _TEXT)),
    "ggml_argsort": (_POINTER, (_POINTER, _POINTER, _INT)),
    "ggml_pool_2d": (
        _POINTER,
        (_POINTER, _POINTER, _INT, _INT, _INT, _INT, _INT, _FLOAT, _FLOAT),
    ),
    "ggml_get_rows": (_POINTER, (_POINTER, _POINTER, _POINTER)),
    "ggml_concat": (_POINTER, (_POINTER, _POINTER, _POINTER, _INT)),
    "ggml_reshape_2d": (_POINTER, (_POINTER, _POINTER, _LONG, _LONG)),
    "ggml_reshape_3d": (_POINTER, (_POINTER, _POINTER, _LONG, _LONG, _LONG)),
    "ggml_view_1d": (_POINTER, (_POINTER, _POINTER, _LONG, _SIZE)),
    "ggml_view_2d": (_POINTER, (_POINTER, _POINTER, _LONG, _LONG, _SIZE, _SIZE)),
    "ggml_view_3d": (
        _POINTER,
        (_POINTER, _POINTER, _LONG, _LONG, _LONG, _SIZE, _SIZE, _SIZE),
    ),
    "ggml_mul_mat": (_POINTER, (_POINTER, _POINTER, _POINTER)),
    "ggml_nbytes": (_SIZE, (_POINTER,)),
    "ggml_row_size": (_SIZE, (_INT, _LONG)),
    "ggml_blck_size": (_LONG, (_INT,)),
    "ggml_backend_dev_count": (_SIZE, ()),
    "ggml_backend_dev_get": (_POINTER, (_SIZE,)),
    "ggml_backend_dev_type": (_INT, (_POINTER,)),
    "ggml_backend_dev_by_type": (_POINTER, (_INT,)),
    "ggml_backend_dev_name": (_TEXT, (_POINTER,)),
    "ggml_backend_dev_description": (_TEXT, (_POINTER,)),
    "ggml_backend_dev_memory": (
        None,
        (_POINTER, ctypes.POINTER(_SIZE), ctypes.POINTER(_SIZE)),
    ),
    "ggml_backend_dev_init": (_POINTER, (_POINTER, _TEXT)),
    "ggml_backend_dev_buffer_type": (_POINTER, (_POINTER,)),
    "ggml_backend_dev_host_buffer_type": (_POINTER, (_POINTER,)),
    "ggml_backend_dev_supports_op": (_BOOL, (_POINTER, _POINTER)),
    "ggml_backend_dev_backend_reg": (_POINTER, (_POINTER,)),
    "ggml_backend_reg_get_proc_address": (_POINTER, (_POINTER, _TEXT)),
    "ggml_backend_buft_get_device": (_POINTER, (_POINTER,)),
    "ggml_backend_free": (None, (_POINTER,)),
    "ggml_backend_synchronize": (None, (_POINTER,)),
    "ggml_backend_graph_compute": (_INT, (_POINTER, _POINTER)),
    "ggml_backend_alloc_ctx_tensors_from_buft": (_POINTER, (_POINTER, _POINTER)),
    "ggml_backend_buft_name": (_TEXT, (_POINTER,)),
    "ggml_backend_buft_alloc_buffer": (_POINTER, (_POINTER, _SIZE)),
    "ggml_backend_buffer_get_base": (_POINTER, (_POINTER,)),
    "ggml_backend_buffer_free": (None, (_POINTER,)),
    "ggml_backend_tensor_get": (None, (_POINTER, _POINTER, _SIZE, _SIZE)),
    "ggml_backend_tensor_set": (None, (_POINTER, _POINTER, _SIZE, _SIZE)),
    "gguf_init_from_file": (_POINTER, (_TEXT, GgufReading)),
    "gguf_find_tensor": (_LONG, (_POINTER, _TEXT)),
    "gguf_init_empty": (_POINTER, ()),
    "gguf_free": (None, (_POINTER,)),
    "gguf_set_val_str": (None, (_POINTER, _TEXT, _TEXT)),
    "gguf_set_val_u32": (None, (_POINTER, _TEXT, _UINT)),
    "gguf_set_val_f32": (None, (_POINTER, _TEXT, _FLOAT)),
    "gguf_add_tensor": (None, (_POINTER, _POINTER)),
    "gguf_write_to_file": (_BOOL, (_POINTER, _TEXT, _BOOL)),
    "gguf_get_meta_size": (_SIZE, (_POINTER,)),
    "gguf_get_tensor_offset": (_SIZE, (_POINTER, _LONG)),
    "gguf_get_tensor_size": (_SIZE, (_POINTER, _LONG)),
}


class Ggml:
    """Those functions, each an attribute with its prototype, and what they do together."""

    def __init__(self) -> None:
        self._functions = {
            name: native(name, result, *arguments)
            for name, (result, arguments) in _PROTOTYPES.items()
        }

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self.__dict__["_functions"][name]
        except KeyError:
            raise AttributeError(name) from None

    def fill(self, tensor: int, *, floats: bool) -> None:
        """Give a tensor some weights."""
        size = self.ggml_nbytes(tensor)
        tile = (self._floats if floats else self._tile).ctypes.data
        for start in range(0, size, TILE_BYTES):
            count = min(TILE_BYTES, size - start)
            # Not memset: not every backend has it, and those without it end the process.
            self.ggml_backend_tensor_set(tensor, tile, start, count)

    def use_threads(self, device: int, backend: int, count: int) -> None:
        """On how many threads a processor's backend computes."""
        registry = self.ggml_backend_dev_backend_reg(device)
        address = self.ggml_backend_reg_get_proc_address(registry, b"ggml_backend_set_n_threads")
        if address:
            ctypes.CFUNCTYPE(None, _POINTER, _INT)(address)(backend, count)

    @functools.cached_property
    def _tile(self) -> NDArray[np.uint8]:
        """Random bytes, but any two of them are a small finite half float.

        So a scale anywhere in a quantized block is one too, and no kernel is slowed down by NaNs
        or denormals.
        """
        dice = np.random.default_rng(0)
        found = dice.integers(0, 256, TILE_BYTES, dtype=np.uint8)
        return (found & 0xAF | 0x20).astype(np.uint8)

    @functools.cached_property
    def _floats(self) -> NDArray[np.float32]:
        return np.full(TILE_BYTES // 4, 0.01, dtype=np.float32)
