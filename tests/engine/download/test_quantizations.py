"""From lists of files to quantizations and places."""

from pathlib import Path

import pytest

from engine.download.quantizations import HubFile, group, targets
from engine.errors import DownloadError, RepositoryNotFound


def listing(*paths: str) -> list[HubFile]:
    return [HubFile(path=path, size_bytes=100 + place) for place, path in enumerate(paths)]


def test_that_shards_are_one_line_and_companions_none() -> None:
    found = group(
        listing(
            "README.md",
            "mmproj-F16.gguf",
            "m-Q4_K_M.gguf",
            "Q8_0/m-Q8_0-00002-of-00002.gguf",
            "Q8_0/m-Q8_0-00001-of-00002.gguf",
        )
    )
    assert [(one.label, one.size_bytes) for one in found] == [("Q4_K_M", 102), ("Q8_0", 207)]
    assert found[1].files == (
        "Q8_0/m-Q8_0-00001-of-00002.gguf",
        "Q8_0/m-Q8_0-00002-of-00002.gguf",
    )


def test_that_a_set_without_all_its_shards_is_not_offered() -> None:
    assert group(listing("m-Q8_0-00001-of-00003.gguf", "m-Q8_0-00003-of-00003.gguf")) == ()


def test_that_two_models_of_one_label_are_told_apart() -> None:
    found = group(listing("a-Q4_0.gguf", "b-Q4_0.gguf", "x/c-Q8_0.gguf", "y/c-Q8_0.gguf"))
    assert [one.label for one in found] == ["a-Q4_0", "b-Q4_0", "x/c-Q8_0", "y/c-Q8_0"]


def test_that_a_file_without_a_label_goes_by_its_stem() -> None:
    assert [one.label for one in group(listing("model.gguf"))] == ["model"]


TRICKS = [
    "../m.gguf",
    "a/../../m.gguf",
    "/etc/m.gguf",
    "a//m.gguf",
    "./m.gguf",
    "C:/m.gguf",
    "C:m.gguf",
    "a\\..\\m.gguf",
    "m.gguf:stream",
    "nul.gguf",
    "a/con/m.gguf",
    "folder./m.gguf",
    "m.gguf ",
    "m\0.gguf",
    "m\n.gguf",
    "",
    "a" * 500 + ".gguf",
]


@pytest.mark.parametrize("file", TRICKS)
def test_that_names_with_tricks_are_refused(file: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="written anywhere"):
        targets(tmp_path, "owner/repo", [file])
    assert group(listing(file)) == ()


@pytest.mark.parametrize(
    "repository", ["repo", "a/b/c", "../repo", "owner/..", "/repo", "owner/", "o:x/r", "nul/r", ""]
)
def test_that_only_owner_and_name_are_a_repository(repository: str, tmp_path: Path) -> None:
    with pytest.raises(RepositoryNotFound):
        targets(tmp_path, repository, [])


def test_that_files_lie_under_owner_and_name(tmp_path: Path) -> None:
    (place,) = targets(tmp_path, "owner/re.po", ["Q8_0/m.gguf"])
    assert place == tmp_path / "owner" / "re.po" / "Q8_0" / "m.gguf"
