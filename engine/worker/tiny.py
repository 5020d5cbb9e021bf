"""Models made of nothing, to measure with.

One has a real shape, but no vocabulary: its file is a header and a hole.
"""

import ctypes
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from llama_cpp import llama_cpp as binding

from engine.worker.ggml import Ggml, InitParams


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
