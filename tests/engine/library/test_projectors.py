"""Which projector belongs to which model."""

from pathlib import Path

import pytest

from engine.library.projectors import projector_beside
from tests.support.gguf_bytes import gguf_bytes
from tests.support.ghost_projector import write_projector


def beside(folder: Path, model: str, *projectors: str, width: int = 64) -> str | None:
    folder.mkdir(exist_ok=True, parents=True)
    for name in projectors:
        write_projector(folder / name, embedding=width)
    found = projector_beside(folder / model, embedding=64)
    return found.path.name if found else None


@pytest.mark.parametrize(
    ("model", "projector"),
    [
        ("gemma-3-4b-it-Q4_K_M.gguf", "mmproj-F16.gguf"),
        ("gemma-3-4b-it-Q4_K_M.gguf", "mmproj-model-f16.gguf"),
        ("gemma-3-4b-it-Q4_K_M.gguf", "mmproj-gemma-3-4b-it-Q8_0.gguf"),
        ("gemma-3-4b-it-Q4_K_M.gguf", "gemma-3-4b-it.mmproj-fp16.gguf"),
        ("Qwen2.5-VL-72B-Q4_K_M-00001-of-00002.gguf", "mmproj-Qwen2.5-VL-72B-f16.gguf"),
    ],
)
def test_that_a_projector_is_known_by_its_place_and_name(
    tmp_path: Path, model: str, projector: str
) -> None:
    assert beside(tmp_path, model, projector) == projector


def test_that_another_models_projector_is_left_alone(tmp_path: Path) -> None:
    assert beside(tmp_path, "qwen3-4b-Q4_K_M.gguf", "mmproj-gemma-3-4b-it-F16.gguf") is None
    assert beside(tmp_path / "wide", "model.gguf", "mmproj-F16.gguf", width=128) is None


def test_that_of_several_the_one_that_is_read_fastest_is_taken(tmp_path: Path) -> None:
    names = ("mmproj-BF16.gguf", "mmproj-F32.gguf", "mmproj-F16.gguf")
    assert beside(tmp_path, "model-Q4_0.gguf", *names) == "mmproj-F16.gguf"


def test_that_one_in_the_folder_above_serves_too_but_the_nearer_one_first(tmp_path: Path) -> None:
    write_projector(tmp_path / "mmproj-F16.gguf", embedding=64)
    assert beside(tmp_path / "Q4_0", "model-Q4_0.gguf") == "mmproj-F16.gguf"
    assert beside(tmp_path / "Q4_0", "model-Q4_0.gguf", "mmproj-F32.gguf") == "mmproj-F32.gguf"


def test_that_what_is_no_projector_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "mmproj-a.gguf").write_bytes(b"GGUF and rubbish")
    (tmp_path / "mmproj-b.gguf").write_bytes(gguf_bytes())
    (tmp_path / "mmproj-c.gguf").mkdir()
    assert projector_beside(tmp_path / "abc.gguf", embedding=64) is None
    assert projector_beside(tmp_path / "absent" / "abc.gguf", embedding=64) is None
