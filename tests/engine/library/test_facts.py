"""What a header tells, as values for programs."""

from pathlib import Path

from engine.library.details import read_details
from tests.support.gguf_bytes import TINY, gguf_bytes


def test_that_facts_keep_their_kinds_and_long_lists_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    told = {
        **TINY,
        "llama.rope.freq_base": 10000.5,
        "llama.expert_weights_scale": float("inf"),
        "tokenizer.ggml.add_bos_token": True,
        "general.version": "1",
        "llama.heads": [1, 2],
        "tokenizer.ggml.scores": [0.5] * 5000,
    }
    path.write_bytes(gguf_bytes(told))
    facts = dict(read_details("tiny", [path]).facts)
    assert facts["general.architecture"] == "llama"
    assert facts["general.version"] == "1"
    assert facts["llama.context_length"] == 2048
    assert facts["llama.rope.freq_base"] == 10000.5
    assert facts["llama.expert_weights_scale"] is None
    assert facts["tokenizer.ggml.add_bos_token"] is True
    assert facts["llama.heads"] == (1, 2)
    assert facts["tokenizer.ggml.scores"] is None
    assert "tokenizer.chat_template" not in facts


def test_that_a_projector_beside_it_gives_it_eyes(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(gguf_bytes())
    assert not read_details("tiny", [path]).sees
    projector = {
        "general.architecture": "clip",
        "clip.vision.block_count": 2,
        "clip.vision.projection_dim": 64,
    }
    (tmp_path / "mmproj-tiny-f16.gguf").write_bytes(gguf_bytes(projector))
    assert read_details("tiny", [path]).sees
