"""The only file that imports llama_cpp: its structs and functions, with types.

Every pointer llama.cpp keeps is kept alive here. Memory is freed by the end of the process.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, assert_never

import llama_cpp
import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.errors import ForeignLibrary, LoadCancelled
from engine.protocol.load import CacheType, LoadSpec, SplitMode
from engine.worker.brake import Brake
from engine.worker.model_facts import ModelFacts
from engine.worker.native_log import NativeLog
from engine.worker.placing import expert_patterns, physical_cores
from engine.worker.refusal import check_file, refusal
from engine.worker.sampling import (
    Draw,
    Greedy,
    LogitBias,
    MinP,
    Penalties,
    Stage,
    Temperature,
    TopK,
    TopP,
)

LIBRARY_VERSION = "0.3.36"

_FLASH_ATTENTION_AUTO = -1
_ALL_LAYERS = -1

_SPLIT = {
    SplitMode.NONE: binding.LLAMA_SPLIT_MODE_NONE,
    SplitMode.LAYER: binding.LLAMA_SPLIT_MODE_LAYER,
    SplitMode.TENSOR: binding.LLAMA_SPLIT_MODE_TENSOR,
}
_CACHE = {
    CacheType.F16: binding.GGML_TYPE_F16,
    CacheType.Q8_0: binding.GGML_TYPE_Q8_0,
    CacheType.Q4_0: binding.GGML_TYPE_Q4_0,
}


class _TensorPlace(ctypes.Structure):
    """llama_model_tensor_buft_override, which the binding leaves out."""

    _fields_ = [("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p)]


class Library:
    """llama.cpp itself, with its log and its backends. One a process."""

    def __init__(self) -> None:
        """Raise ForeignLibrary if the structs below do not belong to the installed library."""
        if llama_cpp.__version__ != LIBRARY_VERSION:
            raise ForeignLibrary(
                f"llama-cpp-python {llama_cpp.__version__} is installed;"
                f" this program is made for {LIBRARY_VERSION}."
            )
        self.log = NativeLog(sys.stderr)

        def logged(level: int, text: bytes, _: object) -> None:
            self.log.feed(level, text.decode("utf-8", "replace"))

        self._logged = binding.llama_log_callback(logged)
        binding.llama_log_set(self._logged, ctypes.c_void_p(0))
        # A build with dynamic backends has none until this; to any other it does no harm. Asked
        # of any library but the one llama.cpp itself is linked to, it fills another registry.
        load_backends = _native("ggml_backend_load_all_from_path")
        load_backends.argtypes = [ctypes.c_char_p]
        load_backends.restype = None
        load_backends(os.fsencode(str(binding._base_path)))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        binding.llama_backend_init()


def _native(name: str) -> Any:
    """A function of ggml's that the binding leaves out."""
    if sys.platform == "win32":
        for module in ("ggml.dll", "ggml-base.dll"):
            library = ctypes.CDLL(module)
            if hasattr(library, name):
                return getattr(library, name)
    return getattr(binding._lib, name)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _view(pointer: object, kind: type[Any], count: int) -> NDArray[Any]:
    """The memory behind a pointer as an array."""
    typed: Any = ctypes.cast(pointer, ctypes.POINTER(kind))  # pyright: ignore[reportArgumentType]
    return np.ctypeslib.as_array(typed, (count,))


class Model:
    """A loaded model: its facts and its vocabulary."""

    def __init__(self, library: Library, spec: LoadSpec, going_on: Callable[[float], bool]) -> None:
        """Load it; `going_on` is told the fraction done, and answers False to cancel.

        Raises ModelNotFound, NotAModel, TruncatedModel, UnknownArchitecture, OutOfMemory,
        LoadFailed or LoadCancelled.
        """
        path = Path(spec.path)
        check_file(path)
        wanted = [True]

        def progress(fraction: float, _: object) -> bool:
            wanted[0] = going_on(fraction)
            return wanted[0]

        self._progress = binding.llama_progress_callback(progress)
        params = self._params(spec)
        pointer = binding.llama_model_load_from_file(os.fsencode(spec.path), params)
        if not pointer:
            if not wanted[0]:
                raise LoadCancelled(f"The load of {path.name} was cancelled.")
            raise refusal(path, library.log.complaints)
        self.pointer = pointer
        vocabulary = binding.llama_model_get_vocab(pointer)
        assert vocabulary is not None
        self._vocab = vocabulary
        self._pieces: dict[int, bytes] = {}
        self._scratch = ctypes.create_string_buffer(256)
        leads = binding.llama_vocab_get_add_bos(vocabulary)
        self._leading = int(binding.llama_vocab_bos(vocabulary)) if leads else None  # pyright: ignore[reportArgumentType]
        self.facts = self._read_facts()

    def tokenize(self, text: str, *, prompt: bool = False) -> list[int]:
        """Special tokens are parsed. A prompt begins with BOS where the model was so trained.

        Templates often write BOS themselves; it is never doubled.
        """
        encoded = text.encode("utf-8", "replace")
        room = len(encoded) + 16
        tokens = (ctypes.c_int32 * room)()
        count = binding.llama_tokenize(
            self._vocab,
            encoded,
            len(encoded),
            tokens,  # pyright: ignore[reportArgumentType]
            room,
            False,  # noqa: FBT003
            True,  # noqa: FBT003
        )
        assert count >= 0, "a token is at least a byte"
        found = list(tokens[:count])
        if prompt and self._leading is not None and found[:1] != [self._leading]:
            found.insert(0, self._leading)
        return found

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; control tokens stand for none."""
        piece = self._pieces.get(token)
        if piece is None:
            piece = self._pieces[token] = self._text(token, special=False)
        return piece

    def ends(self, token: int) -> bool:
        """Whether the model has finished with this token."""
        return binding.llama_vocab_is_eog(self._vocab, token)

    def _text(self, token: int, *, special: bool) -> bytes:
        if token < 0:
            return b""
        size = binding.llama_token_to_piece(
            self._vocab, token, self._scratch, len(self._scratch), 0, special
        )
        if size < 0:
            self._scratch = ctypes.create_string_buffer(-size)
            return self._text(token, special=special)
        return self._scratch.raw[:size]

    def _params(self, spec: LoadSpec) -> binding.llama_model_params:
        params = binding.llama_model_default_params()
        params.n_gpu_layers = _ALL_LAYERS if spec.gpu_layers is None else spec.gpu_layers
        params.split_mode = _SPLIT[spec.split_mode]
        params.main_gpu = spec.main_gpu
        params.load_mode = (
            binding.LLAMA_LOAD_MODE_AUTO if spec.memory_map else binding.LLAMA_LOAD_MODE_NONE
        )
        params.progress_callback = self._progress
        if spec.tensor_split:
            room = max(len(spec.tensor_split), binding.llama_max_devices())
            self._shares = (ctypes.c_float * room)(*spec.tensor_split)
            params.tensor_split = self._shares
        if spec.gpu_layers == 0 and spec.split_mode is not SplitMode.TENSOR:
            # An empty list of devices: else each card would still give some hundred MB.
            self._devices = (ctypes.c_void_p * 1)()
            params.devices = ctypes.addressof(self._devices)  # pyright: ignore[reportAttributeAccessIssue]
        patterns = expert_patterns(spec.cpu_experts)
        if patterns:
            buffer_type = _native("ggml_backend_cpu_buffer_type")
            buffer_type.restype = ctypes.c_void_p
            self._places = (_TensorPlace * (len(patterns) + 1))()  # the last one, empty, ends it
            for place, pattern in zip(self._places, patterns, strict=False):
                place.pattern, place.buffer_type = pattern.encode("ascii"), buffer_type()
            places = ctypes.addressof(self._places)
            params.tensor_buft_overrides = places  # pyright: ignore[reportAttributeAccessIssue]
        return params

    def _read_facts(self) -> ModelFacts:
        pointer = self.pointer
        text = ctypes.create_string_buffer(256)
        binding.llama_model_desc(pointer, text, len(text))
        description = text.value.decode("utf-8", "replace")
        binding.llama_model_meta_val_str(
            pointer,
            b"general.architecture",
            text,  # pyright: ignore[reportArgumentType]
            len(text),
        )
        template = binding.llama_model_chat_template(pointer, None)
        bos: Any = binding.llama_vocab_bos(self._vocab)
        eos: Any = binding.llama_vocab_eos(self._vocab)
        return ModelFacts(
            architecture=text.value.decode("utf-8", "replace"),
            description=description,
            parameters=binding.llama_model_n_params(pointer),
            layers=binding.llama_model_n_layer(pointer),
            vocabulary=binding.llama_vocab_n_tokens(self._vocab),
            trained_context_tokens=binding.llama_model_n_ctx_train(pointer),
            window_tokens=binding.llama_model_n_swa(pointer),
            template=(template or b"").decode("utf-8", "replace"),
            bos=self._text(bos, special=True).decode("utf-8", "replace"),
            eos=self._text(eos, special=True).decode("utf-8", "replace"),
        )


class Sampler:
    """A sampler chain of one request."""

    def __init__(self, chain: Sequence[Stage], vocabulary: int) -> None:
        params = binding.llama_sampler_chain_default_params()
        params.no_perf = True
        self.pointer = binding.llama_sampler_chain_init(params)
        self._kept: list[object] = []
        for stage in chain:
            binding.llama_sampler_chain_add(self.pointer, self._stage(stage, vocabulary))

    def accept(self, tokens: Iterable[int]) -> None:
        """These were said before: penalties count them."""
        for token in tokens:
            binding.llama_sampler_accept(self.pointer, token)

    def free(self) -> None:
        """Give its memory back; it cannot be used after."""
        binding.llama_sampler_free(self.pointer)

    def _stage(self, stage: Stage, vocabulary: int) -> "binding.llama_sampler_p":  # noqa: PLR0911
        match stage:
            case LogitBias(biases=biases):
                array = (binding.llama_logit_bias * len(biases))()
                for entry, (token, bias) in zip(array, biases.items(), strict=True):
                    entry.token, entry.bias = token, bias
                self._kept.append(array)
                return binding.llama_sampler_init_logit_bias(vocabulary, len(array), array)
            case Penalties(window_tokens=window, repeat=repeat, frequency=often, presence=once):
                return binding.llama_sampler_init_penalties(vocabulary, window, repeat, often, once)
            case TopK(k=k):
                return binding.llama_sampler_init_top_k(k)
            case TopP(p=p):
                return binding.llama_sampler_init_top_p(p, 1)
            case MinP(p=p):
                return binding.llama_sampler_init_min_p(p, 1)
            case Temperature(temperature=temperature):
                return binding.llama_sampler_init_temp(temperature)
            case Draw(seed=seed):
                return binding.llama_sampler_init_dist(seed)
            case Greedy():
                return binding.llama_sampler_init_greedy()
            case _:
                assert_never(stage)


class Context:
    """The memory of all sequences, and one preallocated batch over it."""

    def __init__(self, library: Library, model: Model, spec: LoadSpec, brake: Brake) -> None:
        """Make the context; raises OutOfMemory or LoadFailed."""
        params = self._params(spec, brake)
        pointer = binding.llama_init_from_model(model.pointer, params)
        if not pointer:
            raise refusal(Path(spec.path), library.log.complaints)
        self._pointer = pointer
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
        self._batch = binding.llama_batch_init(self.batch_tokens, 0, 1)
        self._map_batch()

    def clear_batch(self) -> None:
        """Begin a new batch."""
        self._filled = 0

    def add(self, sequence: int, position: int, tokens: Sequence[int], *, output: bool) -> int:
        """Put these tokens of a sequence into the batch; gives the index of the last.

        With `output` the logits after the last are computed.
        """
        start, end = self._filled, self._filled + len(tokens)
        if len(tokens) == 1:
            self._tokens[start] = tokens[0]
            self._positions[start] = position
            self._sequences[start] = self._addresses[sequence]
        else:
            self._tokens[start:end] = tokens
            self._positions[start:end] = range(position, position + len(tokens))
            self._sequences[start:end] = self._addresses[sequence]
            self._outputs[start:end] = 0
        self._outputs[end - 1] = output
        self._filled = end
        return end - 1

    def decode(self) -> int:
        """Process the batch, and wait for it; llama_decode's code, 0 if all went well."""
        self._batch.n_tokens = self._filled
        code = binding.llama_decode(self._pointer, self._batch)
        if code == 0:
            # Waits for the device and orders the logits, so that threads may read them at once.
            binding.llama_get_logits(self._pointer)
        return code

    def sample(self, sampler: Sampler, index: int) -> int:
        """Choose the token after the batch's token `index`, and accept it."""
        return binding.llama_sampler_sample(sampler.pointer, self._pointer, index)

    def copy(self, source: int, target: int) -> None:
        """Make an empty sequence equal to another; part of one would abort in split mode."""
        binding.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def cut(self, sequence: int, keep: int) -> bool:
        """Forget all after the first `keep` tokens; False, changing nothing, if it cannot.

        Recurrent memory cannot be rewound at all, sliding attention only within its window.
        """
        return binding.llama_memory_seq_rm(self._memory, sequence, keep, -1)

    def clear(self, sequence: int) -> None:
        """Forget a sequence, which always can be done."""
        binding.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def oldest_position(self, sequence: int) -> int:
        """The first position still in memory; -1 for an empty sequence."""
        return binding.llama_memory_seq_pos_min(self._memory, sequence)

    @staticmethod
    def _params(spec: LoadSpec, brake: Brake) -> binding.llama_context_params:
        threads = spec.threads or physical_cores()
        params = binding.llama_context_default_params()
        params.n_ctx = spec.context_tokens
        params.n_batch = max(spec.batch_tokens, spec.streams)
        params.n_ubatch = min(spec.micro_batch_tokens, params.n_batch)
        params.n_seq_max = spec.streams
        params.n_outputs_max = spec.streams
        params.n_threads = threads
        params.n_threads_batch = threads
        params.flash_attn_type = _FLASH_ATTENTION_AUTO
        params.type_k = params.type_v = _CACHE[spec.cache_type]
        params.offload_kqv = True
        params.swa_full = False
        params.kv_unified = spec.unified_kv
        params.no_perf = True
        params.abort_callback = binding.ggml_abort_callback(brake.question)
        params.abort_callback_data = ctypes.c_void_p(brake.flag)
        return params

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
