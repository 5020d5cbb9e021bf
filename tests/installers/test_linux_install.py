"""`install.sh`, which puts the unpacked program where one person's desktop finds it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINUX = Path(__file__).parents[2] / "installers" / "linux"
ID = "io.github.fullbore.Fullbore"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone")


class Person:
    """Somebody with a home of their own, and the unpacked .tar.xz beside it."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.home.mkdir(parents=True)
        self.unpacked = unpack(root / "unpacked", answer="one")

    @property
    def target(self) -> Path:
        return self.home / ".local" / "opt" / "fullbore"

    @property
    def entry(self) -> Path:
        return self.home / ".local" / "share" / "applications" / f"{ID}.desktop"

    def run(self, script: Path, *words: str, status: int = 0) -> str:
        done = subprocess.run(
            ["sh", str(script), *words],
            env={"HOME": str(self.home), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def install(self, *words: str) -> str:
        return self.run(self.unpacked / "install.sh", *words)

    def files(self) -> set[str]:
        return {str(path.relative_to(self.home)) for path in self.home.rglob("*")}


def unpack(folder: Path, *, answer: str) -> Path:
    """A program that prints its answer and what it was given, laid out as the real one."""
    folder.mkdir()
    for name in ("fullbore", "fullbore-window"):
        (folder / name).write_text(f'#!/bin/sh\necho {answer} "$@"\n', "utf-8")
        (folder / name).chmod(0o755)
    for source, place in ((f"{ID}.desktop", "applications"), (f"{ID}.xml", "mime/packages")):
        (folder / "share" / place).mkdir(parents=True)
        shutil.copy(LINUX / source, folder / "share" / place)
    icons = folder / "share" / "icons" / "hicolor" / "48x48" / "apps"
    icons.mkdir(parents=True)
    (icons / f"{ID}.png").write_bytes(b"icon")
    (folder / "share" / "metainfo").mkdir()
    shutil.copy(LINUX / f"{ID}.metainfo.xml", folder / "share" / "metainfo")
    shutil.copy(LINUX / "install.sh", folder)
    return folder


@pytest.fixture(params=["plain", "mit Leerzeichen und Ümläuten", "模型 文件夹", '$HO"ME`100%'])
def person(tmp_path: Path, request: pytest.FixtureRequest) -> Person:
    """Homes are called what people call them."""
    root = tmp_path / str(request.param)
    root.mkdir()
    return Person(root)


@pytest.fixture
def ann(tmp_path: Path) -> Person:
    return Person(tmp_path)


def started_by_the_menu(entry: Path) -> list[str]:
    """The entry's command, read as a desktop reads it: the string's escapes, then the quotes'."""
    (line,) = [line for line in entry.read_text("utf-8").splitlines() if line.startswith("Exec=")]
    value = line.removeprefix("Exec=").replace("\\\\", "\0").replace("\0", "\\")
    words, word, quoted, at = list[str](), "", False, 0
    while at < len(value):
        sign = value[at]
        if sign == "\\" and quoted:
            at += 1
            word += value[at]
        elif sign == '"':
            quoted = not quoted
        elif sign == " " and not quoted:
            words, word = [*words, word], ""
        else:
            word += sign
        at += 1
    return [word.replace("%%", "%") for word in [*words, word]]


def test_that_the_menu_and_both_commands_start_it(person: Person) -> None:
    person.install()
    program, files = started_by_the_menu(person.entry)
    assert files == "%U"
    for command in (program, person.home / ".local/bin/fullbore-window"):
        done = subprocess.run([command, "x"], capture_output=True, text=True, check=True)
        assert done.stdout == "one x\n"
    assert f"TryExec={person.target}/fullbore-window" in person.entry.read_text("utf-8")


def test_that_removing_leaves_nothing_but_what_the_person_keeps(person: Person) -> None:
    person.install()
    chats = person.home / ".local" / "share" / "fullbore" / "chats.sqlite"
    chats.parent.mkdir()
    chats.write_bytes(b"mine")
    said = person.run(person.target / "install.sh", "--remove")
    assert str(chats.parent) in said
    assert person.files() == {
        ".local",
        ".local/share",
        ".local/share/fullbore",
        ".local/share/fullbore/chats.sqlite",
    }


def test_that_without_data_removing_leaves_an_empty_home(ann: Person) -> None:
    ann.install()
    ann.run(ann.target / "install.sh", "--remove")
    assert ann.files() == set()


def test_that_other_programs_entries_and_commands_stay(ann: Person) -> None:
    others = {".local/share/applications/other.desktop", ".local/bin/fullbore-else"}
    for other in others:
        (ann.home / other).parent.mkdir(parents=True, exist_ok=True)
        (ann.home / other).write_text("[Desktop Entry]\n", "utf-8")
    ann.install()
    (ann.home / ".local/bin/fullbore").unlink()
    (ann.home / ".local/bin/fullbore").write_text("somebody else's", "utf-8")
    ann.run(ann.target / "install.sh", "--remove")
    assert others | {".local/bin/fullbore"} <= ann.files()


def test_that_a_newer_version_takes_the_older_one_s_place(ann: Person) -> None:
    ann.install()
    (ann.target / "of-the-older-one").touch()
    newer = unpack(ann.home.parent / "newer", answer="two")
    ann.run(newer / "install.sh")
    done = subprocess.run(
        [ann.home / ".local/bin/fullbore"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "two"
    assert not (ann.target / "of-the-older-one").exists()
    assert not ann.target.with_name("fullbore.new").exists()
    assert not ann.target.with_name("fullbore.old").exists()


def test_that_autostart_goes_with_the_program_it_would_start(ann: Person) -> None:
    ann.install()
    autostart = ann.home / ".config" / "autostart" / f"{ID}.desktop"
    autostart.parent.mkdir(parents=True)
    autostart.write_text(f'[Desktop Entry]\nExec="{ann.target}/fullbore-window"\n', "utf-8")
    ann.run(ann.target / "install.sh", "--remove")
    assert not autostart.exists()


def test_that_a_running_program_is_not_pulled_away(ann: Person) -> None:
    ann.install()
    shutil.copy("/bin/sleep", ann.target / "fullbore-window")
    with subprocess.Popen([ann.target / "fullbore-window", "60"]) as running:
        try:
            said = ann.run(ann.target / "install.sh", "--remove", status=1)
            assert said == "Fullbore is running. Close it, then start this again.\n"
            assert ann.entry.exists()
        finally:
            running.kill()


def test_that_a_lone_script_says_where_it_belongs(ann: Person) -> None:
    lone = Path(shutil.copy(LINUX / "install.sh", ann.home.parent))
    assert "must lie in the folder that was unpacked" in ann.run(lone, status=1)
    assert ann.files() == set()


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="not installed")
def test_that_the_menu_entries_are_valid(person: Person) -> None:
    person.install()
    for entry in (LINUX / f"{ID}.desktop", person.entry):
        subprocess.run(["desktop-file-validate", str(entry)], check=True)


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="not installed")
def test_that_the_software_centre_s_page_is_valid(tmp_path: Path) -> None:
    page = tmp_path / f"{ID}.metainfo.xml"
    draft = (LINUX / page.name).read_text("utf-8")
    page.write_text(draft.replace("@VERSION@", "1.0").replace("@DATE@", "2026-01-01"), "utf-8")
    subprocess.run(["appstreamcli", "validate", "--no-net", str(page)], check=True)
