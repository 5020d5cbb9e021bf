"""Parts of models of real shape, made in memory from the ghosts' dimensions."""

from functools import cache
from typing import cast

from engine.fit.memory.parts import Parts, parts_of
from engine.gguf.blueprint import Blueprint
from engine.gguf.format import TENSOR_TYPES
from engine.gguf.reader import Header, Tensor, Value
from engine.gguf.shape import shape_of
from tests.support.ghost_shapes import GhostTensor, build
from tests.support.ghosts import QUANTIZATIONS, type_of


@cache
def parts_named(shape: str) -> Parts:
    """The parts of a ghost; `shape` is a name of DIMENSIONS, or one with `:QUANT`."""
    name, _, quantization = shape.partition(":")
    ghost = build(name)
    label = quantization or ghost.quantization
    mixture = QUANTIZATIONS[label]
    tensors = tuple(_tensor(one, type_of(one, mixture, ghost.layers)) for one in ghost.tensors)
    header = Header(
        version=3,
        metadata=cast(
            "dict[str, Value]", {"general.architecture": ghost.architecture, **ghost.metadata}
        ),
        tensors=tensors,
        alignment=32,
        tensors_start=0,
        table_start=0,
    )
    return parts_of(
        Blueprint(
            label=label,
            name=name,
            shape=shape_of(header),
            tensors=tensors,
            file_bytes=sum(tensor.size_bytes for tensor in tensors),
            files=1,
        )
    )


def _tensor(ghost: GhostTensor, number: int) -> Tensor:
    kind = TENSOR_TYPES[number]
    elements = 1
    for length in ghost.dimensions:
        elements *= length
    return Tensor(
        name=ghost.name,
        type=kind,
        dimensions=ghost.dimensions,
        offset=0,
        size_bytes=elements // kind.block_elements * kind.block_bytes,
    )
