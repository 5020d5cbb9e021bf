"""Chats as files: what is written, what is read, what is replaced."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.presenters.keeping import Form, KeepingPresenter, Progress, file_name
from app.store.chats import ChatStore
from app.store.values import Attachment, Chat, StoredMessage
from engine.chat import Role
from engine.config import Home

HOSTILE = (
    "<script>alert(1)</script> ![x](https://tracker.example/x.png) "
    "[bad](javascript:alert(1)) [good](https://example.org)\n\n"
    "```python\nprint('</code><b>')\n```\n\n"
    "| a | b |\n|---|--:|\n| 1 | $x^2$ |\n\n$$\n\\frac12\n$$\n"
)


class Heard:
    """What a presenter said."""

    def __init__(self, keeping: KeepingPresenter) -> None:
        self.done: list[str] = []
        self.failed: list[str] = []
        self.progress: list[Progress | None] = []
        keeping.done.connect(self.done.append)
        keeping.failed.connect(self.failed.append)
        keeping.progressed.connect(self.progress.append)


@pytest.fixture
def store(home: Home) -> Iterator[ChatStore]:
    with closing(ChatStore(home.chats)) as store:
        yield store


@pytest.fixture
def keeping(qtbot: QtBot, home: Home, store: ChatStore) -> Iterator[KeepingPresenter]:
    presenter = KeepingPresenter(store, home.chats)
    yield presenter
    presenter.close()


@pytest.fixture
def heard(keeping: KeepingPresenter) -> Heard:
    return Heard(keeping)


def png() -> bytes:
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(0x336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    return bytes(buffer.data().data())


def said(store: ChatStore, title: str = "A <b>chat</b>") -> Chat:
    chat = store.new(title=title, model="tiny")
    body = png()
    question = store.append(
        chat.id,
        StoredMessage(
            role=Role.USER,
            content="Look <i>here</i>\nand there",
            attachments=(
                Attachment(name="sky.png", media_type="image/png", size_bytes=len(body), body=body),
            ),
        ),
    )
    store.append(
        chat.id,
        StoredMessage(
            role=Role.ASSISTANT, content=HOSTILE, reasoning="Hm <u>", parent_id=question.id
        ),
    )
    return chat


def test_that_a_page_holds_everything_and_loads_nothing(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    to = tmp_path / "chat.html"
    keeping.export([said(store).id], Form.HTML, to)
    assert keeping.busy
    qtbot.waitUntil(lambda: not keeping.busy)
    assert heard.done == [f"Exported to {to}"]
    page = to.read_text("utf-8")
    assert "<title>A &lt;b&gt;chat&lt;/b&gt;</title>" in page
    assert "default-src 'none'" in page
    for hostile in ("<script>", "<i>here", "<u>", '<img src="https', 'href="javascript'):
        assert hostile not in page
    for kept in (
        "&lt;script&gt;",
        'src="data:image/png;base64,',
        "https://example.org",
        "<th ",
        "x^2",
    ):
        assert kept in page
    assert list(tmp_path.glob("*.part")) == []


def test_that_a_pdf_has_pages_and_a_title(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    to = tmp_path / "chat.pdf"
    chat = said(store, "Pages")
    last = store.messages(chat.id)[-1]
    long = "\n\n".join(f"Paragraph {number} of many words." for number in range(150))
    answer = StoredMessage(role=Role.ASSISTANT, content=long, parent_id=last.id)
    store.append(chat.id, answer)
    keeping.export([chat.id], Form.PDF, to)
    qtbot.waitUntil(lambda: not keeping.busy, timeout=20_000)
    assert heard.failed == []
    body = to.read_bytes()
    assert body.startswith(b"%PDF")
    assert body.count(b"/Type /Page\n") >= 3
    assert "Pages".encode("utf-16-be") in body


def test_that_json_comes_back_as_the_same_chat(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    chat = said(store)
    to = tmp_path / "chat.json"
    keeping.export([chat.id], Form.JSON, to)
    qtbot.waitUntil(lambda: not keeping.busy)
    with qtbot.waitSignal(keeping.taken_in):
        keeping.take_in(to)
    copy = next(one for one in store.chats() if one.id != chat.id)
    assert copy.title == chat.title
    assert [one.content for one in store.messages(copy.id)] == [
        one.content for one in store.messages(chat.id)
    ]
    (file,) = store.messages(copy.id)[0].attachments
    assert file.id is not None
    assert store.attachment(file.id) == png()
    qtbot.waitUntil(lambda: heard.done[-1:] == ["Chats imported: 1"])


def test_that_several_chats_go_into_a_folder_under_names_of_their_own(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter
) -> None:
    chats = [said(store, "Same/name?"), said(store, "Same/name?"), said(store, "...")]
    keeping.export([chat.id for chat in chats], Form.MARKDOWN, tmp_path)
    qtbot.waitUntil(lambda: not keeping.busy)
    names = sorted(file.name for file in tmp_path.glob("*.md"))
    assert names == ["Same name 2.md", "Same name.md", "chat.md"]
    assert file_name(chats[2], Form.PDF) == "chat.pdf"


def test_that_an_import_tells_what_it_left_out_and_can_be_stopped(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    one: dict[str, object] = {"mapping": {}, "title": "broken", "create_time": "soon"}
    written = [one, *(_conversation(number) for number in range(300))]
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps(written), "utf-8")
    keeping.take_in(file)
    qtbot.waitUntil(lambda: any(one is not None and one.done > 0 for one in heard.progress))
    keeping.stop()
    qtbot.waitUntil(lambda: not keeping.busy)
    (says,) = heard.done
    count = len(store.chats())
    assert 0 < count <= 300
    assert says.startswith(f"Chats imported: {count}")


def test_that_a_file_that_has_no_chats_is_told(
    qtbot: QtBot, tmp_path: Path, keeping: KeepingPresenter, heard: Heard
) -> None:
    file = tmp_path / "picture.json"
    file.write_bytes(png())
    keeping.take_in(file)
    qtbot.waitUntil(lambda: not keeping.busy)
    assert len(heard.failed) == 1
    keeping.export([], Form.HTML, tmp_path / "none.html")
    assert not (tmp_path / "none.html").exists()


def test_that_a_backup_brings_everything_back_while_the_window_is_open(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    first = said(store, "First")
    file = tmp_path / "all.sqlite"
    keeping.back_up(file)
    qtbot.waitUntil(lambda: not keeping.busy)
    store.delete(first.id)
    second = said(store, "Second")
    with qtbot.waitSignals([keeping.replacing, keeping.taken_in]):
        keeping.restore(file)
    assert [chat.title for chat in store.chats()] == ["First"]
    assert second.title not in [chat.title for chat in store.chats()]
    qtbot.waitUntil(lambda: len(heard.done) == 2)
    assert "kept in" in heard.done[-1]
    assert said(store, "Third").id


def test_that_a_broken_backup_changes_nothing(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    said(store, "First")
    file = tmp_path / "all.sqlite"
    file.write_bytes(b"no database at all" * 100)
    keeping.restore(file)
    qtbot.waitUntil(lambda: not keeping.busy)
    assert len(heard.failed) == 1
    assert [chat.title for chat in store.chats()] == ["First"]


def test_that_each_day_has_one_backup(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter
) -> None:
    said(store)
    now = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
    folder = tmp_path / "backups"
    keeping.back_up_daily(folder, lambda: now)
    keeping.back_up_daily(folder, lambda: now)
    qtbot.waitUntil((folder / "chats-2026-03-11.sqlite").exists)


def test_that_a_second_piece_of_work_is_refused_in_words(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    said(store)
    keeping.back_up(tmp_path / "one.sqlite")
    keeping.back_up(tmp_path / "two.sqlite")
    assert len(heard.failed) == 1
    qtbot.waitUntil(lambda: not keeping.busy)
    assert not (tmp_path / "two.sqlite").exists()


def test_that_a_place_that_cannot_be_written_is_told(
    qtbot: QtBot, tmp_path: Path, store: ChatStore, keeping: KeepingPresenter, heard: Heard
) -> None:
    chat = said(store)
    for form in Form:
        keeping.export([chat.id], form, tmp_path / "nowhere" / f"x{form.value.suffix}")
        qtbot.waitUntil(lambda: not keeping.busy)
    assert len(heard.failed) == len(Form)
    assert heard.done == []


def _conversation(number: int) -> dict[str, object]:
    return {
        "title": f"Chat {number}",
        "create_time": 1_700_000_000.0 + number,
        "update_time": 1_700_000_000.0 + number,
        "current_node": "b",
        "mapping": {
            "a": {"id": "a", "parent": None, "children": ["b"], "message": None},
            "b": {
                "id": "b",
                "parent": "a",
                "children": [],
                "message": {
                    "id": "b",
                    "author": {"role": "user"},
                    "create_time": 1_700_000_000.0,
                    "content": {"content_type": "text", "parts": [f"Question {number}"]},
                },
            },
        },
    }
