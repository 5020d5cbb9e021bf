"""Chats written for others, and chats taken in from files."""

import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.store import parcels
from app.store.chats import ChatStore
from app.store.exports import as_json, as_markdown
from app.store.imports import harvest, read_chats
from app.store.values import Attachment, Chat, Statistics, StoredMessage
from engine.chat import Role, StopReason, ToolCall
from engine.errors import StoreError, StoreTooNew

ANSWER = StoredMessage(
    role=Role.ASSISTANT,
    content="Because ```code```.",
    reasoning="Hm.\nLet me see.",
    reasoning_seconds=2.5,
    statistics=Statistics(answer_tokens=3, stop=StopReason.END, model="tiny", plan="2 cards"),
    failure="It broke off.",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(tmp_path / "chats.sqlite")) as store:
        yield store


def say(store: ChatStore, chat: Chat, message: StoredMessage, parent: int | None) -> int:
    said = store.append(chat.id, replace(message, parent_id=parent))
    assert said.id is not None
    return said.id


def branched(store: ChatStore) -> Chat:
    """A question with a file, two answers, and a call of a tool below the first."""
    chat = store.new(title="Why\nso", model="tiny")
    file = Attachment(name="a.txt", media_type="text/plain", size_bytes=3, body=b"\x00\xffb")
    question = StoredMessage(role=Role.USER, content="Why? 为什么", attachments=(file,))
    asked = say(store, chat, question, None)
    first = say(store, chat, ANSWER, asked)
    call = ToolCall(id="c", name="look_up", arguments='{"a": "```"}')
    calls = say(
        store, chat, StoredMessage(role=Role.ASSISTANT, content="", tool_calls=(call,)), first
    )
    say(store, chat, StoredMessage(role=Role.TOOL, content="42", tool_call_id="c"), calls)
    say(store, chat, StoredMessage(role=Role.ASSISTANT, content="Who knows."), asked)
    store.turn_to(chat.id, first)
    known = store.chat(chat.id)
    assert known is not None
    return known


def told(store: ChatStore, chat: Chat) -> list[dict[str, Any]]:
    """Everything but numbers."""
    written = json.loads(as_json(chat, store.tree(chat.id), store.attachment))["chats"][0]
    places = {message["id"]: place for place, message in enumerate(written["messages"])}
    return [
        {**message, "id": places[message["id"]], "parent": places.get(message["parent"])}
        for message in written["messages"]
    ]


def test_that_a_chat_exported_as_json_comes_back_whole(tmp_path: Path, store: ChatStore) -> None:
    chat = branched(store)
    file = tmp_path / "chat.json"
    file.write_text(as_json(chat, store.tree(chat.id), store.attachment), encoding="utf-8")
    (imported,) = read_chats(file)
    again = store.take_in(imported)
    assert told(store, again) == told(store, chat)
    assert (again.title, again.model, again.created_at) == (
        chat.title,
        chat.model,
        chat.created_at,
    )
    assert [one.content for one in store.messages(again.id)] == [
        one.content for one in store.messages(chat.id)
    ]
    (attached,) = store.messages(again.id)[0].attachments
    assert attached.id is not None
    assert store.attachment(attached.id) == b"\x00\xffb"
    assert store.chat(again.id) == again


def test_that_markdown_reads_like_a_conversation(store: ChatStore) -> None:
    chat = branched(store)
    assert as_markdown(chat, store.messages(chat.id)) == (
        "# Why so\n\n"
        "## You\n\n*a.txt*\n\nWhy? 为什么\n\n"
        "## tiny\n\n> Hm.\n> Let me see.\n\nBecause ```code```.\n\n*It broke off.*\n\n"
        '## tiny\n\n`look_up`\n\n````json\n{"a": "```"}\n````\n\n'
        "## Tool\n\n42\n"
    )


def node(
    key: str, parent: str | None, role: str, content: object, **more: object
) -> dict[str, Any]:
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    message = {"id": key, "author": {"role": role}, "content": content, **more}
    return {"id": key, "parent": parent, "children": list[str](), "message": message}


def conversation(*nodes: dict[str, Any], **more: object) -> dict[str, Any]:
    root: dict[str, Any] = {"id": "root", "parent": None, "children": list[str](), "message": None}
    mapping: dict[str, Any] = {one["id"]: one for one in (root, *nodes)}
    for one in nodes:
        mapping[one["parent"]]["children"].append(one["id"])
    return {
        "title": "A talk",
        "create_time": 1_700_000_000.5,
        "update_time": 1_700_000_100.0,
        "mapping": mapping,
        **more,
    }


TALK = conversation(
    node("s", "root", "system", ""),
    node("q", "s", "user", {"content_type": "multimodal_text", "parts": [
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"}, "What is it?",
    ]}),
    node("t", "q", "assistant", {"content_type": "thoughts", "thoughts": [
        {"summary": "Looking", "content": "It is a cat."},
    ]}),
    node("r", "t", "assistant", {"content_type": "reasoning_recap", "content": "Thought for 3s"}),
    node("a1", "r", "assistant", "A cat."),
    node("c", "q", "assistant", {"content_type": "code", "text": "print(1)"}, recipient="python"),
    node("o", "c", "tool", {"content_type": "execution_output", "text": "1"}),
    node("a2", "o", "assistant", "One cat."),
    node("h", "a2", "user", "hidden", metadata={"is_visually_hidden_from_conversation": True}),
    current_node="h",
    default_model_slug="gpt-4o",
)  # fmt: skip


def write(file: Path, content: object) -> Path:
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def test_that_chatgpt_s_branches_roles_and_times_are_taken_in(
    tmp_path: Path, store: ChatStore
) -> None:
    (imported,) = read_chats(write(tmp_path / "conversations.json", [TALK]))
    chat = store.take_in(imported)
    assert (chat.title, chat.model, chat.title_is_own) == ("A talk", "gpt-4o", True)
    assert chat.created_at == datetime.fromtimestamp(1_700_000_000.5, UTC)
    assert chat.updated_at == datetime.fromtimestamp(1_700_000_100, UTC)
    shown = store.messages(chat.id)
    assert [(one.role, one.content) for one in shown] == [
        (Role.USER, "[image]\n\nWhat is it?"),
        (Role.ASSISTANT, ""),
        (Role.TOOL, "1"),
        (Role.ASSISTANT, "One cat."),
    ]
    assert shown[1].tool_calls[0].name == "python"
    assert json.loads(shown[1].tool_calls[0].arguments) == {"input": "print(1)"}
    assert shown[2].tool_call_id == shown[1].tool_calls[0].id
    ((other, _),) = store.versions(chat.id).values()
    store.turn_to(chat.id, other)
    answer = store.messages(chat.id)[-1]
    assert (answer.content, answer.reasoning) == ("A cat.", "Looking\n\nIt is a cat.")


def test_that_the_archive_as_it_was_sent_is_read(tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", "{}")
        archive.writestr("conversations-000.json", json.dumps([TALK, TALK]))
        archive.writestr("conversations-001.json", json.dumps([TALK]))
    assert len(read_chats(file)) == 3


def test_that_a_chat_that_makes_no_sense_is_skipped_and_counted(
    tmp_path: Path, store: ChatStore
) -> None:
    around = {"a": {"id": "a", "parent": "b", "children": ["b"]}, "b": {"parent": "a"}}
    bad: list[Any] = [
        None, 5, "text", [], {}, {"mapping": {}}, {"mapping": []}, {"mapping": around},
        {"mapping": {"x": None, "y": {"message": {"content": 5, "author": "me"}}}},
        {"mapping": {"x": {"message": {"author": {"role": ["user"]}, "content": {"parts": "x"}}}}},
    ]  # fmt: skip
    odd = conversation(
        node("q", "root", "user", "lone \ud800 half"), create_time="yesterday", title=5
    )
    odd["mapping"]["q"]["children"] = ["q", "root", "nobody", 7]
    read = harvest(write(tmp_path / "conversations.json", [*bad, TALK, odd]))
    assert read.skipped == len(bad)
    for imported in read.chats:
        assert store.messages(store.take_in(imported).id)


def test_that_our_own_chats_that_make_no_tree_are_skipped(tmp_path: Path, store: ChatStore) -> None:
    chat = branched(store)
    written = json.loads(as_json(chat, store.tree(chat.id), store.attachment))
    (good,) = written["chats"]
    loop = json.loads(json.dumps(good))
    loop["messages"][0]["parent"] = loop["messages"][1]["id"]
    body = json.loads(json.dumps(good))
    body["messages"][0]["attachments"][0]["body"] = "!!"
    time = {**good, "created_at": "soon"}
    written["chats"] = [loop, good, body, time, {**good, "messages": 5}, None]
    read = harvest(write(tmp_path / "chats.json", written))
    assert (len(read.chats), read.skipped) == (1, 5)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"   ", b"{", b"[", b"[{}", b"[{},", b"[1, 2", b'{"format": "else"}', b"[]", b"[{}]",
        b"\xff\xfe\x00", b"PK\x03\x04 and no more", b"[" * 100_000, b'[{"a":' * 50_000,
        b"\x00" * 99,
        b'{"format": "fullbore-chats", "version": 1}', b"nonsense", b"[" + b"9" * 10_000 + b"]",
    ],
)  # fmt: skip
def test_that_a_file_that_is_something_else_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "chats.json"
    file.write_bytes(content)
    with pytest.raises(StoreError, match=r"chats\.json") as refused:
        harvest(file)
    assert refused.value.remedy


def test_that_a_later_version_s_file_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "chats.json", {"format": "fullbore-chats", "version": 2})
    with pytest.raises(StoreTooNew, match="later version"):
        harvest(file)
    with pytest.raises(StoreError, match="could not be read"):
        harvest(tmp_path / "missing.json")


def test_that_archives_that_lie_are_refused(tmp_path: Path) -> None:
    empty, bomb, torn = (tmp_path / name for name in ("empty.zip", "bomb.zip", "torn.zip"))
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("chat.html", "<html>")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b" " * (90 << 20))
    with zipfile.ZipFile(torn, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps([TALK] * 50))
    whole = torn.read_bytes()
    torn.write_bytes(whole[:300] + b"\x00" * 60 + whole[360:])
    # The archive's directory says it is short; what is unpacked is not.
    listing = bomb.read_bytes()
    bomb.write_bytes(listing.replace((90 << 20).to_bytes(4, "little"), (99).to_bytes(4, "little")))
    for file in (empty, bomb, torn):
        with pytest.raises(StoreError, match=file.name):
            harvest(file)


def test_that_a_file_larger_than_any_chats_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as opened:
        opened.truncate(parcels.MOST_BYTES + 1)  # a hole: nothing is written
    with pytest.raises(StoreError, match="too large"):
        harvest(file)


def test_that_a_long_list_is_read_an_element_at_a_time(tmp_path: Path) -> None:
    filler = [{"filler": "x" * 1000}] * 20_000
    file = write(tmp_path / "conversations.json", [*filler, TALK])
    tracemalloc.start()
    read = harvest(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(read.chats), read.skipped) == (1, len(filler))
    assert peak < file.stat().st_size / 2


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_that_it_does_not_matter_where_a_text_is_cut(size: int) -> None:
    text = json.dumps([TALK, {"a": [1, 2]}, "字\u2028", None])
    chunks = (text[at : at + size] for at in range(0, len(text), size))
    assert list(parcels.elements(chunks, "x")) == json.loads(text)
