"""A home that the previous version left behind, opened by this one: nothing is lost.

The chats are made by the first version's own statements; the download is a child process that was
killed half way, with its part, its journal and the queue as they lay on the disk.
"""

import random
import sqlite3
from collections.abc import Generator
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from app.settings import SettingsFile
from app.store.chats import ChatStore
from app.store.schema import MIGRATIONS, VERSION, migrate, version_of
from engine.config import EngineConfig, Home, read_config
from engine.download.downloads import Downloads
from engine.download.values import Download, DownloadPhase, Quantization
from engine.engine import Engine, own_parts
from engine.events import DownloadMoved
from tests.support.hub import Hub
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

CHATS = 1_000
REPOSITORY = "owner/some-GGUF"
FILE = "model-Q4_0.gguf"
BODY = random.Random(9).randbytes(24 << 20)
WANTED = Quantization(label="Q4_0", files=(FILE,), size_bytes=len(BODY))
OLD_ENGINE_TOML = 'host = "127.0.0.1"\nport = 12345\nserve = false\nhub_endpoint = "{hub}"\n'
OLD_UI_TOML = 'theme = "dark"\nlast_model = "tiny"\n'


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        hub.add(REPOSITORY, {FILE: BODY})
        yield hub


def write_old_chats(path: Path) -> None:
    """A thousand chats of four turns, as the first version kept them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, MIGRATIONS[:1])
        connection.execute("BEGIN")
        for chat in range(1, CHATS + 1):
            connection.execute(
                "INSERT INTO chats (title, created_at, updated_at, model) VALUES (?, ?, ?, 'tiny')",
                (f"Chat {chat}", 1.7e9 + chat, 1.7e9 + chat),
            )
            connection.executemany(
                "INSERT INTO messages (chat_id, role, content) VALUES (?, ?, ?)",
                [
                    (chat, ("user", "assistant")[turn % 2], f"turn {turn} of chat {chat}: 你好")
                    for turn in range(4)
                ],
            )
        connection.execute("COMMIT")


async def leave_half_a_download(hub: Hub, home: Home) -> int:
    """Bring half of it and end as a killed process does: the queue says that it runs."""
    told: list[Download] = []
    hub.faults.hold_after_bytes = 3 << 20
    downloads = Downloads(hub.address, home.models, told.append, cache=home.cache)
    queue = home.state / "downloads.json"
    downloads.restore(queue)
    await downloads.enqueue(REPOSITORY, WANTED)
    await until(lambda: bool(told) and told[-1].received_bytes >= 4 << 20)
    running = queue.read_bytes()
    await downloads.close()
    queue.write_bytes(running)
    hub.resume()
    return max(one.received_bytes for one in told)


async def test_that_a_thousand_chats_and_a_running_download_outlive_the_upgrade(
    hub: Hub, home: Home
) -> None:
    write_old_chats(home.chats)
    home.engine_toml.write_text(OLD_ENGINE_TOML.format(hub=hub.address), "utf-8")
    home.ui_toml.write_text(OLD_UI_TOML, "utf-8")
    arrived = await leave_half_a_download(hub, home)
    target = home.models / "owner" / "some-GGUF" / FILE
    assert not target.exists()
    assert list(home.models.rglob("*.incomplete"))
    sent_before = hub.served_bytes

    check_chats(home)
    assert SettingsFile(home.ui_toml).settings.theme == "dark"
    config = read_config(home.engine_toml)
    assert config == EngineConfig(port=12345, serve=False, hub_endpoint=hub.address)
    engine = Engine(home, config, parts=own_parts())
    done: list[Download] = []
    try:
        async with aclosing(engine.events()) as events:
            await engine.start()
            async for event in events:
                if isinstance(event, DownloadMoved):
                    assert event.download.phase is not DownloadPhase.FAILED, event.download
                    done.append(event.download)
                    if event.download.phase is DownloadPhase.DONE:
                        break
    finally:
        await engine.close()
    (found,) = home.models.rglob(FILE)
    assert found.read_bytes() == BODY
    assert not list(home.models.rglob("*.incomplete"))
    # What had arrived was not asked for again, but for the blocks that were being written.
    assert hub.served_bytes - sent_before < len(BODY) - arrived + (1 << 20)


def check_chats(home: Home) -> None:
    with closing(ChatStore(home.chats)) as store:
        assert store.trouble is None
        assert len(store.chats()) == CHATS
        for chat in (1, CHATS // 2, CHATS):
            messages = store.messages(chat)
            assert [one.content for one in messages] == [
                f"turn {turn} of chat {chat}: 你好" for turn in range(4)
            ]
        assert len(store.search("777")) > 0
    with closing(sqlite3.connect(home.chats)) as connection:
        assert version_of(connection) == VERSION
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (4 * CHATS,)
    aside = home.chats.with_name(f"{home.chats.name}.before-{VERSION}")
    with closing(sqlite3.connect(aside)) as connection:
        assert version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM chats").fetchone() == (CHATS,)
