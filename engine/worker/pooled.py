"""A context that gives one vector, or one score, for each text: encoders and decoders alike."""

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.protocol.load import LoadSpec, Pooling, Purpose
from engine.protocol.messages import DeviceBytes
from engine.worker.brake import Brake
from engine.worker.breakdown import breakdown
from engine.worker.llama import Library, Model
from engine.worker.params import context_params, native
from engine.worker.refusal import refusal

_NO_CELLS_NEEDED = 1 << 30


class Pooled:
    """The memory of the texts of one step, and one preallocated batch over it.

    `longest` is how many tokens a text may have, `divides` whether it may be read in parts: only
    where each token sees those before it alone, and the last one speaks for all.
    """

    def __init__(self, library: Library, model: Model, spec: LoadSpec, brake: Brake) -> None:
        """Make the context; raises OutOfMemory or LoadFailed."""
        spec = _with_pooling(model, spec)
        params = context_params(spec)
        params.abort_callback = binding.ggml_abort_callback(brake.question)
        params.abort_callback_data = ctypes.c_void_p(brake.flag)
        pointer = binding.llama_init_from_model(model.pointer, params)
        if not pointer:
            raise refusal(Path(spec.path), library.log.complaints)
        self._pointer = pointer
        self._brake = brake  # owns what the abort callback looks at
        self._spec = spec
        self._memory = binding.llama_get_memory(pointer)
        # Encoders have no memory, and T5's encoder one that it does not use.
        self._encodes = self._memory is None or binding.llama_model_has_encoder(model.pointer)
        self.purpose = spec.purpose
        self.texts = spec.streams
        self.batch_tokens = binding.llama_n_ubatch(pointer)
        self.divides = not self._encodes and self._last_speaks()
        self.cells = _NO_CELLS_NEEDED if self._encodes else binding.llama_n_ctx(pointer)
        self.context_tokens = binding.llama_n_ctx(pointer)
        self.longest = _longest(self, model)
        ranks = spec.purpose is Purpose.RANK
        count = binding.llama_model_n_cls_out if ranks else binding.llama_model_n_embd_out
        self.dimensions = max(1, count(model.pointer))
        self._batch = binding.llama_batch_init(self.batch_tokens, 0, 1)
        self._map_batch()

    def clear_batch(self) -> None:
        """Begin a new batch."""
        self._filled = 0

    def add(self, number: int, position: int, tokens: Sequence[int]) -> None:
        """Put these tokens of a text into the batch; a text that begins is read from nothing."""
        if position == 0 and not self._encodes:
            self.forget(number)
        start, end = self._filled, self._filled + len(tokens)
        self._tokens[start:end] = tokens
        self._positions[start:end] = range(position, position + len(tokens))
        self._sequences[start:end] = self._addresses[number]
        self._filled = end

    def compute(self) -> int:
        """Process the batch; llama.cpp's code, 0 if all went well."""
        self._batch.n_tokens = self._filled
        compute = binding.llama_encode if self._encodes else binding.llama_decode
        return compute(self._pointer, self._batch)

    def vector(self, number: int) -> NDArray[np.float32]:
        """What the last step found for that text, copied. Waits for the device."""
        found: Any = binding.llama_get_embeddings_seq(self._pointer, number)
        assert found, "every text of a step has a vector"
        return np.ctypeslib.as_array(found, (self.dimensions,)).astype(np.float32)

    def forget(self, number: int) -> None:
        """Let go of what is held of that text."""
        if self._memory is not None:
            binding.llama_memory_seq_rm(self._memory, number, -1, -1)

    def devices(self) -> tuple[DeviceBytes, ...]:
        """What it and its model hold, by device; empty where that cannot be read."""
        return breakdown(self._pointer, self._spec, dry=False) or ()

    def _last_speaks(self) -> bool:
        if not native("llama_get_causal_attn", ctypes.c_bool, ctypes.c_void_p)(self._pointer):
            return False
        lasts = {binding.LLAMA_POOLING_TYPE_LAST, binding.LLAMA_POOLING_TYPE_RANK}
        return binding.llama_pooling_type(self._pointer) in lasts

    def _map_batch(self) -> None:
        room, batch = self.batch_tokens, self._batch
        self._filled = 0
        self._tokens = _view(batch.token, ctypes.c_int32, room)
        self._positions = _view(batch.pos, ctypes.c_int32, room)
        self._numbers = np.arange(self.texts, dtype=np.int32)
        self._addresses = [self._numbers.ctypes.data + 4 * n for n in range(self.texts)]
        self._sequences = _view(batch.seq_id, ctypes.c_size_t, room)
        _view(batch.n_seq_id, ctypes.c_int32, room)[:] = 1
        # Where vectors are wanted, llama.cpp insists that every token is an output.
        _view(batch.logits, ctypes.c_int8, room)[:] = 1


def _view(pointer: object, kind: type[Any], count: int) -> NDArray[Any]:
    typed: Any = ctypes.cast(pointer, ctypes.POINTER(kind))  # pyright: ignore[reportArgumentType]
    return np.ctypeslib.as_array(typed, (count,))


def _with_pooling(model: Model, spec: LoadSpec) -> LoadSpec:
    """The spec with a pooling where neither it nor the file has one, as trained most likely."""
    if spec.purpose is not Purpose.EMBED or spec.pooling is not None:
        return spec
    if meta(model, f"{model.facts.architecture}.pooling_type") in {"1", "2", "3"}:
        return spec
    whole = not _is_causal(model)
    return replace(spec, pooling=Pooling.MEAN if whole else Pooling.LAST)


def _is_causal(model: Model) -> bool:
    return meta(model, f"{model.facts.architecture}.attention.causal") != "false"


def _longest(pooled: Pooled, model: Model) -> int:
    bounds = [pooled.context_tokens]
    if not pooled.divides:
        bounds.append(pooled.batch_tokens)
    if trained := model.facts.trained_context_tokens:
        # Past it some encoders have no position to add, and would read beyond their table.
        bounds.append(trained)
    return min(bounds)


def meta(model: Model, key: str) -> str | None:
    """A fact of the file's header as text; None if it is not there."""
    room = ctypes.create_string_buffer(64)
    size = binding.llama_model_meta_val_str(
        model.pointer,
        key.encode("ascii"),
        room,  # pyright: ignore[reportArgumentType]
        len(room),
    )
    return None if size < 0 else room.value.decode("utf-8", "replace")
