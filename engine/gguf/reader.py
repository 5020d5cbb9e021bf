"""From a file's first megabytes to its header. Every byte in it may lie."""

import math
import struct
from dataclasses import dataclass

from engine.errors import NotAModel, TruncatedModel
from engine.gguf.format import SCALAR_LETTER, TENSOR_TYPES, TensorType, ValueType
from engine.gguf.window import Source, Window, sane

MAGIC = b"GGUF"
_DEFAULT_ALIGNMENT = 32
_MAX_DIMENSIONS = 4  # ggml's GGML_MAX_DIMS
_MAX_TENSORS = 1 << 17
_MAX_PAIRS = 1 << 14
_MAX_KEY_BYTES = 1 << 12
_MAX_NAME_BYTES = 63  # ggml's GGML_MAX_NAME has room for a zero behind it
_MAX_TEXT_BYTES = 1 << 24  # templates reach a tenth of a megabyte
_MAX_KEPT_BYTES = 1 << 26
_KEPT_ELEMENTS = 1024  # per-layer lists are kept, vocabularies are not
_KEPT_STRINGS = 64

Scalar = int | float | bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class LongArray:
    """An array that was stepped over: a vocabulary, its scores, its merges."""

    element: ValueType
    count: int
    offset: int  # of its first element in the file


Value = Scalar | tuple[Scalar, ...] | LongArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """One line of the tensor table. `offset` counts from the start of the tensors' part."""

    name: str
    type: TensorType
    dimensions: tuple[int, ...]
    offset: int
    size_bytes: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.dimensions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a GGUF file says of itself before its tensors begin at `tensors_start`.

    `table_start` is where the tensor table begins.
    """

    version: int
    metadata: dict[str, Value]
    tensors: tuple[Tensor, ...]
    alignment: int
    tensors_start: int
    table_start: int = 0


def read_header(source: Source, *, size_bytes: int | None = None) -> Header:
    """The header of a GGUF file. Long arrays are stepped over, never built.

    `size_bytes` is the whole file's size if `source` holds only its beginning. Raises NotAModel
    for a file that is not GGUF or whose header lies, TruncatedModel for one that ends before its
    header or its tensors do, OSError if it cannot be read.
    """
    window = Window(source, size_bytes)
    version, tensor_count, pair_count = _read_counts(window)
    metadata = _Metadata(window).read(pair_count)
    alignment = _alignment(metadata)
    table_start = window.position
    tensors = tuple(read_tensor(window) for _ in range(tensor_count))
    start = padded(window.position, alignment)
    check_places(tensors, start, alignment, window.size_bytes)
    return Header(
        version=version,
        metadata=metadata,
        tensors=tensors,
        alignment=alignment,
        tensors_start=start,
        table_start=table_start,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a header begins: what it counts, and its metadata up to the first long array."""

    version: int
    tensors: int
    metadata: dict[str, Value]


def read_opening(source: Source, size_bytes: int) -> Opening:
    """The opening of a file of that size, of which `source` need hold no more.

    The long array it ends with is the last of the metadata. Raises NotAModel or TruncatedModel.
    """
    window = Window(source, size_bytes)
    version, tensor_count, pair_count = _read_counts(window)
    return Opening(
        version=version,
        tensors=tensor_count,
        metadata=_Metadata(window, until_long=True).read(pair_count),
    )


def read_value(source: Source) -> Value:
    """What follows the key in a metadata entry: a type and a value. Raises as `read_header`."""
    return _Metadata(Window(source)).value()


def _read_counts(window: Window) -> tuple[int, int, int]:
    """Version, tensors and metadata entries."""
    version = _read_version(window)
    tensor_count = sane(window.number("Q"), _MAX_TENSORS, "tensors")
    pair_count = sane(window.number("Q"), _MAX_PAIRS, "metadata entries")
    # The smallest tensor line has 32 bytes, the smallest pair 13.
    if tensor_count * 32 + pair_count * 13 > window.left:
        raise TruncatedModel("The file ends inside its header.")
    return version, tensor_count, pair_count


def _read_version(window: Window) -> int:
    if window.size_bytes < 24:
        raise NotAModel("The file is too short to be a model.")
    if window.take(4) != MAGIC:
        raise NotAModel("The file is not in the GGUF format.")
    version = window.number("I")
    if version in {2, 3}:
        return version
    if version and not version & 0xFFFF:
        raise NotAModel("The model was made for big-endian computers.")
    raise NotAModel(f"The file has version {version} of the GGUF format; 2 and 3 can be read.")


class _Metadata:
    """Reads the metadata entries, keeping an account of the bytes it holds on to."""

    def __init__(self, window: Window, *, until_long: bool = False) -> None:
        self._window = window
        self._until_long = until_long
        self._kept_bytes = 0

    def read(self, count: int) -> dict[str, Value]:
        metadata: dict[str, Value] = {}
        for _ in range(count):
            key = _read_text(self._window, _MAX_KEY_BYTES)
            if key in metadata:
                raise NotAModel(f"The header has the entry {key[:80]!r} twice.")
            metadata[key] = value = self.value()
            if self._until_long and isinstance(value, LongArray):
                break
        return metadata

    def value(self) -> Value:
        match _value_type(self._window):
            case ValueType.STRING:
                return self._text()
            case ValueType.ARRAY:
                return self._array()
            case kind:
                return self._scalars(kind, 1)[0]

    def _text(self) -> str:
        text = _read_text(self._window, _MAX_TEXT_BYTES)
        self._account(len(text))
        return text

    def _scalars(self, kind: ValueType, count: int) -> tuple[Scalar, ...]:
        packed = struct.Struct(f"<{count}{SCALAR_LETTER[kind]}")
        self._account(packed.size)
        return packed.unpack(self._window.take(packed.size))

    def _array(self) -> Value:
        window = self._window
        kind = _value_type(window)
        count = window.number("Q")
        array = LongArray(element=kind, count=count, offset=window.position)
        match kind:
            case ValueType.ARRAY:
                raise NotAModel("The header has an array of arrays, which llama.cpp cannot read.")
            case ValueType.STRING if count <= _KEPT_STRINGS:
                return tuple(self._text() for _ in range(count))
            case _ if kind is not ValueType.STRING and count <= _KEPT_ELEMENTS:
                return self._scalars(kind, count)
            case _ if self._until_long:
                pass
            case ValueType.STRING:
                window.skip_strings(count)
            case _:
                window.skip(count * struct.calcsize("<" + SCALAR_LETTER[kind]))
        return array

    def _account(self, count: int) -> None:
        self._kept_bytes += count
        sane(self._kept_bytes, _MAX_KEPT_BYTES, "bytes of metadata")


def _value_type(window: Window) -> ValueType:
    number = window.number("I")
    if number > max(ValueType):
        raise NotAModel(f"The header has a value of the unknown type {number}.")
    return ValueType(number)


def _read_text(window: Window, limit: int) -> str:
    count = sane(window.number("Q"), limit, "characters in a text")
    return window.take(count).decode("utf-8", "replace")


def read_tensor(window: Window) -> Tensor:
    """One line of the tensor table."""
    name = _read_text(window, _MAX_NAME_BYTES)
    count = sane(window.number("I"), _MAX_DIMENSIONS, "dimensions in a tensor")
    dimensions = struct.unpack(f"<{count}Q", window.take(8 * count))
    number, offset = struct.unpack("<IQ", window.take(12))
    kind = TENSOR_TYPES.get(number)
    if kind is None:
        raise NotAModel(
            f"The tensor {name[:80]!r} has the type {number}, which this version does not know.",
            remedy="Update Fullbore, or choose another quantization.",
        )
    elements = math.prod(dimensions)
    sane(elements, 1 << 62, "numbers in a tensor")
    row = dimensions[0] if dimensions else 1
    if row % kind.block_elements:
        raise NotAModel(f"The tensor {name[:80]!r} has rows of {row}, no multiple of a block.")
    return Tensor(
        name=name,
        type=kind,
        dimensions=dimensions,
        offset=offset,
        size_bytes=elements // kind.block_elements * kind.block_bytes,
    )


def _alignment(metadata: dict[str, Value]) -> int:
    alignment = metadata.get("general.alignment", _DEFAULT_ALIGNMENT)
    if isinstance(alignment, int) and 0 < alignment <= 1 << 20 and alignment.bit_count() == 1:
        return int(alignment)
    raise NotAModel("The header's alignment is no power of two.")


def padded(position: int, alignment: int) -> int:
    """The first multiple of the alignment from there on."""
    return -(-position // alignment) * alignment


def check_places(tensors: tuple[Tensor, ...], start: int, alignment: int, size: int) -> None:
    """Tensors lie one behind the other, as llama.cpp demands, and end within the file."""
    place = 0
    for tensor in tensors:
        if tensor.offset != place:
            raise NotAModel(f"The tensor {tensor.name[:80]!r} does not lie where it should.")
        place = padded(place + tensor.size_bytes, alignment)
        end = start + tensor.offset + tensor.size_bytes
        if end > size:
            raise TruncatedModel("The file ends before its tensors do.")
