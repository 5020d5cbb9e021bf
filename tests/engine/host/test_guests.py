"""Files that were opened where they lie come again."""

from pathlib import Path

from engine.host.guests import Guests
from engine.library.files import Folder, Origin


def test_that_a_set_comes_again_whichever_of_its_files_was_opened(tmp_path: Path) -> None:
    first, second = (tmp_path / f"m-0000{number}-of-00002.gguf" for number in (1, 2))
    guests = Guests(tmp_path / "guests.json")
    guests.welcome(second)
    guests.keep((first, second))
    assert Guests(tmp_path / "guests.json").folders == (Folder(path=first, origin=Origin.FOLDER),)


def test_that_what_was_only_looked_at_and_what_is_no_guest_do_not(tmp_path: Path) -> None:
    guests = Guests(tmp_path / "guests.json")
    guests.welcome(tmp_path / "seen.gguf")
    guests.keep((tmp_path / "models" / "own.gguf",))
    assert [folder.path.name for folder in guests.folders] == ["seen.gguf"]
    assert Guests(tmp_path / "guests.json").folders == ()


def test_that_the_least_used_go_first(tmp_path: Path) -> None:
    guests = Guests(tmp_path / "guests.json")
    files = [tmp_path / f"{number}.gguf" for number in range(65)]
    for file in (*files[:64], files[0], files[64]):
        guests.welcome(file)
        guests.keep((file,))
    kept = {folder.path for folder in Guests(tmp_path / "guests.json").folders}
    assert kept == {*files} - {files[1]}
