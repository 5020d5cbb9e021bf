"""What a header says a model is for."""

from pathlib import Path

import pytest

from engine.gguf.blueprint import blueprint_of
from engine.gguf.model_file import read_model_file
from engine.protocol.load import Purpose
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.ghost_encoder import CLS, MEAN, RANK, write_encoder


@pytest.mark.parametrize(
    ("pooling", "purpose"),
    [
        (None, Purpose.EMBED),
        (MEAN, Purpose.EMBED),
        (CLS, Purpose.EMBED),
        (RANK, Purpose.RANK),
    ],
)
def test_that_an_encoder_embeds_unless_it_ranks(
    tmp_path: Path, pooling: int | None, purpose: Purpose
) -> None:
    path = tmp_path / "ghost.gguf"
    write_encoder(path, pooling=pooling)
    assert read_model_file(path).purpose is purpose
    shape = blueprint_of([path]).shape
    assert (shape.purpose, shape.whole_texts, shape.kv_layers) == (purpose, True, 0)


@pytest.mark.parametrize(
    ("facts", "purpose", "whole"),
    [
        ({}, Purpose.TEXT, False),
        ({"llama.pooling_type": 0}, Purpose.TEXT, False),
        ({"llama.pooling_type": 3}, Purpose.EMBED, False),
        ({"llama.pooling_type": 1}, Purpose.EMBED, True),
        ({"llama.pooling_type": 4}, Purpose.RANK, False),
        ({"llama.pooling_type": 3, "llama.attention.causal": False}, Purpose.EMBED, True),
    ],
)
def test_that_a_decoder_embeds_where_its_file_names_a_pooling(
    tmp_path: Path, facts: dict[str, int | bool], purpose: Purpose, whole: bool
) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(gguf_bytes({**TINY, **facts}))
    assert read_model_file(path).purpose is purpose
    assert blueprint_of([path]).shape.whole_texts is whole


def test_that_a_head_without_a_pooling_ranks(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    head = {"token_embd.weight": (1, (64, 32)), "cls.output.weight": (1, (64, 1))}
    path.write_bytes(gguf_bytes(tensors=head))
    assert read_model_file(path).purpose is Purpose.RANK
