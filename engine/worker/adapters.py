"""LoRA adapters: loaded with the model, and scaled for each request."""

import ctypes
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llama_cpp import llama_cpp as binding

from engine.errors import BadRequest, LoadFailed
from engine.protocol.load import Adapter
from engine.worker.native_log import NativeLog

Scales = tuple[float, ...]  # of all loaded adapters, in their order

_GREATEST_SCALE = 100.0


class Adapters:
    """The adapters of one model."""

    def __init__(self, model: Any, adapters: tuple[Adapter, ...], log: NativeLog) -> None:
        """Load them, before any context is made. Raises LoadFailed."""
        self._adapters = adapters
        loaded = [_load(model, adapter, log) for adapter in adapters]
        self._array = (binding.llama_adapter_lora_p_ctypes * len(loaded))(*loaded)

    def scales(self, wished: Mapping[str, float]) -> Scales:
        """A scale for each adapter: the wished, or the load's. Raises BadRequest."""
        names = {adapter.name for adapter in self._adapters}
        for name, scale in wished.items():
            if name not in names:
                there = ", ".join(sorted(names)) or "none"
                sentence = f"adapters names {name[:80]!r}; loaded with this model: {there}."
                raise BadRequest(sentence)
            if not (math.isfinite(scale) and abs(scale) <= _GREATEST_SCALE):
                limits = f"between {-_GREATEST_SCALE:g} and {_GREATEST_SCALE:g}"
                raise BadRequest(f"adapters scales {name!r} by {scale}; it must lie {limits}.")
        return tuple(wished.get(adapter.name, adapter.scale) for adapter in self._adapters)

    def apply(self, context: Any, scales: Scales) -> None:
        """From the next step on, they weigh so much in this context."""
        numbers = (ctypes.c_float * len(scales))(*scales)
        change: Any = binding.llama_set_adapters_lora  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        change(context, self._array, len(scales), numbers)


def _load(model: Any, adapter: Adapter, log: NativeLog) -> Any:
    path = Path(adapter.path)
    if not path.is_file():
        raise LoadFailed(f"The adapter {path} is not there.", remedy="Check its path.")
    before = len(log.complaints)
    loaded = binding.llama_adapter_lora_init(model, os.fsencode(adapter.path))
    if not loaded:
        said = " ".join(log.complaints[before:])
        raise LoadFailed(
            f"The adapter {path.name} cannot be used with this model: {said}",
            remedy="Choose a LoRA adapter in GGUF form that was made for this model.",
        )
    return loaded
