"""Folders, presets, snippets, and the trash."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.store.chats import ChatStore
from app.store.values import StoredMessage
from engine.chat import Role, Sampling


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(tmp_path / "chats.sqlite")) as store:
        yield store


def test_that_folders_keep_their_order_and_names(store: ChatStore) -> None:
    one, two, three = (store.folders.new(name) for name in ("one", "two", "three"))
    store.folders.move(three.id, 0)
    assert [folder.name for folder in store.folders.all()] == ["three", "one", "two"]
    store.folders.rename(two.id, "zwei")
    store.folders.open(two.id, False)
    store.folders.delete(one.id)
    kept = store.folders.all()
    assert [(folder.name, folder.position, folder.is_open) for folder in kept] == [
        ("three", 0, True),
        ("zwei", 1, False),
    ]
    store.folders.move(one.id, 0)  # it is gone


def test_that_chats_outlive_their_folder(store: ChatStore) -> None:
    folder = store.folders.new("Work")
    chat = store.new(title="stays", folder_id=folder.id)
    store.folders.delete(folder.id)
    known = store.chat(chat.id)
    assert known is not None
    assert known.folder_id is None


def test_that_a_deleted_preset_leaves_its_chats_the_default(store: ChatStore) -> None:
    preset = store.presets.new("Wild", Sampling(temperature=1.5, seed=7))
    chat = store.amend_chat(replace(store.new(), preset_id=preset.id))
    preset = replace(preset, name="wilder", sampling=Sampling(top_k=0))
    store.presets.amend(preset)
    assert store.presets.all() == (preset,)
    store.presets.delete(preset.id)
    known = store.chat(chat.id)
    assert known is not None
    assert known.preset_id is None


def test_that_snippets_are_ordered_by_name(store: ChatStore) -> None:
    review = store.snippets.new("review", "Review this:")
    fix = store.snippets.new("Fix", "Fix this:")
    review = replace(review, text="Review that:")
    store.snippets.amend(review)
    assert store.snippets.all() == (fix, review)
    store.snippets.delete(fix.id)
    assert store.snippets.all() == (review,)


def test_that_trash_is_emptied_of_what_lies_there_long(tmp_path: Path) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    with closing(ChatStore(tmp_path / "trash.sqlite", now=lambda: now[0])) as store:
        old, young, kept = (store.new(title=title) for title in ("old", "young", "kept"))
        store.append(old.id, StoredMessage(role=Role.USER, content="unforgettable"))
        assert len(store.search("unforget")) == 1
        store.trash(old.id)
        assert store.search("unforget") == ()
        now[0] += timedelta(days=20)
        store.trash(young.id)
        now[0] += timedelta(days=11)
        assert store.empty_trash() == 1
        assert [chat.title for chat in store.chats("trash")] == ["young"]
        assert store.empty_trash(older_than_days=0) == 1
        assert [chat.id for chat in store.chats()] == [kept.id]
