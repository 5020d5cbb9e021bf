"""Searching titles and messages."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.chats import ChatStore
from app.store.search import EXCERPT_CHARACTERS
from app.store.terms import fold
from app.store.values import Found, StoredMessage
from engine.chat import Role


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(tmp_path / "chats.sqlite")) as store:
        yield store


def keep(store: ChatStore, *texts: str) -> None:
    chat = store.new()
    parent = None
    for text in texts:
        message = StoredMessage(role=Role.USER, content=text, parent_id=parent)
        parent = store.append(chat.id, message).id


def marked(found: Found) -> list[str]:
    return [found.excerpt[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("text", "asked", "hits"),
    [
        ("The quick brown fox", "quick", ["quick"]),
        ("The quick brown fox", "QUI", ["qui"]),
        ("The quick brown fox", "fox quick", ["quick", "fox"]),
        ("今天我们讨论语言模型的量化", "模型", ["模型"]),
        ("今天我们讨论语言模型的量化", "量", ["量"]),
        ("今天我们讨论语言模型的量化", "化", ["化"]),
        ("今天我们讨论语言模型的量化", "语言模型", ["语言模型"]),
        ("これは日本語の文です", "日本", ["日本"]),
        ("カタカナのテスト", "テスト", ["テスト"]),
        ("데이터베이스 검색", "이터", ["이터"]),
        ("用 GGUF 量化 llama 模型", "gguf 模型", ["GGUF", "模型"]),
        ("Größe über alles", "grosse", ["Größe"]),
        ("café au lait", "cafe", ["café"]),
        ("ＦＵＬＬ width", "full", ["ＦＵＬＬ"]),
        ("call snake_case_name() now", "case", ["case"]),
        ("version 3.11 of it", "3.11", ["3", "11"]),
        ("I like C++ and C#", "c++", ["C", "C"]),
        ("ภาษาไทยไม่มีช่องว่าง", "ไทย", ["ไทย"]),
    ],
)
def test_that_words_are_found_and_marked(
    store: ChatStore, text: str, asked: str, hits: list[str]
) -> None:
    keep(store, "Something else, 別の話 altogether.", text)
    (found,) = store.search(asked)
    assert found.excerpt == text
    assert [hit.casefold() for hit in marked(found)] == [hit.casefold() for hit in hits]


@pytest.mark.parametrize(
    "asked", ["", " ", '"', "*", "AND", "NEAR(", "a OR", "terms:x", "-", "(", "^a", "'; --", "\0"]
)
def test_that_nothing_that_is_typed_is_an_error(store: ChatStore, asked: str) -> None:
    keep(store, "plain words")
    assert store.search(asked) == ()


@settings(max_examples=60, deadline=None)
@given(asked=st.text(max_size=30), said=st.text(max_size=60))
def test_that_any_text_can_be_kept_and_any_words_asked(asked: str, said: str) -> None:
    with closing(ChatStore(Path(":memory:"))) as store:
        keep(store, said)
        store.search(asked)
        whole = store.search(said)
        assert len(whole) <= 1


def test_that_characters_apart_are_not_taken_for_a_word(store: ChatStore) -> None:
    keep(store, "语言很多，言模糊，模型不少")  # all pairs of 语言模型, and not the word
    assert store.search("语言模型") == ()
    assert len(store.search("模型")) == 1


def test_that_the_newest_come_first_and_titles_before(store: ChatStore) -> None:
    keep(store, "apple old")
    keep(store, "apple new")
    store.new(title="Of Apples")
    found = store.search("apple")
    assert [one.excerpt for one in found] == ["Of Apples", "apple new", "apple old"]
    assert [one.message_id is None for one in found] == [True, False, False]
    assert len(store.search("apple", limit=2)) == 2


def test_that_a_changed_message_is_found_by_its_new_words_alone(store: ChatStore) -> None:
    chat = store.new()
    said = store.append(chat.id, StoredMessage(role=Role.ASSISTANT, content="once upon"))
    assert len(store.search("upon")) == 1
    store.amend(replace(said, content="never more"))
    store.amend(replace(said, content="never again"))
    assert store.search("upon") == ()
    assert store.search("more") == ()
    assert len(store.search("again")) == 1


def test_that_deleted_words_leave_the_file_s_index(store: ChatStore) -> None:
    keep(store, "unmistakable")
    (found,) = store.search("unmistakable")
    store.delete(found.chat.id)
    connection: sqlite3.Connection = vars(store)["_connection"]
    connection.execute("CREATE VIRTUAL TABLE temp.known USING fts5vocab(main, words, row)")
    assert connection.execute("SELECT term FROM known").fetchall() == []
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_that_an_excerpt_is_cut_around_the_first_hit(store: ChatStore) -> None:
    keep(store, "filler " * 500 + "\nthe needle\x07\tlies here " + "filler " * 500)
    (found,) = store.search("needle")
    assert "the needle  lies here" in found.excerpt
    assert found.excerpt.startswith("…")
    assert found.excerpt.endswith("…")
    assert len(found.excerpt) <= EXCERPT_CHARACTERS + 2
    assert marked(found) == ["needle"]


def test_that_searching_is_prepared_in_idle_time(store: ChatStore) -> None:
    keep(store, *(f"message {number}" for number in range(250)))
    steps = 1
    while store.index_more():
        steps += 1
    assert steps == 3
    assert len(store.search("message", limit=300)) == 250


def test_that_folding_keeps_what_is_plain() -> None:
    assert fold("ABC ÄÖÜ Straße 한국어 が ﬁ") == "abc aou strasse 한국어 が fi"
