"""A model's context: the memory of its sequences, and the batch that is computed over it."""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.protocol.load import LoadSpec
from engine.protocol.messages import DeviceBytes
from engine.worker.adapters import Scales
from engine.worker.brake import Brake
from engine.worker.breakdown import breakdown
from engine.worker.candidates import Logits
from engine.worker.cutter import Cutter
from engine.worker.llama import Library, Model
from engine.worker.params import context_params
from engine.worker.refusal import refusal
from engine.worker.samplers import Sampler
from engine.worker.shortlist import KEPT, Left

_WARMING_PROMPT = 64  # tokens
_WARMING_STEPS = 3


def _view(pointer: object, kind: type[Any], count: int) -> NDArray[Any]:
    """The memory behind a pointer as an array."""
    typed: Any = ctypes.cast(pointer, ctypes.POINTER(kind))  # pyright: ignore[reportArgumentType]
    return np.ctypeslib.as_array(typed, (count,))


class Context:
    """The memory of all sequences, and one preallocated batch over it."""

    def __init__(self, library: Library, model: Model, spec: LoadSpec, brake: Brake) -> None:
        """Make the context; raises OutOfMemory or LoadFailed."""
        params = context_params(spec)
        params.abort_callback = binding.ggml_abort_callback(brake.question)
        params.abort_callback_data = ctypes.c_void_p(brake.flag)
        self._cutter = None
        if spec.shortlist:
            self._cutter = Cutter(model.facts.vocabulary, spec.streams, params)
        pointer = binding.llama_init_from_model(model.pointer, params)
        if not pointer:
            raise refusal(Path(spec.path), library.log.complaints)
        if self._cutter is not None:
            self._cutter.attach(pointer)
        self.pointer = pointer
        self._brake = brake  # owns what the abort callback looks at
        memory = binding.llama_get_memory(pointer)
        assert memory is not None, "only encoders have none, and they cannot be loaded here"
        self._memory = memory
        self.unified = spec.unified_kv
        self.cells = binding.llama_n_ctx(pointer)
        self.cells_per_sequence = binding.llama_n_ctx_seq(pointer)
        self.sequences = spec.streams
        self.batch_tokens = binding.llama_n_batch(pointer)
        self.micro_batch_tokens = binding.llama_n_ubatch(pointer)
        self._vocabulary = model.facts.vocabulary
        self._rows: dict[int, Logits] = {}  # by address: making a view takes longer than its use
        self._logits: object = None
        self._launch_seconds = 0.0
        self._threads = params.n_threads
        self._adapters = model.adapters
        self._scales: Scales = ()
        self._batch = binding.llama_batch_init(self.batch_tokens, 0, 1)
        self._map_batch()

    def warm_up(self) -> None:
        """Compute a little, and forget it: a card loads what computes when it is first needed.

        A prompt, then single tokens until llama.cpp has recorded how these are computed.
        """
        position = 0
        for count in (min(_WARMING_PROMPT, self.batch_tokens), *(1,) * _WARMING_STEPS):
            self.clear_batch()
            self.add(0, position, range(count), outputs=1)
            position += count
            if self.decode() != 0:
                break
        self.clear(0)

    def adapt(self, scales: Scales) -> None:
        """Weigh the model's adapters so from the next step on; all of a step share them.

        A change costs a new plan of the computation, some milliseconds.
        """
        if scales != self._scales:
            self._adapters.apply(self.pointer, scales)
            self._scales = scales

    def use_threads(self, count: int) -> None:
        """On how many threads a processor computes from the next step on."""
        if count != self._threads:
            binding.llama_set_n_threads(self.pointer, count, count)
            self._threads = count

    def clear_batch(self) -> None:
        """Begin a new batch."""
        self._filled = 0

    def add(self, sequence: int, position: int, tokens: Sequence[int], *, outputs: int) -> int:
        """Put these tokens of a sequence into the batch; gives the index of the last.

        The logits after the last ones, as many as `outputs` says, are computed.
        """
        start, end = self._filled, self._filled + len(tokens)
        if len(tokens) == 1:
            self._tokens[start] = tokens[0]
            self._positions[start] = position
            self._sequences[start] = self._addresses[sequence]
            self._outputs[start] = outputs
        else:
            self._tokens[start:end] = tokens
            self._positions[start:end] = range(position, position + len(tokens))
            self._sequences[start:end] = self._addresses[sequence]
            self._outputs[start:end] = 0
            self._outputs[end - outputs : end] = 1
        self._filled = end
        return end - 1

    def decode(self) -> int:
        """Process the batch, and wait for it; llama_decode's code, 0 if all went well."""
        code = self.launch()
        if code == 0:
            self.wait()
        return code

    def launch(self) -> int:
        """Have the batch processed; llama_decode's code, 0 if all went well.

        A card goes on while this returns; a processor, or both together, are done by then.
        """
        self._batch.n_tokens = self._filled
        began = perf_counter()
        code = binding.llama_decode(self.pointer, self._batch)
        self._launch_seconds = perf_counter() - began
        return code

    def wait(self) -> bool:
        """Wait for the batch that was launched; whether that took longer than the launch."""
        began = perf_counter()
        # It orders the logits, too, so that threads may read them at once.
        self._logits = binding.llama_get_logits(self.pointer)
        return perf_counter() - began > self._launch_seconds

    def rows(self, count: int) -> Logits | None:
        """All logits of the step, [outputs, vocabulary]; None where the device keeps some."""
        if not self._logits:
            return None
        pointer: Any = self._logits
        address = ctypes.addressof(pointer.contents)
        flat = self._rows.get(address)
        if flat is None or len(flat) < count * self._vocabulary:
            flat = self._rows[address] = _view(pointer, ctypes.c_float, count * self._vocabulary)
        return flat[: count * self._vocabulary].reshape(count, self._vocabulary)

    def logits(self, index: int) -> Logits:
        """The model's own logits after the batch's token `index`, until the next step."""
        pointer: Any = binding.llama_get_logits_ith(self.pointer, index)
        assert pointer, "logits were asked for"
        address = ctypes.addressof(pointer.contents)
        row = self._rows.get(address)
        if row is None:
            row = self._rows[address] = _view(pointer, ctypes.c_float, self._vocabulary)
        return row[: self._vocabulary]

    def seat(self, slot: int, sampler: Sampler, *, whole: bool) -> None:
        """From the next step on, that sampler is the slot's; `whole`: all logits are wanted."""
        if self._cutter is not None:
            self._cutter.seat(slot, short=not whole and sampler.looks_at <= KEPT)

    def short(self, slot: int) -> bool:
        """Whether the device cuts that slot's logits down."""
        return self._cutter is not None and self._cutter.holds(slot)

    def left(self, count: int, index: int, number: int) -> Left:
        """What a device left of the step's `count` rows of logits: Cutter.left."""
        assert self._cutter is not None, "it cut down a slot's"
        return self._cutter.left(count, index, number)

    def copy(self, source: int, target: int) -> None:
        """Make an empty sequence equal to another; part of one would abort in split mode."""
        binding.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def cut(self, sequence: int, position: int) -> bool:
        """Forget all from that position on; False, changing nothing, if it cannot.

        Recurrent memory cannot be rewound at all, sliding attention only within its window.
        """
        return binding.llama_memory_seq_rm(self._memory, sequence, position, -1)

    def clear(self, sequence: int) -> None:
        """Forget a sequence, which always can be done."""
        binding.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def oldest_position(self, sequence: int) -> int:
        """The first position still in memory; -1 for an empty sequence."""
        return binding.llama_memory_seq_pos_min(self._memory, sequence)

    @property
    def can_shift(self) -> bool:
        """Whether tokens can be taken out of a sequence's middle."""
        return binding.llama_memory_can_shift(self._memory)

    def shift(self, sequence: int, start: int, end: int) -> None:
        """Forget the positions from `start` to before `end`; what follows moves up."""
        binding.llama_memory_seq_rm(self._memory, sequence, start, end)
        binding.llama_memory_seq_add(self._memory, sequence, end, -1, start - end)

    def state(self, sequence: int, *, partial: bool = False) -> NDArray[np.uint8]:
        """A copy of a sequence's memory; `partial`: of what of it cannot be cut, alone."""
        which: Any = (sequence, int(partial))
        size = binding.llama_state_seq_get_size_ext(self.pointer, *which)
        copy = np.empty(size, np.uint8)
        place: Any = copy.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        binding.llama_state_seq_get_data_ext(self.pointer, place, size, *which)
        return copy

    def set_state(self, sequence: int, state: NDArray[np.uint8], *, partial: bool = False) -> bool:
        """Put such a copy in the place of a sequence's memory; False if it does not fit."""
        place: Any = state.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
        which: Any = (sequence, int(partial))
        size = state.nbytes
        return binding.llama_state_seq_set_data_ext(self.pointer, place, size, *which) > 0

    def devices(self, spec: LoadSpec) -> tuple[DeviceBytes, ...]:
        """What it and its model hold, by device; empty where that cannot be read."""
        return breakdown(self.pointer, spec, dry=False) or ()

    def _map_batch(self) -> None:
        room, batch = self.batch_tokens, self._batch
        self._filled = 0
        self._tokens = _view(batch.token, ctypes.c_int32, room)
        self._positions = _view(batch.pos, ctypes.c_int32, room)
        self._outputs = _view(batch.logits, ctypes.c_int8, room)
        # Every token belongs to one sequence; its list of them is one number of this table.
        self._numbers = np.arange(self.sequences, dtype=np.int32)
        self._addresses = [self._numbers.ctypes.data + 4 * n for n in range(self.sequences)]
        self._sequences = _view(batch.seq_id, ctypes.c_size_t, room)
        _view(batch.n_seq_id, ctypes.c_int32, room)[:] = 1
