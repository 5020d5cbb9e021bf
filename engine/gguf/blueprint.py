"""Blueprint: all that a planner must know of one model, from its headers alone."""

import math
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from engine.errors import NotAModel, TruncatedModel
from engine.gguf.format import TENSOR_TYPES
from engine.gguf.model_file import ModelFile, describe
from engine.gguf.names import model_name
from engine.gguf.reader import Header, Tensor, read_header
from engine.gguf.shape import Shape, shape_of
from engine.gguf.window import Source, sane

_MOST_TEXT = 1 << 20  # it crosses a pipe; templates reach a tenth of that
_TYPE_NAMED = {kind.name: kind for kind in TENSOR_TYPES.values()}

_Row = tuple[str, str, tuple[int, ...], int]
_rows: TypeAdapter[tuple[_Row, ...]] = TypeAdapter(tuple[_Row, ...])


def _packed(tensors: tuple[Tensor, ...]) -> list[_Row]:
    return [(one.name, one.type.name, one.dimensions, one.offset) for one in tensors]


def _unpacked(given: object) -> object:
    """Tensors as they are; rows of the packed form made to tensors, which share their types."""
    if isinstance(given, tuple):
        return given  # pyright: ignore[reportUnknownVariableType]  # pydantic looks closely
    return tuple(_tensor(row) for row in _rows.validate_python(given))


def _tensor(row: _Row) -> Tensor:
    name, type_name, dimensions, offset = row
    kind = _TYPE_NAMED.get(type_name)
    if kind is None:
        raise ValueError(f"There is no tensor type {type_name[:20]!r}.")
    return Tensor(
        name=name,
        type=kind,
        dimensions=dimensions,
        offset=offset,
        size_bytes=math.prod(dimensions) // kind.block_elements * kind.block_bytes,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """One model, whatever number of files it lies in.

    `tensors` are those of all its files in order; `label` is the quantization's (Q4_K_M …), from
    the header's file type, else from the file's name. `file_bytes` is the size of all files
    together. `template` is the chat template, if the file has one.
    """

    label: str | None
    name: str | None
    shape: Shape
    # Short on the way between processes: a large model has thousands of them.
    tensors: Annotated[tuple[Tensor, ...], BeforeValidator(_unpacked), PlainSerializer(_packed)]
    file_bytes: int
    files: int
    template: str | None = None

    @property
    def parameters(self) -> int:
        """How many numbers its tensors hold."""
        return sum(tensor.elements for tensor in self.tensors)

    @property
    def bits_per_weight(self) -> float:
        """Stored bits for each parameter, over all tensors."""
        return 8 * sum(tensor.size_bytes for tensor in self.tensors) / max(1, self.parameters)


blueprints: TypeAdapter[Blueprint] = TypeAdapter(Blueprint)


def blueprint_of(paths: Sequence[Path]) -> Blueprint:
    """The blueprint of the model in these files: one, or all of a split set in order.

    Raises NotAModel, TruncatedModel, UnknownArchitecture or OSError.
    """
    name = model_name(paths[0].name)
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        sizes = [path.stat().st_size for path in paths]
        return read_blueprint(files, sizes, label=name.label if name else None)


def read_blueprint(
    files: Sequence[Source], sizes: Sequence[int], *, label: str | None = None
) -> Blueprint:
    """The same from open files, which need hold no more than their headers.

    `sizes` are those of the whole files; `label` stands where the header tells of no file type.
    """
    headers = [read_header(file, size_bytes=size) for file, size in zip(files, sizes, strict=True)]
    return blueprint_from(headers, sizes, label=label)


def blueprint_from(
    headers: Sequence[Header], sizes: Sequence[int], *, label: str | None = None
) -> Blueprint:
    """The same from headers. Raises NotAModel, TruncatedModel or UnknownArchitecture."""
    described = [describe(header, size) for header, size in zip(headers, sizes, strict=True)]
    _check_set(described)
    for text in (described[0].name or "", described[0].template or ""):
        sane(len(text), _MOST_TEXT, "characters in a name or template")
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    _check_tensors(tensors, headers)
    first = described[0]
    return Blueprint(
        label=first.file_type or label,
        name=first.name,
        shape=shape_of(headers[0]),
        tensors=tensors,
        file_bytes=sum(sizes),
        files=len(headers),
        template=first.template,
    )


def _check_set(files: Sequence[ModelFile]) -> None:
    """Are they one model's files, each once and in order?"""
    count, architecture = files[0].split_count, files[0].architecture
    numbers = [file.split_number for file in files]
    if any(file.split_count != count for file in files):
        raise NotAModel("These files are not parts of one model.")
    if any(file.architecture not in {None, architecture} for file in files):
        raise NotAModel("These files are parts of different models.")
    if missing := sorted(set(range(count)) - set(numbers)) if count <= 1 << 16 else [0]:
        raise TruncatedModel(
            f"The model has {count} files; number {missing[0] + 1} is missing.",
            remedy="Finish its download.",
        )
    if numbers != list(range(count)):
        raise NotAModel("The model's files are not each there once, in their order.")


def _check_tensors(tensors: Sequence[Tensor], headers: Sequence[Header]) -> None:
    """Does each tensor have a name of its own, and are there as many as every file says?"""
    if not tensors:
        raise NotAModel("The model has no tensors.")
    names = {tensor.name for tensor in tensors}
    if len(names) != len(tensors):
        raise NotAModel("The model has two tensors of one name.")
    if len(headers) == 1:
        return
    for header in headers:
        said = header.metadata.get("split.tensors.count")
        if said is not None and said != len(tensors):
            raise NotAModel(f"Of the model's {said} tensors its files have {len(tensors)}.")
