"""The cards that CUDA lets programs see, as CUDA_VISIBLE_DEVICES has it.

llama.cpp counts these alone, in that order, and so do we: a number means the same card to both.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from engine.hardware.bounds import text
from engine.hardware.nvidia import installed_library
from engine.hardware.nvml import NvmlLibrary

_VARIABLE = "CUDA_VISIBLE_DEVICES"
_PART_OF_A_CARD = "MIG-"


def visible_library(
    environment: Mapping[str, str], library: NvmlLibrary | None = None
) -> NvmlLibrary | None:
    """NVML, of those cards alone; `library` itself where the variable hides none."""
    told = environment.get(_VARIABLE)
    if told is None or _PART_OF_A_CARD in told:
        return library
    return cast("NvmlLibrary", _Visible(told, library))


def visible(told: str, count: int, uuid_of: Callable[[int], str | None]) -> tuple[int, ...]:
    """The places of the cards, of so many, that the variable's words leave; pure.

    Numbers and beginnings of UUIDs, up to the first that names no card. One named twice leaves
    none at all: that is how PyTorch, which counts cards without CUDA too, reads the variable.
    https://docs.nvidia.com/cuda/cuda-c-programming-guide/index.html#env-vars
    """
    found: list[int] = []
    for word in told.split(","):
        place = _place(word.strip(), count, uuid_of)
        if place is None:
            break
        if place in found:
            return ()
        found.append(place)
    return tuple(found)


def _place(word: str, count: int, uuid_of: Callable[[int], str | None]) -> int | None:
    if word.upper().startswith("GPU-"):
        named = [n for n in range(count) if (uuid_of(n) or "").upper().startswith(word.upper())]
        return named[0] if len(named) == 1 else None
    return int(word) if word.isdecimal() and int(word) < count else None


class _Visible:
    """Counts and numbers the cards anew; all else is the library's own."""

    def __init__(self, told: str, library: NvmlLibrary | None) -> None:
        self._told = told
        self._library = library
        self._places: tuple[int, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        self._places = visible(self._told, self._own.nvmlDeviceGetCount(), self._uuid)
        return len(self._places)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> object:  # noqa: N802
        return self._own.nvmlDeviceGetHandleByIndex(self._places[index])

    @property
    def _own(self) -> NvmlLibrary:
        if self._library is None:
            self._library = installed_library()
        return self._library

    def _uuid(self, place: int) -> str | None:
        return text(self._own.nvmlDeviceGetUUID(self._own.nvmlDeviceGetHandleByIndex(place)))
