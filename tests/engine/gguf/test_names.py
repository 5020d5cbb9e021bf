"""Names of files on the Hub, as they are."""

from pathlib import Path, PurePosixPath

import pytest

from engine.gguf.names import Name, model_id, model_name, place_of


@pytest.mark.parametrize(
    ("file_name", "label"),
    [
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1"),
        ("qwen2.5-7b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("qwen2.5-7b-instruct-fp16-00001-of-00004.gguf", "FP16"),
        ("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("Llama-3.3-70B-Instruct-IQ2_XXS.gguf", "IQ2_XXS"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("gemma-3-27b-it-Q6_K_L.gguf", "Q6_K_L"),
        ("phi_q8_0.GGUF", "Q8_0"),
        ("DeepSeek-R1-BF16-00003-of-00030.gguf", "BF16"),
        ("Q4_K_M.gguf", "Q4_K_M"),
        ("QwQ-32B.gguf", None),
        ("model.gguf", None),
    ],
)
def test_that_the_label_is_found_in_the_name(file_name: str, label: str | None) -> None:
    name = model_name(file_name)
    assert name is not None
    assert name.label == label


@pytest.mark.parametrize(
    "file_name",
    [
        "mmproj-model-f16.gguf",
        "Qwen2-VL-7B.mmproj-Q8_0.gguf",
        "imatrix.gguf",
        "model.gguf.part",
        "model.gguf.0a1b2c3d.incomplete",
        "README.md",
        ".gguf",
    ],
)
def test_that_companions_and_partial_files_are_not_models(file_name: str) -> None:
    assert model_name(file_name) is None


def test_that_a_shard_knows_its_place() -> None:
    assert model_name("m-Q8_0-00002-of-00003.gguf") == Name(stem="m-Q8_0", number=2, count=3)


@pytest.mark.parametrize(
    ("place", "id_"),
    [
        ("owner/repo/m-Q4_K_M.gguf", "owner/repo:Q4_K_M"),
        ("owner/repo/Q8_0/m-Q8_0-00001-of-00002.gguf", "owner/repo:Q8_0"),
        ("owner/repo/m.gguf", "owner/repo:m"),
        ("folder/m-Q4_K_M.gguf", "m-Q4_K_M"),
        ("m-Q8_0-00001-of-00002.gguf", "m-Q8_0"),
    ],
)
def test_that_the_place_gives_the_id(place: str, id_: str) -> None:
    assert model_id(PurePosixPath(place)) == id_


def test_that_what_is_placed_is_found_under_its_id(tmp_path: Path) -> None:
    path = place_of(tmp_path, "owner/repo", "sub/m-Q4_0.gguf")
    assert model_id(PurePosixPath(path.relative_to(tmp_path).as_posix())) == "owner/repo:Q4_0"
