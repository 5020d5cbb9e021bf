"""Details: all that a model's headers say, as text for a person and as values for programs."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.gguf.reader import Header, LongArray, Value, read_header
from engine.library.files import Details, Fact, TensorLine
from engine.library.projectors import projector_beside

_MOST_ITEMS = 16
_TEMPLATE = "tokenizer.chat_template"


def read_details(model: str, files: Sequence[Path]) -> Details:
    """The details of the model with these files. Raises NotAModel, TruncatedModel or OSError."""
    headers = [_header(file) for file in files]
    tensors = [tensor for header in headers for tensor in header.tensors]
    numbers = sum(tensor.elements for tensor in tensors)
    size = sum(tensor.size_bytes for tensor in tensors)
    metadata = dict[str, Value]()
    for header in headers:
        metadata = {**header.metadata, **metadata}  # the first file speaks for the model
    template = metadata.pop(_TEMPLATE, None)
    return Details(
        model=model,
        files=tuple(files),
        metadata=tuple((key, value_text(value)) for key, value in metadata.items()),
        tensors=tuple(
            TensorLine(
                name=tensor.name,
                type=tensor.type.name,
                dimensions=tensor.dimensions,
                size_bytes=tensor.size_bytes,
            )
            for tensor in tensors
        ),
        template=template if isinstance(template, str) else None,
        bits_per_weight=8 * size / numbers if numbers else 0.0,
        facts=tuple((key, _fact(value)) for key, value in metadata.items()),
        sees=_sees(files, metadata),
    )


def value_text(value: Value) -> str:
    """A metadata value; of a long array only its length and its beginning."""
    match value:
        case LongArray():
            return f"{value.count:,} × {value.element.name.lower()}"
        case tuple() if len(value) > _MOST_ITEMS:
            head = ", ".join(map(value_text, value[:_MOST_ITEMS]))
            return f"[{head}, …] ({len(value):,})"
        case tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.7g}"
        case _:
            return str(value)


def _fact(value: Value) -> Fact:
    match value:
        case LongArray():
            return None
        case tuple() if not all(map(_finite, value)):
            return None
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _finite(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _sees(files: Sequence[Path], metadata: Mapping[str, Value]) -> bool:
    width = metadata.get(f"{metadata.get('general.architecture')}.embedding_length")
    return isinstance(width, int) and projector_beside(files[0], embedding=width) is not None


def _header(file: Path) -> Header:
    with file.open("rb") as source:
        return read_header(source)
