"""Siblings: known from few bytes, and never believed when something is not as it should be."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from engine.gguf.reader import Header, read_header
from engine.gguf.siblings import Glimpse, Reference, sibling_header, spans_of
from tests.support.gguf_bytes import TINY, Plain, gguf_bytes, split_bytes

WORDS = [f"word{number}" for number in range(20_000)]
SHAPES = {
    "token_embd.weight": (64, 100),
    "blk.0.attn_q.weight": (64, 64),
    "blk.0.ffn_up.weight": (64, 32),
    "blk.0.ffn_down.weight": (32, 64),
    "blk.1.attn_q.weight": (64, 64),
    "output.weight": (64, 100),
}
F16, Q4_0, Q8_0 = 1, 2, 8


def metadata_of(file_type: int, **more: Plain) -> dict[str, Plain]:
    """As llama-quantize leaves it: the file type last, behind the vocabulary."""
    first = {key: one for key, one in TINY.items() if key != "general.file_type"}
    return {**first, "tokenizer.ggml.tokens": WORDS, **more, "general.file_type": file_type}


def tensors_of(kind: int) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {name: (kind, shape) for name, shape in SHAPES.items()}


def reference() -> Reference:
    header = whole(gguf_bytes(metadata_of(F16), tensors=tensors_of(F16)))
    return Reference(header=header, tensors=header.tensors)


def whole(body: bytes) -> Header:
    return read_header(io.BytesIO(body))


def glimpse_of(known: Reference, body: bytes) -> Glimpse:
    spans = spans_of(known, len(body))
    assert spans is not None
    head, middle = (body[span.start : span.start + span.count] for span in spans)
    return Glimpse(size_bytes=len(body), head=head, middle=middle, middle_start=spans[1].start)


def seen(body: bytes) -> Header | None:
    known = reference()
    return sibling_header(known, glimpse_of(known, body))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"quantize.imatrix.file": "/models/imatrix.dat" * 20, "quantize.imatrix.entries_count": 9},
        {"general.quantization_version": 2, "general.name": "Tiny of another name"},
    ],
)
def test_that_a_sibling_is_read_from_few_of_its_bytes(more: Mapping[str, Plain]) -> None:
    body = gguf_bytes({**metadata_of(7), **more}, tensors=tensors_of(Q8_0))
    header = seen(body)
    truth = whole(body)
    assert header is not None
    assert header.tensors == truth.tensors
    assert header.tensors_start == truth.tensors_start
    assert header.metadata["general.file_type"] == 7
    glimpse = glimpse_of(reference(), body)
    assert len(glimpse.head) + len(glimpse.middle) < 30_000 < truth.tensors_start


def test_that_mixed_types_are_each_tensors_own() -> None:
    mixed = {**tensors_of(Q4_0), "output.weight": (Q8_0, (64, 100))}
    header = seen(gguf_bytes(metadata_of(2), tensors=mixed))
    assert header is not None
    assert [one.type.name for one in header.tensors] == ["Q4_0"] * 5 + ["Q8_0"]


def test_that_the_first_file_of_a_split_sibling_is_read_so_too() -> None:
    tensors = tensors_of(Q8_0)
    names = list(tensors)
    parts = [{n: tensors[n] for n in names[:2]}, {n: tensors[n] for n in names[2:]}]
    header = seen(split_bytes(metadata_of(7), parts)[0])
    assert header is not None
    assert (header.metadata["split.count"], len(header.tensors)) == (2, 2)
    bare = seen(split_bytes(metadata_of(7), [{}, tensors])[0])
    assert bare is not None
    assert bare.tensors == ()


def other_context() -> bytes:
    return gguf_bytes(metadata_of(7) | {"llama.context_length": 4096}, tensors=tensors_of(Q8_0))


def one_more_fact() -> bytes:
    more: dict[str, Plain] = {"llama.rope.scaling.factor": 4.0}
    return gguf_bytes({**more, **metadata_of(7)}, tensors=tensors_of(Q8_0))


def other_shape() -> bytes:
    return gguf_bytes(metadata_of(7), tensors=tensors_of(Q8_0) | {"output.weight": (8, (64, 96))})


def one_tensor_more() -> bytes:
    return gguf_bytes(metadata_of(7), tensors=tensors_of(Q8_0) | {"more.weight": (1, (32,))})


def other_order() -> bytes:
    turned = dict(reversed(tensors_of(Q8_0).items()))
    return gguf_bytes(metadata_of(7), tensors=turned)


def other_vocabulary() -> bytes:
    words = [word + "!" for word in WORDS]
    return gguf_bytes(metadata_of(7) | {"tokenizer.ggml.tokens": words}, tensors=tensors_of(Q8_0))


def longer_at_the_end() -> bytes:
    return gguf_bytes(metadata_of(7), tensors=tensors_of(Q8_0)) + bytes(64)


def cut_short() -> bytes:
    return gguf_bytes(metadata_of(7), tensors=tensors_of(Q8_0))[:-40]


def no_gguf() -> bytes:
    return b"<html>" * 50_000


@pytest.mark.parametrize(
    "body",
    [
        other_context,
        one_more_fact,
        other_shape,
        one_tensor_more,
        other_order,
        other_vocabulary,
        longer_at_the_end,
        cut_short,
        no_gguf,
    ],
)
def test_that_what_is_no_sibling_must_be_read_whole(body: Callable[[], bytes]) -> None:
    assert seen(body()) is None


def test_that_a_table_too_large_to_look_for_is_read_whole() -> None:
    known = reference()
    (name, *_) = known.tensors
    many = tuple(replace(name, name=f"{number:0100}") for number in range(40_000))
    assert spans_of(Reference(header=known.header, tensors=many), 1 << 30) is None
