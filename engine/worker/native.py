"""ggml's functions that measuring needs, and models made of nothing.

A model made here has a real shape, no file
and no vocabulary: its weights are a pattern, its words numbers.
"""

import ctypes
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding

from engine.worker.params import native

TILE_BYTES = 32 << 20
_POINTER, _SIZE = ctypes.c_void_p, ctypes.c_size_t
_INT, _LONG, _TEXT, _BOOL = ctypes.c_int, ctypes.c_int64, ctypes.c_char_p, ctypes.c_bool
_FLOAT, _UINT = ctypes.c_float, ctypes.c_uint32


class InitParams(ctypes.Structure):
    """ggml_init_params."""

    _fields_ = [("mem_size", _SIZE), ("mem_buffer", _POINTER), ("no_alloc", _BOOL)]


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
    "ggml_mul_mat": (_POINTER, (_POINTER, _POINTER, _POINTER)),
    "ggml_nbytes": (_SIZE, (_POINTER,)),
    "ggml_row_size": (_SIZE, (_INT, _LONG)),
    "ggml_blck_size": (_LONG, (_INT,)),
    "ggml_backend_dev_count": (_SIZE, ()),
    "ggml_backend_dev_get": (_POINTER, (_SIZE,)),
    "ggml_backend_dev_type": (_INT, (_POINTER,)),
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
    "ggml_backend_free": (None, (_POINTER,)),
    "ggml_backend_synchronize": (None, (_POINTER,)),
    "ggml_backend_graph_compute": (_INT, (_POINTER, _POINTER)),
    "ggml_backend_alloc_ctx_tensors_from_buft": (_POINTER, (_POINTER, _POINTER)),
    "ggml_backend_buft_alloc_buffer": (_POINTER, (_POINTER, _SIZE)),
    "ggml_backend_buffer_get_base": (_POINTER, (_POINTER,)),
    "ggml_backend_buffer_free": (None, (_POINTER,)),
    "ggml_backend_tensor_set": (None, (_POINTER, _POINTER, _SIZE, _SIZE)),
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
    """Those functions, each an attribute with its prototype; and a tile of weights.

    The tile's bytes are random, but any two of them are a small finite half float: so a scale
    anywhere in a quantized block is one too, and no kernel is slowed down by NaNs or denormals.
    """

    def __init__(self) -> None:
        self._functions = {
            name: native(name, result, *arguments)
            for name, (result, arguments) in _PROTOTYPES.items()
        }
        dice = np.random.default_rng(0)
        self._tile = dice.integers(0, 256, TILE_BYTES, dtype=np.uint8) & 0xAF | 0x20
        self._floats = np.full(TILE_BYTES // 4, 0.01, dtype=np.float32)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self.__dict__["_functions"][name]
        except KeyError:
            raise AttributeError(name) from None

    def fill(self, tensor: int, *, floats: bool) -> None:
        """Give a tensor some weights."""
        size = self.ggml_nbytes(tensor)
        tile = self._floats.ctypes.data if floats else self._tile.ctypes.data
        for start in range(0, size, TILE_BYTES):
            count = min(TILE_BYTES, size - start)
            # Not memset: not every backend has it, and those without it end the process.
            self.ggml_backend_tensor_set(tensor, tile, start, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class TinyShape:
    """A dense model (`experts` 0) or one with experts, whose weights are all of one type."""

    width: int
    inner: int  # of the feed-forward, or of one expert
    heads: int
    kv_heads: int
    head: int
    experts: int = 0
    experts_used: int = 0

    @property
    def layer_weights(self) -> int:
        """How many of a layer's weights are read for a token."""
        attention = self.width * self.head * 2 * (self.heads + self.kv_heads)
        return attention + 3 * self.width * self.inner * max(1, self.experts_used)

    @property
    def layer_weights_held(self) -> int:
        """How many a layer has."""
        attention = self.width * self.head * 2 * (self.heads + self.kv_heads)
        return attention + 3 * self.width * self.inner * max(1, self.experts)


_VOCABULARY = 256
CELLS = 1024
_F32, _Q4_K = binding.GGML_TYPE_F32, binding.GGML_TYPE_Q4_K
_Tensors = list[tuple[str, int, tuple[int, ...]]]  # name, type, elements along each dimension


class CannotMake(Exception):
    """llama.cpp did not make the model or its context: no room, mostly."""


class TinyModel:
    """A model of that shape with all weights zero, on one device or (None) on the processor.

    It comes from a file that is a header and a hole. llama_model_init_from_user would need none,
    but makes every optional tensor too: scales that no real model has, each a kernel more.
    """

    def __init__(
        self, ggml: Ggml, shape: TinyShape, layers: int, *, device: int | None, threads: int
    ) -> None:
        """Make it; raises CannotMake, or OSError for the file."""
        params = binding.llama_model_default_params()
        self._devices = (ctypes.c_void_p * 2)(device, None)
        params.devices = ctypes.addressof(self._devices)  # pyright: ignore[reportAttributeAccessIssue]
        params.n_gpu_layers = 0 if device is None else -1
        params.split_mode = binding.LLAMA_SPLIT_MODE_LAYER
        if sys.platform == "win32":  # where a file in use cannot be removed
            params.load_mode = binding.LLAMA_LOAD_MODE_NONE
        with tempfile.TemporaryDirectory(prefix="fullbore-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / "tiny.gguf"
            _write(ggml, shape, layers, path)
            self._model = binding.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise CannotMake("the model was not made")
        context = binding.llama_context_default_params()
        context.n_ctx = CELLS
        context.n_batch = context.n_ubatch = 512
        context.n_outputs_max = 1
        context.n_threads = context.n_threads_batch = threads
        context.no_perf = True
        self._context = binding.llama_init_from_model(self._model, context)
        if not self._context:
            binding.llama_model_free(self._model)
            raise CannotMake("its context was not made")
        self._memory = binding.llama_get_memory(self._context)

    def read(self, count: int) -> None:
        """Process a prompt of so many tokens, from the beginning."""
        binding.llama_memory_clear(self._memory, True)  # noqa: FBT003  # pyright: ignore[reportArgumentType]
        self._decode(count)

    def write(self) -> None:
        """Process one more token."""
        self._decode(1)

    def free(self) -> None:
        """Give its memory back."""
        binding.llama_free(self._context)  # pyright: ignore[reportArgumentType]
        binding.llama_model_free(self._model)  # pyright: ignore[reportArgumentType]

    def _decode(self, count: int) -> None:
        tokens = (ctypes.c_int32 * count)(*(1 + n % (_VOCABULARY - 1) for n in range(count)))
        batch = binding.llama_batch_get_one(tokens, count)  # pyright: ignore[reportArgumentType]
        if binding.llama_decode(self._context, batch) != 0:  # pyright: ignore[reportArgumentType]
            raise CannotMake("it could not process its tokens")
        binding.llama_get_logits(self._context)  # pyright: ignore[reportArgumentType] waits for the device


def _write(ggml: Ggml, shape: TinyShape, layers: int, path: Path) -> None:
    """The header, and a hole as long as the weights."""
    tensors = _tensors(shape, layers)
    whole: int = ggml.gguf_init_empty()
    scratch = ggml.ggml_init(
        InitParams(ggml.ggml_tensor_overhead() * len(tensors), None, True)  # noqa: FBT003
    )
    try:
        _describe(ggml, whole, shape, layers)
        for name, kind, elements in tensors:
            sizes = (ctypes.c_int64 * len(elements))(*elements)
            tensor = ggml.ggml_new_tensor(scratch, kind, len(elements), sizes)
            ggml.ggml_set_name(tensor, name.encode())
            ggml.gguf_add_tensor(whole, tensor)
        if not ggml.gguf_write_to_file(whole, os.fsencode(path), True):  # noqa: FBT003
            raise CannotMake("its file could not be written")
        last = len(tensors) - 1
        end = ggml.gguf_get_tensor_offset(whole, last) + ggml.gguf_get_tensor_size(whole, last)
        size = ggml.gguf_get_meta_size(whole) + end
        os.truncate(path, (size + 31) // 32 * 32)
    finally:
        ggml.ggml_free(scratch)
        ggml.gguf_free(whole)


def _describe(ggml: Ggml, whole: int, shape: TinyShape, layers: int) -> None:
    name = "qwen3moe" if shape.experts else "llama"
    ggml.gguf_set_val_str(whole, b"general.architecture", name.encode())
    ggml.gguf_set_val_str(whole, b"tokenizer.ggml.model", b"no_vocab")
    ggml.gguf_set_val_f32(whole, f"{name}.attention.layer_norm_rms_epsilon".encode(), 1e-6)
    numbers = {
        "vocab_size": _VOCABULARY,
        "context_length": CELLS,
        "embedding_length": shape.width,
        "block_count": layers,
        "feed_forward_length": shape.inner,
        "attention.head_count": shape.heads,
        "attention.head_count_kv": shape.kv_heads,
        "attention.key_length": shape.head,
        "attention.value_length": shape.head,
        "rope.dimension_count": shape.head,
    }
    if shape.experts:
        numbers["expert_count"] = shape.experts
        numbers["expert_used_count"] = shape.experts_used
        numbers["expert_feed_forward_length"] = shape.inner
    for key, number in numbers.items():
        ggml.gguf_set_val_u32(whole, f"{name}.{key}".encode(), number)


def _tensors(shape: TinyShape, layers: int) -> _Tensors:
    width, inner = shape.width, shape.inner
    queries, keys = shape.head * shape.heads, shape.head * shape.kv_heads
    found: _Tensors = [
        ("token_embd.weight", _F32, (width, _VOCABULARY)),
        ("output_norm.weight", _F32, (width,)),
        ("output.weight", _Q4_K, (width, _VOCABULARY)),
    ]
    layer: _Tensors = [
        ("attn_norm", _F32, (width,)),
        ("attn_q", _Q4_K, (width, queries)),
        ("attn_k", _Q4_K, (width, keys)),
        ("attn_v", _Q4_K, (width, keys)),
        ("attn_output", _Q4_K, (queries, width)),
        ("ffn_norm", _F32, (width,)),
    ]
    if shape.experts:
        layer += [
            ("attn_q_norm", _F32, (shape.head,)),
            ("attn_k_norm", _F32, (shape.head,)),
            ("ffn_gate_inp", _F32, (width, shape.experts)),
            ("ffn_gate_exps", _Q4_K, (width, inner, shape.experts)),
            ("ffn_up_exps", _Q4_K, (width, inner, shape.experts)),
            ("ffn_down_exps", _Q4_K, (inner, width, shape.experts)),
        ]
    else:
        layer += [
            ("ffn_gate", _Q4_K, (width, inner)),
            ("ffn_up", _Q4_K, (width, inner)),
            ("ffn_down", _Q4_K, (inner, width)),
        ]
    for number in range(layers):
        found += [(f"blk.{number}.{name}.weight", kind, size) for name, kind, size in layer]
    return found
