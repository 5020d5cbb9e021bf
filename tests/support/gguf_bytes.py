"""Small GGUF files, byte by byte: valid ones, and the pieces to make broken ones of."""

import struct
from collections.abc import Mapping, Sequence

from engine.gguf.format import TENSOR_TYPES, ValueType

ALIGNMENT = 32

Plain = bool | int | float | str | Sequence[str] | Sequence[int] | Sequence[float]

TINY: Mapping[str, Plain] = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "general.file_type": 1,
    "llama.block_count": 2,
    "llama.context_length": 2048,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.chat_template": "{{ messages }}",
    "tokenizer.ggml.tokens": [f"t{number}" for number in range(100)],
}


def gguf_bytes(
    metadata: Mapping[str, Plain] | None = None,
    *,
    tensors: Mapping[str, tuple[int, tuple[int, ...]]] | None = None,
    version: int = 3,
) -> bytes:
    """A whole file: a header and its tensors, filled with zeros.

    `tensors` maps a name to its type's number and its dimensions; by default one F16 of 64 × 32.
    """
    pairs = TINY if metadata is None else metadata
    shapes = {"token_embd.weight": (1, (64, 32))} if tensors is None else tensors
    lines: list[bytes] = []
    place = 0
    for name, (number, dimensions) in shapes.items():
        lines.append(tensor_line(name, number, dimensions, place))
        place += padded(tensor_bytes(number, dimensions))
    head = b"GGUF" + struct.pack("<IQQ", version, len(shapes), len(pairs))
    header = head + b"".join(pair(key, value) for key, value in pairs.items()) + b"".join(lines)
    return header.ljust(padded(len(header)), b"\0") + bytes(place)


def split_bytes(
    metadata: Mapping[str, Plain],
    shards: Sequence[Mapping[str, tuple[int, tuple[int, ...]]]],
) -> list[bytes]:
    """The files of a split model: the first has the metadata, all tell what they are part of."""
    total = sum(map(len, shards))
    files: list[bytes] = []
    for number, tensors in enumerate(shards):
        split: dict[str, Plain] = {
            "split.no": number,
            "split.count": len(shards),
            "split.tensors.count": total,
        }
        files.append(gguf_bytes(split if number else {**metadata, **split}, tensors=tensors))
    return files


def text(value: str) -> bytes:
    """A string as GGUF writes it."""
    body = value.encode()
    return struct.pack("<Q", len(body)) + body


def pair(key: str, value: Plain) -> bytes:
    """One metadata entry."""
    return text(key) + _typed(value)


def array(key: str, element: int, count: int, body: bytes = b"") -> bytes:
    """One metadata entry with an array, whose count may lie."""
    return text(key) + struct.pack("<IIQ", ValueType.ARRAY, element, count) + body


def tensor_line(name: str, number: int, dimensions: tuple[int, ...], offset: int) -> bytes:
    """One line of the tensor table."""
    shape = struct.pack(f"<I{len(dimensions)}Q", len(dimensions), *dimensions)
    return text(name) + shape + struct.pack("<IQ", number, offset)


def header_only(pairs: Sequence[bytes], tensor_lines: Sequence[bytes] = ()) -> bytes:
    """A header of hand-made entries and lines, with nothing behind it."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensor_lines), len(pairs))
    return head + b"".join(pairs) + b"".join(tensor_lines)


def tensor_bytes(number: int, dimensions: tuple[int, ...]) -> int:
    """The bytes of a tensor of that type and shape."""
    kind = TENSOR_TYPES[number]
    elements = 1
    for dimension in dimensions:
        elements *= dimension
    return elements // kind.block_elements * kind.block_bytes


def padded(count: int) -> int:
    """`count`, rounded up to the alignment."""
    return -(-count // ALIGNMENT) * ALIGNMENT


def _typed(value: Plain) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", ValueType.BOOL, value)
        case int():
            return struct.pack("<II", ValueType.UINT32, value)
        case float():
            return struct.pack("<If", ValueType.FLOAT32, value)
        case str():
            return struct.pack("<I", ValueType.STRING) + text(value)
        case _:
            return _typed_array(value)


def _typed_array(values: Sequence[str] | Sequence[int] | Sequence[float]) -> bytes:
    kind = ValueType.FLOAT32
    body: list[bytes] = []
    for value in values:
        match value:
            case str():
                kind = ValueType.STRING
                body.append(text(value))
            case int():
                kind = ValueType.INT32
                body.append(struct.pack("<i", value))
            case float():
                body.append(struct.pack("<f", value))
    return struct.pack("<IIQ", ValueType.ARRAY, kind, len(values)) + b"".join(body)
