"""The header reader, on good files, bad files and mutilated ones."""

import io
import struct
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import NotAModel, TruncatedModel
from engine.gguf.format import ValueType
from engine.gguf.reader import Header, LongArray, read_header
from tests.support.gguf_bytes import (
    TINY,
    array,
    gguf_bytes,
    header_only,
    pair,
    tensor_line,
    text,
)
from tests.support.pace import allowed

pytestmark = pytest.mark.usefixtures("few_objects")


def read(body: bytes) -> Header:
    return read_header(io.BytesIO(body))


def test_that_a_small_file_is_read_whole() -> None:
    header = read(gguf_bytes())
    assert header.metadata["general.architecture"] == "llama"
    assert header.metadata["llama.block_count"] == 2
    (tensor,) = header.tensors
    assert (tensor.name, tensor.dimensions) == ("token_embd.weight", (64, 32))
    assert (tensor.elements, tensor.size_bytes) == (2048, 4096)
    assert header.tensors_start % header.alignment == 0


def test_that_version_2_is_read_as_well() -> None:
    assert read(gguf_bytes(version=2)).version == 2


def test_that_short_arrays_are_kept_and_long_ones_stepped_over() -> None:
    header = read(gguf_bytes({**TINY, "llama.attention.head_count_kv": [4, 2]}))
    assert header.metadata["llama.attention.head_count_kv"] == (4, 2)
    tokens = header.metadata["tokenizer.ggml.tokens"]
    assert isinstance(tokens, LongArray)
    assert (tokens.element, tokens.count) == (ValueType.STRING, 100)
    assert header.metadata["tokenizer.chat_template"] == TINY["tokenizer.chat_template"]


def test_that_a_large_vocabulary_is_stepped_over_fast_and_in_little_memory() -> None:
    words = [f"word{number}" * 3 for number in range(152_000)]
    scores = [0] * 152_000
    body = gguf_bytes({**TINY, "tokens": words, "merges": words, "types": scores})
    started = time.process_time()  # the machine may be busy with others
    read(body)
    seconds = time.process_time() - started
    tracemalloc.start()
    header = read(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(header.metadata["merges"], LongArray)
    assert header.metadata["general.name"] == "Tiny"
    assert seconds < allowed(0.5)
    assert peak < 8 << 20


def test_that_a_prefix_is_enough_when_the_whole_size_is_told() -> None:
    body = gguf_bytes()
    header = read_header(io.BytesIO(body[: len(body) - 4096]), size_bytes=len(body))
    assert header.tensors == read(body).tensors


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "too short"),
        (b"GGUF", "too short"),
        (b"PK\3\4" + bytes(100), "not in the GGUF format"),
        (b"GGUF" + struct.pack(">IQQ", 3, 1, 1) + bytes(99), "big-endian"),
        (b"GGUF" + struct.pack("<IQQ", 1, 1, 1) + bytes(99), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 1) + bytes(99), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 1 << 60) + bytes(99), "entries"),
        (header_only([struct.pack("<Q", 1 << 62) + bytes(99)]), "characters"),
        (header_only([text("key") + struct.pack("<I", 77) + bytes(9)]), "unknown type 77"),
        (header_only([array("key", ValueType.ARRAY, 1, bytes(99))]), "array of arrays"),
        (header_only([array("key", ValueType.STRING, 1 << 60, bytes(99))]), "texts in a list"),
        (header_only([pair("twice", 1), pair("twice", 2)]), "twice"),
        (header_only([pair("general.alignment", 3)]), "alignment"),
        (header_only([pair("general.alignment", 0)]), "alignment"),
        (header_only([], [tensor_line("t", 1, (1,) * 9, 0)]), "dimensions"),
        (header_only([], [tensor_line("t", 999, (32,), 0) + bytes(99)]), "type 999"),
        (header_only([], [tensor_line("t", 2, (33,), 0) + bytes(99)]), "block"),
        (header_only([], [tensor_line("t", 1, (1 << 40, 1 << 40), 0)]), "numbers"),
        (header_only([], [tensor_line("t", 1, (32,), 64) + bytes(999)]), "where it should"),
    ],
)
def test_that_what_is_no_model_is_said_in_a_sentence(body: bytes, words: str) -> None:
    with pytest.raises(NotAModel, match=words):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        header_only([array("key", ValueType.STRING, 1000, bytes(99))]),
        header_only([array("key", ValueType.STRING, 100, text("x") * 99 + b"\xff" * 8)]),
        header_only([array("key", ValueType.UINT64, 1 << 60, bytes(99))]),
        header_only([], [tensor_line("t", 1, (1 << 20, 1 << 20), 0)]),
        gguf_bytes()[:-1],
        gguf_bytes()[:200],
    ],
)
def test_that_a_file_that_ends_too_early_is_truncated(body: bytes) -> None:
    with pytest.raises(TruncatedModel):
        read(body)


@given(
    cut=st.integers(0, 6000),
    patches=st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=9))),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_that_a_mutilated_small_file_is_read_or_refused(
    cut: int, patches: list[tuple[int, bytes]]
) -> None:
    body = bytearray(gguf_bytes())
    for place, patch in patches:
        body[place : place + len(patch)] = patch
    read_or_refuse(bytes(body[: len(body) - cut] if cut < len(body) else body))


@given(data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_that_a_mutilated_real_header_is_read_or_refused(
    model_file: Path, data: st.DataObject
) -> None:
    with model_file.open("rb") as source:
        start = read_header(source).tensors_start
        source.seek(0)
        body = bytearray(source.read(start))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.one_of(st.integers(0, 4000), st.integers(0, start - 9)))
        patch = data.draw(st.binary(min_size=1, max_size=8))
        body[place : place + len(patch)] = patch
    read_or_refuse(bytes(body), size_bytes=model_file.stat().st_size)


def read_or_refuse(body: bytes, size_bytes: int | None = None) -> None:
    tracemalloc.start()
    try:
        header = read_header(io.BytesIO(body), size_bytes=size_bytes)
    except (NotAModel, TruncatedModel):
        pass
    else:
        assert header.version in {2, 3}
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 32 << 20
