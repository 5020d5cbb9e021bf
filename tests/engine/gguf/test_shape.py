from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ModelError, NotAModel, UnknownArchitecture
from engine.gguf.reader import Header, LongArray, Value, ValueType
from engine.gguf.shape import Shape, shape_of
from tests.engine.fit.memory.families import FAMILIES
from tests.support.kv_probe import Case


def _header(architecture: str, **facts: Value) -> Header:
    metadata: dict[str, Value] = {"general.architecture": architecture}
    for key, value in facts.items():
        metadata[f"{architecture}.{key.replace('__', '.')}"] = value
    return Header(version=3, metadata=metadata, tensors=(), alignment=32, tensors_start=0)


def _family(name: str, **changed: Any) -> Shape:
    architecture, metadata = FAMILIES[name]
    return shape_of(
        Case(name=name, architecture=architecture, metadata=metadata | changed, runs=()).header()
    )


def test_that_a_plain_model_has_no_more_than_heads_and_layers() -> None:
    shape = _family("llama")
    assert (shape.layers, shape.heads[0], shape.kv_heads[7]) == (8, 8, 2)
    assert (shape.key_length, shape.vocabulary, shape.kv_layers) == (64, 32000, 8)
    assert shape.experts is shape.latent is shape.window is shape.recurrent is None


def test_that_head_sizes_follow_from_the_width_where_nothing_is_said() -> None:
    shape = shape_of(
        _header("llama", block_count=2, embedding_length=4096, attention__head_count=32)
    )
    assert (shape.key_length, shape.value_length) == (128, 128)
    assert shape.kv_heads == (32, 32)


def test_that_vocabularies_count_even_where_they_were_stepped_over() -> None:
    header = _header("llama", block_count=2, embedding_length=64, attention__head_count=4)
    tokens = LongArray(element=ValueType.STRING, count=152064, offset=99)
    header.metadata["tokenizer.ggml.tokens"] = tokens
    assert shape_of(header).vocabulary == 152064


@pytest.mark.parametrize(
    ("name", "windowed"),
    [
        ("gpt-oss", "x-x-x-x-"),
        ("gemma2", "x-x-x-x-"),
        ("gemma3", "xxxxx-xx"),
        ("llama4", "xxx-xxx-"),
        ("cohere2", "xxx-xxx-"),
        ("smallthinker", "-xxx-xxx"),
        ("gemma4", "xx-xx-xx"),
    ],
)
def test_that_each_architecture_has_its_own_pattern_of_windows(name: str, windowed: str) -> None:
    window = _family(name).window
    assert window is not None
    assert "".join("x" if mark else "-" for mark in window.layers) == windowed


def test_that_windows_llama_cpp_ignores_are_ignored() -> None:
    assert _family("phi3").window is None


def test_that_a_latent_model_keeps_its_ranks() -> None:
    latent = _family("deepseek2").latent
    assert latent is not None
    assert (latent.q_rank, latent.kv_rank, latent.key_length) == (256, 512, 192)


def test_that_hybrids_mark_the_layers_with_a_state() -> None:
    recurrent = _family("qwen3next").recurrent
    assert recurrent is not None
    assert recurrent.layers == (True, True, True, False) * 2
    assert recurrent.state == 128 * 1024
    assert recurrent.rolling == 3 * (1024 + 2 * 4 * 128)


def test_that_nextn_blocks_are_counted() -> None:
    shape = _family("glm4moe with nextn")
    assert (shape.layers, shape.nextn_layers) == (8, 1)


def test_that_layers_sharing_a_cache_are_told_from_those_that_own_one() -> None:
    assert _family("gemma3n").kv_layers == 20
    assert _family("gemma4").kv_layers == 6


def test_that_only_full_indexers_of_a_long_context_glm_have_a_cache() -> None:
    indexer = _family("glm-dsa with nextn", context_length=1048576).indexer
    assert indexer is not None
    assert indexer.layers == (True, True, True, False, False, False, True, False)


def test_that_an_architecture_llama_cpp_does_not_know_is_refused() -> None:
    with pytest.raises(UnknownArchitecture):
        shape_of(_header("gpt-17", block_count=2, embedding_length=64))


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"block_count": 0},
        {"block_count": 100000},
        {"block_count": 4},
        {"block_count": 4, "embedding_length": 64},
        {"block_count": 4, "embedding_length": 1 << 30, "attention__head_count": 4},
        {"block_count": 4, "embedding_length": 64, "attention__head_count": 1 << 20},
        {"block_count": 4, "embedding_length": 64, "attention__head_count": -1},
        {
            "block_count": 4,
            "embedding_length": 64,
            "attention__head_count": 4,
            "expert_count": 8,
            "expert_used_count": 9,
        },
        {
            "block_count": 4,
            "embedding_length": 64,
            "attention__head_count": 4,
            "nextn_predict_layers": 5,
        },
    ],
)
def test_that_lying_counts_are_no_model(facts: dict[str, Value]) -> None:
    with pytest.raises(NotAModel):
        shape_of(_header("llama", **facts))


_values = st.one_of(
    st.integers(-(1 << 63), 1 << 64),
    st.floats(),
    st.booleans(),
    st.text(max_size=5),
    st.lists(st.integers(-5, 1 << 33), max_size=12).map(tuple),
)


@given(st.sampled_from(sorted(FAMILIES)), st.data())
def test_that_a_header_with_nonsense_in_it_has_a_shape_or_is_refused(
    name: str, data: st.DataObject
) -> None:
    architecture, metadata = FAMILIES[name]
    header = Case(name=name, architecture=architecture, metadata=metadata, runs=()).header()
    keys = st.sampled_from(sorted(header.metadata))
    for key, value in data.draw(st.dictionaries(keys, _values, max_size=4)).items():
        header.metadata[key] = value
    try:
        shape = shape_of(header)
    except ModelError:
        return
    assert 1 <= shape.layers <= 512
    assert len(shape.heads) == len(shape.kv_heads) == shape.layers
