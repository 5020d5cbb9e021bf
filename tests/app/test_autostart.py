"""Starting with the session: what the system would do is what is said."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.autostart import (
    NAME,
    RUN_KEY,
    RUN_VALUE,
    Autostart,
    AutostartFailed,
    DesktopEntry,
    LaunchAgent,
    RunKey,
    autostart_of,
    command,
)

APPROVED = RUN_KEY.replace("Run", r"Explorer\StartupApproved\Run")
ODD = ('/opt/my "own" $HOME/100%/fullbore-window', "--hidden", "--home", "C:\\über 中")


class Registry:
    """Windows' own, in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], object] = {}

    def read(self, key: str, name: str) -> object:
        return self.values.get((key, name))

    def write(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value

    def delete(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


def one_of(kind: str, folder: Path, words: tuple[str, ...] = ODD) -> Autostart:
    if kind == "registry":
        return RunKey(registry=Registry(), command=words)
    system = {"desktop": "linux", "agent": "darwin"}[kind]
    found = autostart_of(system, {"XDG_CONFIG_HOME": str(folder / "xdg")}, folder / "own", words)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", ["desktop", "agent", "registry"])
def test_that_it_is_off_until_it_is_turned_on_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    autostart = one_of(kind, tmp_path)
    assert not autostart.is_on()
    autostart.turn(on=True)
    autostart.turn(on=True)
    assert autostart.is_on()
    autostart.turn(on=False)
    autostart.turn(on=False)
    assert not autostart.is_on()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_that_the_files_lie_where_the_desktops_look(tmp_path: Path) -> None:
    desktop, agent = one_of("desktop", tmp_path), one_of("agent", tmp_path)
    assert isinstance(desktop, DesktopEntry)
    assert isinstance(agent, LaunchAgent)
    assert desktop.file == tmp_path / "xdg" / "autostart" / f"{NAME}.desktop"
    assert agent.file == tmp_path / "own" / "Library" / "LaunchAgents" / f"{NAME}.plist"
    for odd in ({}, {"XDG_CONFIG_HOME": ""}, {"XDG_CONFIG_HOME": "not/absolute"}):
        usual = autostart_of("linux", odd, tmp_path, ODD)
        assert isinstance(usual, DesktopEntry)
        assert usual.file == tmp_path / ".config" / "autostart" / f"{NAME}.desktop"
    assert autostart_of("linux", {"FLATPAK_ID": NAME}, tmp_path, ODD) is None


def test_that_a_desktop_starts_exactly_these_words(tmp_path: Path) -> None:
    printer = tmp_path / 'print 100% "odd" `it` \\ $HOME'
    printer.write_text('#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n', "utf-8")
    printer.chmod(0o755)
    entry = one_of("desktop", tmp_path, (str(printer), *ODD[1:]))
    assert isinstance(entry, DesktopEntry)
    entry.turn(on=True)
    assert unquoted(entry.file) == [str(printer), *ODD[1:]]
    said = subprocess.run(unquoted(entry.file), capture_output=True, check=True, text=True)
    assert said.stdout.splitlines() == list(ODD[1:])
    tried = entry.file.read_text("utf-8").partition("\nTryExec=")[2].partition("\n")[0]
    assert tried.replace("\\\\", "\\") == str(printer)


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="not installed")
@pytest.mark.parametrize("program", ["/opt/fullbore/fullbore-window", "/srv/mein Ordner/x", ODD[0]])
def test_that_the_entry_is_valid(program: str, tmp_path: Path) -> None:
    entry = one_of("desktop", tmp_path, (program, *ODD[1:]))
    assert isinstance(entry, DesktopEntry)
    entry.turn(on=True)
    done = subprocess.run(["desktop-file-validate", entry.file], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def unquoted(entry: Path) -> list[str]:
    """As the Desktop Entry Specification has it: the string's escapes, the quotes, the codes."""
    line = next(line for line in entry.read_text("utf-8").splitlines() if line[:5] == "Exec=")
    text = line[5:].replace("\\\\", "\\")
    words: list[str] = []
    inside = False
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == '"':
            inside = not inside
            words.extend([""] if inside else [])
        elif inside:
            at += letter == "\\"
            words[-1] += text[at]
        at += 1
    return [word.replace("%%", "%") for word in words]


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_that_what_was_turned_off_elsewhere_is_off(line: str, tmp_path: Path) -> None:
    entry = one_of("desktop", tmp_path)
    assert isinstance(entry, DesktopEntry)
    entry.turn(on=True)
    entry.file.write_text(f"{entry.file.read_text('utf-8')}{line}\n", "utf-8")
    assert not entry.is_on()
    entry.turn(on=True)
    assert entry.is_on()


def test_that_the_task_manager_has_its_say() -> None:
    registry = Registry()
    autostart = RunKey(registry=registry, command=ODD)
    autostart.turn(on=True)
    assert registry.read(RUN_KEY, RUN_VALUE) == subprocess.list2cmdline(ODD)
    registry.values[APPROVED, RUN_VALUE] = bytes([3, *range(11)])
    assert not autostart.is_on()
    registry.values[APPROVED, RUN_VALUE] = bytes([2, *range(11)])
    assert autostart.is_on()


@pytest.mark.parametrize("kind", ["desktop", "agent"])
def test_that_another_copy_and_a_broken_file_count_as_off(kind: str, tmp_path: Path) -> None:
    one_of(kind, tmp_path, ("/gone/fullbore-window", "--hidden")).turn(on=True)
    here = one_of(kind, tmp_path)
    assert not here.is_on()
    here.turn(on=True)
    assert here.is_on()
    assert isinstance(here, DesktopEntry | LaunchAgent)
    here.file.write_bytes(b"\xff\x00broken")
    assert not here.is_on()


def test_that_a_place_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "xdg").write_text("in the way", "utf-8")
    with pytest.raises(AutostartFailed) as failed:
        one_of("desktop", tmp_path).turn(on=True)
    assert NAME in str(failed.value)


def test_that_the_command_is_the_one_that_starts_this_copy(tmp_path: Path) -> None:
    python = tmp_path / "python" / "pythonw.exe"
    assert command({}, python, frozen=True) == (str(python), "--hidden")
    assert command({}, python, frozen=False) == (str(python), "-m", "app", "--hidden")
    launcher = tmp_path / "fullbore-window.exe"
    launcher.touch()
    assert command({}, python, frozen=False) == (str(launcher), "--hidden")
    image = {"APPIMAGE": "/apps/Fullbore.AppImage", "FULLBORE_HOME": str(tmp_path)}
    assert command(image, python, frozen=True) == (
        *("/apps/Fullbore.AppImage", "--hidden"),
        *("--home", str(tmp_path)),
    )
