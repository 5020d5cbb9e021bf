"""Homes as they should not be: read-only, full, named in other scripts, two at once, in use."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, aclosing, closing
from pathlib import Path

import pytest

from app.settings import SettingsFile, UiSettings
from app.store.backup import daily
from app.store.chats import ChatStore
from app.store.schema import MIGRATIONS, migrate, version_of
from app.store.values import StoredMessage
from engine.chat import ChatRequest, Message, Piece, Role
from engine.config import EngineConfig, Home, read_config
from engine.engine import Engine
from engine.errors import DiskFull, EngineError, HomeBusy, Unwritable
from tests.support.homes import home_with
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

ODD = "Ordner mit Leerzeichen, über 'alles' & 模型 你好 #1 100%"
QUIET = EngineConfig(serve=False)


class Mounted:
    """A small disk of its own."""

    def __init__(self, at: Path) -> None:
        self.at = at

    def make_read_only(self) -> None:
        subprocess.run(["mount", "-o", "remount,ro", str(self.at)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Mounted]:
    """One megabyte; only who may mount can have it."""
    place = tmp_path / "disk"
    place.mkdir()
    program = shutil.which("mount")
    if not sys.platform.startswith("linux") or program is None:
        pytest.skip("small disks are mounted on Linux alone")
    asked = subprocess.run(
        [program, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if asked.returncode:
        pytest.skip("this user may not mount a disk")
    try:
        yield Mounted(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def fill(folder: Path) -> None:
    """Leave no byte."""
    with (folder / "ballast").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A program of Fullbore's in that home."""
    environment = {**os.environ, "FULLBORE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-m", *words],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=50,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def window_says(home: Path) -> str:
    """The first line of a window that does not come; its message box would wait for a click."""
    environment = {**os.environ, "FULLBORE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-m", "app"], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.kill()
    return line


def test_that_a_window_is_refused_with_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("the person's own", "utf-8")
    said = window_says(home)
    assert said.startswith(f"Fullbore cannot write to {home}")
    assert "FULLBORE_HOME" in said


@pytest.mark.parametrize("words", [("engine", "serve"), ("engine", "keys", "list")])
def test_that_a_home_that_is_a_file_is_a_sentence_with_a_remedy(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    home.write_text("the person's own", "utf-8")
    done = run(home, *words)
    assert done.returncode == 1
    assert str(home) in done.stderr
    assert "writ" in done.stderr
    assert "Traceback" not in done.stderr
    assert home.read_text("utf-8") == "the person's own"


async def test_that_a_read_only_home_is_told_and_left_as_it_was(disk: Mounted) -> None:
    home = Home(disk.at / "home")
    home.make()
    with closing(ChatStore(home.chats)) as store:
        store.append(store.new(title="Kept").id, StoredMessage(role=Role.USER, content="Hello"))
    home.engine_toml.write_text("port = 12345\n", "utf-8")
    disk.make_read_only()
    engine = Engine(home, read_config(home.engine_toml))
    with pytest.raises(EngineError, match="cannot be written") as told:
        await engine.start()
    assert "FULLBORE_HOME" in told.value.remedy
    settings = SettingsFile(home.ui_toml)
    with pytest.raises(Unwritable, match="could not be saved"):
        settings.change(UiSettings(theme="dark"))
    assert settings.settings.theme == "dark"  # for this run
    with closing(ChatStore(home.chats)) as store:
        assert store.trouble is not None
        assert "new chats are not kept" in store.trouble.sentence
        assert store.trouble.remedy.startswith("Check that its folder may be written to")
    said = await asyncio.to_thread(window_says, home.root)
    assert said.startswith(f"Fullbore cannot write to {home.root}")
    assert "Make that folder writable" in said


async def test_that_a_full_disk_is_told_and_nothing_that_was_there_is_lost(disk: Mounted) -> None:
    home = Home(disk.at / "home")
    home.make()
    settings = SettingsFile(home.ui_toml)
    settings.change(UiSettings(theme="dark"))
    engine = Engine(home, QUIET)
    await engine.start()
    try:
        await engine.configure(streams=3)
        with closing(ChatStore(home.chats)) as store:
            chat = store.new(title="Kept").id
            store.append(chat, StoredMessage(role=Role.USER, content="Hello"))
            fill(disk.at)
            with pytest.raises(DiskFull, match=r"engine\.toml could not be saved"):
                await engine.configure(streams=4)
            with pytest.raises(DiskFull, match=r"ui\.toml could not be saved"):
                settings.change(UiSettings(theme="light"))
            long = StoredMessage(role=Role.USER, content="x" * 900_000)
            with pytest.raises(DiskFull, match="the disk is full"):
                store.append(chat, long)
            assert store.messages(chat)[0].content == "Hello"
    finally:
        await engine.close()
    assert read_config(home.engine_toml).streams == 3
    assert SettingsFile(home.ui_toml).settings.theme == "dark"
    with closing(ChatStore(home.chats)) as store:
        assert [known.title for known in store.chats()] == ["Kept"]


async def test_that_old_chats_on_a_full_disk_are_not_touched(disk: Mounted) -> None:
    path = disk.at / "chats.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, MIGRATIONS[:1])
        connection.execute("INSERT INTO chats (title, created_at, updated_at) VALUES ('a', 1, 1)")
        connection.execute(
            "INSERT INTO messages (chat_id, role, content) VALUES (1, 'user', ?)", ("x" * 200_000,)
        )
    fill(disk.at)
    with closing(ChatStore(path)) as store:
        assert store.trouble is not None
        assert "new chats are not kept" in store.trouble.sentence
        assert "has room" in store.trouble.remedy
    (disk.at / "ballast").unlink()
    with closing(sqlite3.connect(path)) as connection:
        assert version_of(connection) == 1
    with closing(ChatStore(path)) as store:
        assert store.trouble is None
        assert [known.title for known in store.chats()] == ["a"]


@pytest.mark.journey
async def test_that_a_home_may_have_any_name(tmp_path: Path, model_file: Path) -> None:
    home = home_with(model_file, tmp_path / ODD)
    with closing(ChatStore(home.chats)) as store:
        store.append(store.new(title="你好").id, StoredMessage(role=Role.USER, content="Grüße"))
        made = daily(home.chats, home.root / "backups", now=store.chats()[0].updated_at)
        assert made is not None
        assert [chat.title for chat in store.chats()] == ["你好"]
    engine = Engine(home, QUIET)
    await engine.start()
    try:
        await engine.configure(streams=1)
        (model,) = await engine.refresh_models()
        await engine.load(model.id)
        request = ChatRequest(messages=(Message(role=Role.USER, content="Hi"),), max_tokens=8)
        async with aclosing(engine.generate(request)) as deltas:
            assert any([isinstance(delta, Piece) async for delta in deltas])
    finally:
        await engine.close()
    done = await asyncio.to_thread(run, home.root, "engine", "list")
    assert done.returncode == 0, done.stderr
    assert model_file.stem in done.stdout


async def test_that_two_homes_are_open_at_once_and_one_home_only_once(tmp_path: Path) -> None:
    homes = [Home(tmp_path / name) for name in ("one", ODD)]
    async with asyncio.timeout(60):
        with ExitStack() as processes:
            for home in homes:
                home.make()
                home.engine_toml.write_text("serve = false\n", "utf-8")
                processes.callback(end, holding(home))
            for home in homes:
                await until((home.root / "engine.door.json").exists, seconds=50)
            for home in homes:
                third = Engine(home, QUIET)
                with pytest.raises(HomeBusy) as told:
                    await third.start()
                assert "already running" in told.value.remedy


def holding(home: Home) -> "subprocess.Popen[bytes]":
    """A process that owns that home until its input ends."""
    words = (
        "import asyncio, pathlib, sys\n"
        "from engine.config import Home, read_config\n"
        "from engine.engine import Engine\n"
        "async def own():\n"
        "    home = Home(pathlib.Path(sys.argv[1]))\n"
        "    engine = Engine(home, read_config(home.engine_toml))\n"
        "    await engine.start()\n"
        "    await asyncio.to_thread(sys.stdin.read)\n"
        "    await engine.close()\n"
        "asyncio.run(own())\n"
    )
    return subprocess.Popen([sys.executable, "-c", words, str(home.root)], stdin=subprocess.PIPE)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Let it close its engine."""
    process.communicate(timeout=30)
    assert process.returncode == 0
