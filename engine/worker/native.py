"""ggml's functions that measuring needs, and models made of nothing.

A model made here has a real shape, no file
and no vocabulary: its weights are a pattern, its words numbers.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
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
_MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output")
_DENSE = ("ffn_gate", "ffn_up", "ffn_down")
_EXPERTS = ("ffn_gate_exps", "ffn_up_exps", "ffn_down_exps")


class CannotMake(Exception):
    """llama.cpp did not make the model or its context: no room, mostly."""


class TinyModel:
    """A model of that shape in memory, on one device or (None) on the processor."""

    def __init__(
        self, ggml: Ggml, shape: TinyShape, layers: int, *, device: int | None, threads: int
    ) -> None:
        """Make it; raises CannotMake."""
        self._ggml = ggml
        self._fill = binding.llama_model_set_tensor_data_t(self._filled)
        metadata = self._metadata(shape, layers)
        params = binding.llama_model_default_params()
        self._devices = (ctypes.c_void_p * 2)(device, None)
        params.devices = ctypes.addressof(self._devices)  # pyright: ignore[reportAttributeAccessIssue]
        params.n_gpu_layers = 0 if device is None else -1
        params.split_mode = binding.LLAMA_SPLIT_MODE_LAYER
        self._model = binding.llama_model_init_from_user(metadata, self._fill, None, params)  # pyright: ignore[reportArgumentType, reportUnknownMemberType]
        ggml.gguf_free(metadata)
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

    def _filled(self, tensor: int, _: object) -> None:
        # The first field of a tensor is its type; 0 is F32: norms and the like.
        kind = ctypes.cast(tensor, ctypes.POINTER(ctypes.c_int))[0]
        self._ggml.fill(tensor, floats=kind == binding.GGML_TYPE_F32)

    def _metadata(self, shape: TinyShape, layers: int) -> int:
        ggml = self._ggml
        name = "qwen3moe" if shape.experts else "qwen2"
        whole: int = ggml.gguf_init_empty()
        ggml.gguf_set_val_str(whole, b"general.architecture", name.encode())
        ggml.gguf_set_val_str(whole, b"tokenizer.ggml.model", b"no_vocab")
        ggml.gguf_set_val_f32(
            whole, f"{name}.attention.layer_norm_rms_epsilon".encode(), ctypes.c_float(1e-6)
        )
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
        self._add_types(whole, layers, (*_MATRICES, *(_EXPERTS if shape.experts else _DENSE)))
        return whole

    def _add_types(self, whole: int, layers: int, matrices: tuple[str, ...]) -> None:
        """Of a tensor in the metadata llama.cpp takes the type alone; others would be F32."""
        ggml = self._ggml
        room = ggml.ggml_tensor_overhead() * (layers * len(matrices) + 1)
        scratch = ggml.ggml_init(InitParams(room, None, True))  # noqa: FBT003
        for layer in range(layers):
            for matrix in matrices:
                tensor = ggml.ggml_new_tensor_2d(scratch, binding.GGML_TYPE_Q4_K, 256, 1)
                ggml.ggml_set_name(tensor, f"blk.{layer}.{matrix}.weight".encode())
                ggml.gguf_add_tensor(whole, tensor)
        ggml.ggml_free(scratch)
