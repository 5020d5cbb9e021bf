"""Siblings: the other quantizations of a model, known from few of their bytes.

Of one quantization, the reference, the header was read whole. A sibling has the same vocabulary, so
its tensor table lies nearly where the reference's does: it is looked for there, and believed when
its tensors' names, dimensions and running offsets are right and end where the file ends. What the
metadata says of the model's build is compared, not assumed.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import ModelError
from engine.gguf.reader import (
    Header,
    LongArray,
    Opening,
    Tensor,
    Value,
    check_places,
    padded,
    read_opening,
    read_tensor,
    read_value,
)
from engine.gguf.window import Window

# What the metadata of two quantizations differ by: an importance matrix's file and counts.
_SLACK_BYTES = 12 << 10
_HEAD_SLACK_BYTES = 1 << 10
_MOST_HEAD_BYTES = 64 << 10
_MOST_TABLE_BYTES = 4 << 20
_MOST_PLACES = 8
_SPLIT = ("split.no", "split.count", "split.tensors.count")
_OWN = ("general.file_type", *_SPLIT)  # what each sibling says for itself
_SHARED = ("general.architecture", "general.type", "general.alignment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a file."""

    start: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A model read whole: its first file's header, and the tensors of all its files."""

    header: Header
    tensors: tuple[Tensor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What was fetched of a sibling's first file: its start, and where its table should lie."""

    size_bytes: int
    head: bytes
    middle: bytes
    middle_start: int


def spans_of(reference: Reference, size_bytes: int) -> tuple[Span, Span] | None:
    """What to fetch of a sibling's first file: its head and its middle. None if it is no use."""
    header = reference.header
    table_bytes = sum(map(_line_bytes, reference.tensors))
    arrays = (one.offset for one in header.metadata.values() if isinstance(one, LongArray))
    head_bytes = min(arrays, default=header.table_start) + _HEAD_SLACK_BYTES
    if table_bytes > _MOST_TABLE_BYTES or not reference.tensors:
        return None
    start = max(0, min(header.table_start, size_bytes) - _SLACK_BYTES)
    count = min(table_bytes + 2 * _SLACK_BYTES, size_bytes - start)
    head = Span(start=0, count=min(head_bytes, _MOST_HEAD_BYTES, size_bytes))
    return head, Span(start=start, count=count)


def sibling_header(reference: Reference, glimpse: Glimpse) -> Header | None:
    """The header of a sibling's first file; None if it must be read whole.

    Its metadata is the reference's, with what the sibling says for itself; the long arrays' places
    are the reference's.
    """
    try:
        opening = read_opening(io.BytesIO(glimpse.head), glimpse.size_bytes)
        metadata = _metadata(reference.header, opening, glimpse)
        if metadata is None or not _counts_fit(reference, opening, metadata):
            return None
        return _with_table(reference, opening, metadata, glimpse)
    except ModelError:
        return None


def _metadata(reference: Header, opening: Opening, glimpse: Glimpse) -> dict[str, Value] | None:
    """The sibling's metadata; None if it is not built as the reference is."""
    of_model = f"{reference.metadata.get('general.architecture')}."
    own = {key: one for key, one in opening.metadata.items() if not isinstance(one, LongArray)}
    for key in set(reference.metadata) | set(own):
        if not key.startswith(of_model) and key not in _SHARED:
            continue
        value = reference.metadata.get(key)
        if isinstance(value, LongArray):
            continue
        seen = own[key] if key in own else _found(glimpse.middle, key)
        if seen != value:
            return None
    metadata = {key: one for key, one in reference.metadata.items() if key not in _OWN} | own
    for key in _OWN:
        value = own[key] if key in own else _found(glimpse.middle, key)
        if value is not None:
            metadata[key] = value
    return metadata


def _found(middle: bytes, key: str) -> Value | None:
    """The value of the metadata entry with that key, if it lies in these bytes."""
    pattern = struct.pack("<Q", len(key)) + key.encode()
    at = middle.find(pattern)
    if at < 0:
        return None
    after = at + len(pattern)
    return read_value(io.BytesIO(middle[after : after + 256]))


def _counts_fit(reference: Reference, opening: Opening, metadata: dict[str, Value]) -> bool:
    if metadata.get("split.count", 1) == 1:
        return opening.tensors == len(reference.tensors)
    whole = metadata.get("split.tensors.count")
    return whole == len(reference.tensors) and opening.tensors <= len(reference.tensors)


def _with_table(
    reference: Reference, opening: Opening, metadata: dict[str, Value], glimpse: Glimpse
) -> Header | None:
    alignment = reference.header.alignment
    if not opening.tensors:
        start = padded(glimpse.size_bytes, alignment)
        return _header(opening, metadata, (), alignment, start)
    for at in _places(glimpse.middle, reference.tensors[0]):
        window = Window(io.BytesIO(glimpse.middle[at:]))
        tensors = _table(reference, opening.tensors, window)
        if tensors is None:
            continue
        start = padded(glimpse.middle_start + at + window.position, alignment)
        check_places(tensors, start, alignment, glimpse.size_bytes)
        end = start + tensors[-1].offset + tensors[-1].size_bytes
        if end <= glimpse.size_bytes <= padded(end, alignment):
            return _header(opening, metadata, tensors, alignment, start)
    return None


def _places(middle: bytes, first: Tensor) -> Iterator[int]:
    """Where a table that begins with a tensor of that name and shape may begin."""
    shape = struct.pack(f"<I{len(first.dimensions)}Q", len(first.dimensions), *first.dimensions)
    name = first.name.encode()
    pattern = struct.pack("<Q", len(name)) + name + shape
    at = -1
    for _ in range(_MOST_PLACES):
        at = middle.find(pattern, at + 1)
        if at < 0:
            return
        yield at


def _table(reference: Reference, count: int, window: Window) -> tuple[Tensor, ...] | None:
    """So many tensors, named and shaped as the reference's first ones; None if they are not."""
    tensors: list[Tensor] = []
    for known in reference.tensors[:count]:
        tensor = read_tensor(window)
        if (tensor.name, tensor.dimensions) != (known.name, known.dimensions):
            return None
        tensors.append(tensor)
    return tuple(tensors)


def _header(
    opening: Opening,
    metadata: dict[str, Value],
    tensors: tuple[Tensor, ...],
    alignment: int,
    tensors_start: int,
) -> Header:
    return Header(
        version=opening.version,
        metadata=metadata,
        tensors=tensors,
        alignment=alignment,
        tensors_start=tensors_start,
    )


def _line_bytes(tensor: Tensor) -> int:
    return 24 + len(tensor.name.encode()) + 8 * len(tensor.dimensions)
