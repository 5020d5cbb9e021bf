"""A draft takes its file's place, also where Windows refuses for a moment."""

from pathlib import Path

import pytest

from engine.replacing import put_in_place


class Reader:
    """Somebody who has the file open for the first of these attempts."""

    def __init__(self, attempts: int) -> None:
        self.left = attempts

    def replace(self, draft: Path, place: Path) -> None:
        if self.left:
            self.left -= 1
            raise PermissionError(13, "The process cannot access the file", str(place))
        draft.replace(place)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    draft, place = tmp_path / "a.new", tmp_path / "a.json"
    draft.write_text("new", "utf-8")
    place.write_text("old", "utf-8")
    return draft, place


def test_that_a_draft_takes_its_place(files: tuple[Path, Path]) -> None:
    put_in_place(*files)
    assert files[1].read_text("utf-8") == "new"
    assert not files[0].exists()


def test_that_windows_is_asked_again_while_somebody_reads(files: tuple[Path, Path]) -> None:
    put_in_place(*files, system="win32", replace=Reader(3).replace)
    assert files[1].read_text("utf-8") == "new"


def test_that_whoever_keeps_it_open_is_told_of(files: tuple[Path, Path]) -> None:
    with pytest.raises(PermissionError):
        put_in_place(*files, system="win32", replace=Reader(1_000_000).replace)
    assert files[1].read_text("utf-8") == "old"


def test_that_other_systems_are_asked_once(files: tuple[Path, Path]) -> None:
    reader = Reader(1)
    with pytest.raises(PermissionError):
        put_in_place(*files, system="linux", replace=reader.replace)
    assert reader.left == 0
