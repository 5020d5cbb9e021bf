"""A LoadSpec as llama.cpp's structs: the same for a load and for its dry run, so they agree."""

import ctypes
import sys
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as binding

from engine.errors import NoSuchCard
from engine.protocol.load import CacheType, LoadSpec, Pooling, Purpose, SplitMode
from engine.worker.placing import expert_patterns, physical_cores, spare_some

_FLASH_ATTENTION_AUTO = -1
_ALL_LAYERS = -1
_GPU, _INTEGRATED_GPU = 1, 2  # ggml_backend_dev_type

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


_POOLING = {
    Pooling.MEAN: binding.LLAMA_POOLING_TYPE_MEAN,
    Pooling.CLS: binding.LLAMA_POOLING_TYPE_CLS,
    Pooling.LAST: binding.LLAMA_POOLING_TYPE_LAST,
}


class _TensorPlace(ctypes.Structure):
    """llama_model_tensor_buft_override, which the binding leaves out."""

    _fields_ = [("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p)]


class _Properties(ctypes.Structure):
    """ggml_backend_dev_props; its capabilities are of no interest, but have room."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("memory_free", ctypes.c_size_t),
        ("memory_total", ctypes.c_size_t),
        ("type", ctypes.c_int),
        ("device_id", ctypes.c_char_p),
        ("capabilities", ctypes.c_bool * 64),
    ]


def native(name: str, result: Any = None, *arguments: Any) -> Any:
    """A function of llama.cpp's or ggml's that the binding leaves out.

    Raises AttributeError if this build has none of that name.
    """
    function = _found(name)
    function.restype, function.argtypes = result, arguments
    return function


def library_folder() -> Path:
    """Where llama.cpp's libraries lie."""
    return Path(str(binding._base_path))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _found(name: str) -> Any:
    if sys.platform == "win32":
        for module in ("ggml.dll", "ggml-base.dll"):
            library = ctypes.CDLL(module)
            if hasattr(library, name):
                return getattr(library, name)
    return getattr(binding._lib, name)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def cards() -> list[int]:
    """The addresses of all cards, in the order that LoadSpec numbers them by.

    One seen by two backends counts once.
    Integrated ones are only taken where there is no other, as llama.cpp itself does.
    """
    count = native("ggml_backend_dev_count", ctypes.c_size_t)()
    device_at = native("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    properties_of = native("ggml_backend_dev_get_props", None, ctypes.c_void_p, ctypes.c_void_p)
    found: dict[int, list[int]] = {_GPU: [], _INTEGRATED_GPU: []}
    seen: set[bytes] = set()
    for number in range(count):
        device = device_at(number)
        if device_type(device) not in found:
            continue
        properties = _Properties()
        properties_of(device, ctypes.addressof(properties))
        identity: bytes | None = properties.device_id
        if identity is None or identity not in seen:
            found[device_type(device)].append(device)
        seen.update(() if identity is None else (identity,))
    return found[_GPU] or found[_INTEGRATED_GPU]


def device_type(device: int) -> int:
    """Whether it is a card or what else: ggml_backend_dev_type."""
    return native("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)(device)


class ModelParams:
    """llama_model_params (`struct`), and all that its pointers lead to.

    Two consequences of a spec are not visible in it. Any tensor override, even one that matches
    nothing, turns off pipeline copies: with `cpu_experts` the cards of a layer split need less
    compute memory and no longer overlap. And a list of devices limits the load to them: llama.cpp
    makes no context on other cards, and `main_gpu` and `tensor_split` count within the list.
    """

    def __init__(self, spec: LoadSpec, *, packs: bool, dry: bool = False) -> None:
        """Raise NoSuchCard if the spec names a card that is not there.

        With `packs` weights in RAM may be laid out anew for the processor. With `dry` nothing will
        be allocated, nor mapped: llama.cpp allows no mapping then.
        """
        self.struct = binding.llama_model_default_params()
        self.struct.use_extra_bufts = packs
        self.struct.no_alloc = dry
        self.struct.vocab_only = spec.vocabulary_only
        self.struct.n_gpu_layers = _ALL_LAYERS if spec.gpu_layers is None else spec.gpu_layers
        self.struct.split_mode = _SPLIT[spec.split_mode]
        self.struct.main_gpu = spec.main_gpu
        mapped = spec.memory_map and not dry
        self.struct.load_mode = (
            binding.LLAMA_LOAD_MODE_AUTO if mapped else binding.LLAMA_LOAD_MODE_NONE
        )
        if spec.tensor_split:
            room = max(len(spec.tensor_split), binding.llama_max_devices())
            self._shares = (ctypes.c_float * room)(*spec.tensor_split)
            self.struct.tensor_split = self._shares
        self._choose_devices(spec)
        self._place_experts(spec)

    def _choose_devices(self, spec: LoadSpec) -> None:
        chosen: list[int] = []
        if spec.gpu_layers == 0 and spec.split_mode is not SplitMode.TENSOR:
            pass  # an empty list: else each card would still give some hundred MB
        elif spec.devices:
            there = cards()
            for number in spec.devices:
                if not 0 <= number < len(there):
                    raise NoSuchCard(f"There is no card {number}: llama.cpp sees {len(there)}.")
                chosen.append(there[number])
        else:
            return
        self._devices = (ctypes.c_void_p * (len(chosen) + 1))(*chosen)  # a null ends it
        self.struct.devices = ctypes.addressof(self._devices)  # pyright: ignore[reportAttributeAccessIssue]

    def _place_experts(self, spec: LoadSpec) -> None:
        patterns = expert_patterns(spec.cpu_experts)
        if not patterns:
            return
        in_ram = native("ggml_backend_cpu_buffer_type", ctypes.c_void_p)()
        self._places = (_TensorPlace * (len(patterns) + 1))()  # the last one, empty, ends it
        for place, pattern in zip(self._places, patterns, strict=False):
            place.pattern, place.buffer_type = pattern.encode("ascii"), in_ram
        self.struct.tensor_buft_overrides = ctypes.addressof(self._places)  # pyright: ignore[reportAttributeAccessIssue]


def context_params(spec: LoadSpec) -> binding.llama_context_params:
    """llama_context_params, but for the callback that stops a step."""
    threads = spec.threads or spare_some(physical_cores())
    params = binding.llama_context_default_params()
    params.n_ctx = spec.context_tokens
    params.n_batch = max(spec.batch_tokens, spec.outputs)
    params.n_ubatch = min(spec.micro_batch_tokens, params.n_batch)
    params.n_seq_max = spec.streams
    params.n_outputs_max = spec.outputs
    params.n_outputs_max_per_seq = 1 + spec.draft_tokens
    params.n_threads = threads
    params.n_threads_batch = threads
    params.flash_attn_type = _FLASH_ATTENTION_AUTO
    params.type_k = params.type_v = _CACHE[spec.cache_type]
    params.offload_kqv = True
    params.swa_full = False
    params.kv_unified = spec.unified_kv
    params.no_perf = True
    if spec.purpose is not Purpose.TEXT:
        _for_vectors(params, spec)
    return params


def _for_vectors(params: binding.llama_context_params, spec: LoadSpec) -> None:
    """Every token is an output, a step is one micro-batch, and all texts share the cells."""
    params.embeddings = True
    params.n_batch = params.n_ubatch = max(spec.micro_batch_tokens, spec.streams)
    params.n_outputs_max = 0  # all of the batch
    params.kv_unified = True
    if spec.purpose is Purpose.RANK:
        params.pooling_type = binding.LLAMA_POOLING_TYPE_RANK
    elif spec.pooling is not None:
        params.pooling_type = _POOLING[spec.pooling]
