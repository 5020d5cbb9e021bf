"""What a context holds, by device and purpose: a walk over llama.cpp's own map of it.

llama_get_memory_breakdown returns a std::map<buffer type, {model, context, compute}> by value, and
has a C++ name. Our own builds of llama.cpp carry a small library that tells it as C would
(installers/engine/memory_shim.cpp). Beside another build, both are read as the Itanium ABI and
libstdc++ lay them out; on any other platform, or where the symbol is gone, there is no answer, and
callers do without.
"""

import ctypes
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.protocol.load import LoadSpec, SplitMode
from engine.protocol.messages import DeviceBytes
from engine.worker.params import cards, library_folder, native

_SYMBOL = "_Z26llama_get_memory_breakdownPK13llama_context"
_SHIMS = {"win32": "fullbore-memory.dll", "darwin": "libfullbore-memory.dylib"}
_MOST_BUFFERS = 256  # more is no map of ours


class _Row(ctypes.Structure):
    """fullbore_buffers of memory_shim.cpp."""

    _fields_ = [
        ("buffer_type", ctypes.c_void_p),
        ("model", ctypes.c_size_t),
        ("context", ctypes.c_size_t),
        ("compute", ctypes.c_size_t),
    ]


class _Node(ctypes.Structure):
    """std::_Rb_tree_node with that pair."""

    _fields_ = [
        ("colour", ctypes.c_int),
        ("parent", ctypes.c_void_p),
        ("left", ctypes.c_void_p),
        ("right", ctypes.c_void_p),
        ("buffer_type", ctypes.c_void_p),
        ("model", ctypes.c_size_t),
        ("context", ctypes.c_size_t),
        ("compute", ctypes.c_size_t),
    ]


class _Map(ctypes.Structure):
    """std::map: an unused comparison, a header node, a count."""

    _fields_ = [
        ("compare", ctypes.c_size_t),
        ("colour", ctypes.c_int),
        ("parent", ctypes.c_void_p),
        ("left", ctypes.c_void_p),
        ("right", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Buffers:
    """One entry of the map."""

    buffer_type: int
    model: int
    context: int
    compute: int


def breakdown(context: Any, spec: LoadSpec, *, dry: bool) -> tuple[DeviceBytes, ...] | None:
    """What this context and its model hold; None where it cannot be read.

    In tensor split llama.cpp tells one sum for all cards together: each card's part is then
    reckoned by its share, and but nearly right.
    """
    entries = _shimmed(context, library_folder()) or _mapped(context)
    if entries is None:
        return None
    found: list[DeviceBytes] = []
    for entry in entries:
        found.extend(_told(entry, spec, dry=dry))
    return tuple(found)


def announced(compute: Mapping[str, int]) -> tuple[DeviceBytes, ...]:
    """The compute bytes that llama.cpp's log gives by device name, where there is no map."""
    name = native("ggml_backend_dev_name", ctypes.c_char_p, ctypes.c_void_p)
    numbers = {name(device).decode("utf-8", "replace"): n for n, device in enumerate(cards())}
    return tuple(
        DeviceBytes(name=device, card=numbers.get(device), weights=0, kv=0, compute=size)
        for device, size in compute.items()
    )


def _shimmed(context: Any, folder: Path) -> list[_Buffers] | None:
    """As the small library beside llama.cpp tells it; None where there is none."""
    name = _SHIMS.get(sys.platform, "libfullbore-memory.so")
    try:
        tell = ctypes.CDLL(str(folder / name)).fullbore_memory
    except (OSError, AttributeError):  # not there, or made for another build
        return None
    tell.restype = ctypes.c_int32
    tell.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int32)
    rows = (_Row * _MOST_BUFFERS)()
    count = tell(context, ctypes.addressof(rows), _MOST_BUFFERS)
    if not 0 <= count <= _MOST_BUFFERS:
        return None
    return [
        _Buffers(
            buffer_type=row.buffer_type,
            model=row.model,
            context=row.context,
            compute=row.compute,
        )
        for row in rows[:count]
    ]


def _mapped(context: Any) -> list[_Buffers] | None:
    """As the map lies in memory; None where that is not known."""
    # On other processors, ARM's for one, the place for the answer is passed otherwise.
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    try:
        tell = native(_SYMBOL, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    except AttributeError:
        return None
    # The map's nodes, a hundred bytes each, are never freed: nobody here can call its destructor.
    answer = _Map()
    tell(ctypes.addressof(answer), context)
    return _walk(answer)


def _walk(answer: _Map) -> list[_Buffers] | None:
    """The entries in their order; None if this is not the map we know."""
    if answer.count > _MOST_BUFFERS:
        return None
    entries: list[_Buffers] = []
    above: list[_Node] = []
    at: int | None = answer.parent
    while above or at:
        if at:
            node = _Node.from_address(at)
            above.append(node)
            at = node.left
            if len(above) > _MOST_BUFFERS:
                return None
            continue
        node = above.pop()
        entries.append(
            _Buffers(
                buffer_type=node.buffer_type,
                model=node.model,
                context=node.context,
                compute=node.compute,
            )
        )
        if len(entries) > answer.count:
            return None
        at = node.right
    return entries if len(entries) == answer.count else None


def _told(entry: _Buffers, spec: LoadSpec, *, dry: bool) -> list[DeviceBytes]:
    name = native("ggml_backend_buft_name", ctypes.c_char_p, ctypes.c_void_p)
    in_ram = native("ggml_backend_buft_is_host", ctypes.c_bool, ctypes.c_void_p)
    device_of = native("ggml_backend_buft_get_device", ctypes.c_void_p, ctypes.c_void_p)
    row = DeviceBytes(
        name=name(entry.buffer_type).decode("utf-8", "replace"),
        card=None,
        weights=entry.model,
        kv=entry.context,
        compute=entry.compute,
    )
    if in_ram(entry.buffer_type):
        return [row]
    there = cards()
    device = device_of(entry.buffer_type)
    if device in there:
        return [replace(row, card=there.index(device))]
    if spec.split_mode is SplitMode.TENSOR and row.name.startswith("Meta("):
        return _shared_out(row, spec, len(there), dry=dry)
    return [row]  # the processor's own arrangements of weights


def _shared_out(row: DeviceBytes, spec: LoadSpec, count: int, *, dry: bool) -> list[DeviceBytes]:
    """The meta device's sum by card.

    A dry run tells the tensors' whole sizes, a load the greatest card's; and every card has the
    whole of the compute buffer (ggml-backend-meta.cpp).
    """
    numbers = spec.devices or tuple(range(count))
    given = spec.tensor_split[: len(numbers)]
    shares = given if sum(given) > 0 else (1.0,) * len(numbers)
    whole = sum(shares) if dry else max(shares)
    return [
        DeviceBytes(
            name=f"{row.name}[{place}]",
            card=number,
            weights=round(row.weights * share / whole),
            kv=round(row.kv * share / whole),
            compute=row.compute,
        )
        for place, (number, share) in enumerate(zip(numbers, shares, strict=False))
    ]
