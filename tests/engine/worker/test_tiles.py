"""Weights of latent attention stay as they are where AMX would pack them; all others are packed."""

import sys
from pathlib import Path

import pytest

from engine.protocol.load import LoadSpec
from engine.worker.llama import Library
from engine.worker.tiles import may_pack
from tests.support.ghost_dimensions import DIMENSIONS
from tests.support.ghosts import write_ghost

HAS_AMX = sys.platform == "linux" and "amx_int8" in Path("/proc/cpuinfo").read_text("utf-8")


@pytest.mark.parametrize("name", ["tiny-mla", "tiny-dense", "tiny-moe"])
def test_that_latent_attention_in_ram_is_not_packed_for_amx(name: str, tmp_path: Path) -> None:
    Library()
    path = tmp_path / "ghost.gguf"
    write_ghost(name, path, whole=False)
    layers = DIMENSIONS[name]().layers
    latent = name == "tiny-mla"
    for on_cards in (0, layers // 2, layers):
        spec = LoadSpec(path=str(path), gpu_layers=on_cards)
        assert may_pack(spec) is not (latent and HAS_AMX)
    for all_of_them in (layers + 1, None):
        assert may_pack(LoadSpec(path=str(path), gpu_layers=all_of_them))


def test_that_what_is_no_model_is_left_to_the_load(tmp_path: Path) -> None:
    Library()
    path = tmp_path / "text.gguf"
    path.write_text("Hello.", encoding="utf-8")
    assert may_pack(LoadSpec(path=str(path), gpu_layers=0))
