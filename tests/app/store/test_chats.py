import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.store.chats import TITLE_CHARACTERS, ChatStore, title_from
from app.store.transcript import Transcript
from app.store.values import Statistics, StoredMessage
from engine.chat import Role
from engine.errors import DiskFull, StoreError
from tests.support.pace import allowed, spent

pytestmark = pytest.mark.usefixtures("few_objects")

HELLO = StoredMessage(role=Role.USER, content="Hello")
ANSWER = StoredMessage(
    role=Role.ASSISTANT,
    content="Grüß Gott 你好",
    reasoning="They greet me.",
    reasoning_seconds=1.5,
    statistics=Statistics(
        answer_tokens=7, tokens_per_second=61.5, first_token_seconds=0.2, prompt_tokens=31
    ),
    failure="The worker died. Ask again.",
)


def ticking() -> Callable[[], datetime]:
    """A clock that a second passes on with each look."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    seconds = iter(range(10**6))
    return lambda: start + timedelta(seconds=next(seconds))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(path, now=ticking())) as store:
        yield store


def fill_the_disk(path: Path, store: ChatStore) -> sqlite3.Connection:
    """No page more for this connection: what SQLite says then is what it says of a full disk."""
    connection: sqlite3.Connection = vars(store)["_connection"]
    assert path.exists()
    connection.execute("PRAGMA max_page_count = 1")  # means: as many as there are
    return connection


def test_that_chats_come_back_after_a_restart(path: Path, store: ChatStore) -> None:
    chat = store.new(title="Greetings", model="tiny")
    hello = store.append(chat.id, HELLO)
    said = (hello, store.append(chat.id, replace(ANSWER, parent_id=hello.id)))
    store.close()
    with closing(ChatStore(path)) as again:
        assert [known.title for known in again.chats()] == ["Greetings"]
        assert again.messages(chat.id) == said
        assert replace(said[1], id=None, chat_id=None, parent_id=None) == ANSWER


def test_that_the_chat_used_last_comes_first(store: ChatStore) -> None:
    old, new = store.new(title="old"), store.new(title="new")
    assert [chat.id for chat in store.chats()] == [new.id, old.id]
    store.append(old.id, HELLO)
    assert [chat.id for chat in store.chats()] == [old.id, new.id]
    store.rename(new.id, "renamed")
    assert [chat.title for chat in store.chats()] == ["old", "renamed"]


def test_that_deleting_a_chat_deletes_its_messages(store: ChatStore) -> None:
    chat = store.new(title="gone")
    store.append(chat.id, HELLO)
    store.delete(chat.id)
    assert store.chats() == ()
    assert store.chat(chat.id) is None
    assert store.messages(chat.id) == ()


def test_that_an_answer_can_grow_on_disk(store: ChatStore) -> None:
    chat = store.new()
    answer = store.append(chat.id, StoredMessage(role=Role.ASSISTANT, content="Once"))
    store.amend(replace(answer, content="Once upon a time"))
    assert [message.content for message in store.messages(chat.id)] == ["Once upon a time"]


def test_that_a_full_disk_is_a_foreseen_failure_and_harms_nothing(
    path: Path, store: ChatStore
) -> None:
    chat = store.new(title="kept")
    store.append(chat.id, HELLO)
    fill_the_disk(path, store)
    with pytest.raises(DiskFull, match="disk is full"):
        store.append(chat.id, replace(HELLO, content="x" * 100_000))
    assert [message.content for message in store.messages(chat.id)] == ["Hello"]


def test_that_a_transcript_loses_nothing_to_a_full_disk(path: Path, store: ChatStore) -> None:
    transcript = Transcript(store)
    transcript.add(HELLO)
    transcript.save()
    connection = fill_the_disk(path, store)
    transcript.add(replace(ANSWER, content="x" * 100_000))
    with pytest.raises(DiskFull):
        transcript.save()
    assert len(transcript.messages) == 2
    connection.execute("PRAGMA max_page_count = 100000")  # somebody made room
    transcript.save()
    assert transcript.chat is not None
    assert store.messages(transcript.chat.id) == transcript.messages


def test_that_another_program_s_lock_is_told_in_a_sentence(path: Path, store: ChatStore) -> None:
    vars(store)["_connection"].execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked"):
            store.new(title="refused")


def test_that_every_verb_is_quick(store: ChatStore) -> None:
    """The window's thread makes these calls: under 5 ms of its time each with 500 chats."""
    for number in range(500):
        store.new(title=f"Chat {number}")
    chat = store.new(title="long")
    answer = store.append(chat.id, replace(ANSWER, content="word " * 20_000))
    verbs: dict[str, Callable[[], object]] = {
        "chats": store.chats,
        "append": lambda: store.append(chat.id, HELLO),
        "amend": lambda: store.amend(answer),
        "messages": lambda: store.messages(chat.id),
        "rename": lambda: store.rename(chat.id, "another"),
    }
    best = {name: min(spent(verb) for _ in range(9)) for name, verb in verbs.items()}
    most = allowed(0.005)
    print({name: f"{seconds * 1000:.2f} ms" for name, seconds in best.items()})
    assert {name for name, seconds in best.items() if seconds > most} == set()


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What is  GGUF?", "What is GGUF?"),
        ("\n  First line\nsecond line", "First line"),
        ("", ""),
        ("word " * 30, "word word word word word word word word word…"),
        ("字" * 100, "字" * (TITLE_CHARACTERS - 1) + "…"),
    ],
)
def test_that_a_title_is_the_question_s_first_line_cut_between_words(
    question: str, title: str
) -> None:
    assert title_from(question) == title
    assert len(title) <= TITLE_CHARACTERS
