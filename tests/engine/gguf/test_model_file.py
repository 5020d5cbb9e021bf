"""What a header tells of its model."""

import io
from pathlib import Path

import pytest

from engine.errors import NotAModel
from engine.gguf.model_file import model_file as describe_file
from engine.gguf.model_file import read_model_file
from tests.support.gguf_bytes import TINY, gguf_bytes


def test_that_the_real_model_is_described(model_file: Path) -> None:
    facts = read_model_file(model_file)
    assert (facts.architecture, facts.file_type) == ("llama", "Q4_1")
    assert (facts.layers, facts.heads, facts.kv_heads) == (30, 9, 3)
    assert (facts.trained_context_tokens, facts.vocabulary) == (8192, 49152)
    assert facts.parameters == 134_515_008
    assert facts.tensor_bytes < facts.file_bytes == model_file.stat().st_size
    assert facts.template is not None
    assert "<|im_start|>" in facts.template


def test_that_absent_facts_are_none() -> None:
    facts = describe_file(io.BytesIO(gguf_bytes({"general.architecture": "novel"})))
    assert facts.architecture == "novel"
    assert facts.layers is facts.heads is facts.experts is facts.template is None
    assert (facts.split_number, facts.split_count) == (0, 1)


def test_that_facts_of_a_wrong_type_count_as_absent() -> None:
    facts = describe_file(io.BytesIO(gguf_bytes({**TINY, "llama.block_count": "two"})))
    assert facts.layers is None


def test_that_layers_that_differ_give_their_largest_number_of_heads() -> None:
    body = gguf_bytes({**TINY, "llama.attention.head_count_kv": [0, 8, 4]})
    assert describe_file(io.BytesIO(body)).kv_heads == 8


def test_that_a_guessed_file_type_is_named_all_the_same() -> None:
    body = gguf_bytes({**TINY, "general.file_type": 1024 + 15})
    assert describe_file(io.BytesIO(body)).file_type == "Q4_K_M"


@pytest.mark.parametrize(
    "metadata",
    [
        {"general.architecture": "clip"},
        {"general.architecture": "llama", "general.type": "adapter"},
        {"general.name": "no architecture"},
    ],
)
def test_that_parts_of_models_are_not_models(metadata: dict[str, str]) -> None:
    with pytest.raises(NotAModel):
        describe_file(io.BytesIO(gguf_bytes(metadata)))


def test_that_a_header_alone_is_not_a_model() -> None:
    with pytest.raises(NotAModel, match="no tensors"):
        describe_file(io.BytesIO(gguf_bytes(tensors={})))
