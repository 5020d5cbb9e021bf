"""The sidebar's state, over a real store."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot

from app.presenters.chats.presenter import ChatsPresenter
from app.store.chats import ChatStore
from app.store.values import Chat, StoredMessage
from engine.chat import Role
from engine.config import Home

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(home: Home) -> Iterator[ChatStore]:
    ages = iter(range(10_000))
    with closing(
        ChatStore(home.chats, now=lambda: NOW - timedelta(seconds=10_000 - next(ages)))
    ) as store:
        yield store


@pytest.fixture
def chats(qtbot: QtBot, store: ChatStore) -> Iterator[ChatsPresenter]:
    presenter = ChatsPresenter(store, now=lambda: NOW)
    yield presenter
    presenter.close()


def said(store: ChatStore, title: str, *words: str) -> Chat:
    chat = store.new(title=title)
    last: int | None = None
    for number, text in enumerate(words):
        role = Role.ASSISTANT if number % 2 else Role.USER
        message = StoredMessage(role=role, content=text, parent_id=last)
        last = store.append(chat.id, message).id
    return chat


def hear(signal: SignalInstance) -> list[tuple[object, ...]]:
    """What that signal says from now on."""
    heard: list[tuple[object, ...]] = []

    def take(*said: object) -> None:
        heard.append(said)

    signal.connect(take)
    return heard


def titles(chats: ChatsPresenter) -> list[str]:
    return [chat.title for chat in chats.chats]


def test_that_what_lies_in_trash_comes_back_with_one_undo(
    qtbot: QtBot, store: ChatStore, chats: ChatsPresenter
) -> None:
    one, two = said(store, "One"), said(store, "Two")
    chats.list_again()
    chats.mark(two.id)
    left, offered = hear(chats.left), hear(chats.undo_offered)
    chats.trash([one.id, two.id])
    assert left == [((one.id, two.id),)]
    assert offered == [("2 moved to trash",)]
    assert titles(chats) == []
    opened = hear(chats.opened)
    chats.undo()
    assert opened == [(two.id,)]
    assert sorted(titles(chats)) == ["One", "Two"]
    with qtbot.assertNotEmitted(chats.changed):
        chats.undo()


def test_that_the_archive_and_the_trash_are_places_of_their_own(
    store: ChatStore, chats: ChatsPresenter
) -> None:
    one, two, three = said(store, "One"), said(store, "Two"), said(store, "Three")
    chats.list_again()
    chats.archive([one.id])
    chats.trash([two.id])
    assert titles(chats) == ["Three"]
    chats.turn_to("archive")
    assert (titles(chats), chats.tree.fixed) == (["One"], True)
    chats.unarchive([one.id])
    chats.turn_to("trash")
    assert titles(chats) == ["Two"]
    chats.restore([two.id])
    chats.trash([three.id])
    chats.list_again()
    chats.empty_trash()
    assert (titles(chats), store.chat(three.id)) == ([], None)
    chats.turn_to("chats")
    assert sorted(titles(chats)) == ["One", "Two"]


def test_that_the_trash_forgets_what_is_older_than_thirty_days(home: Home, qtbot: QtBot) -> None:
    moments = [NOW - timedelta(days=31)]
    with closing(ChatStore(home.chats, now=lambda: moments[0])) as store:
        gone = said(store, "Gone")
        store.trash(gone.id)
        moments[0] = NOW
        kept = said(store, "Kept")
        store.trash(kept.id)
        chats = ChatsPresenter(store, now=lambda: NOW)
        chats._turn_page()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        chats.close()
        assert store.chat(gone.id) is None
        assert store.chat(kept.id) is not None


def test_that_folders_take_chats_and_give_them_back(
    store: ChatStore, chats: ChatsPresenter
) -> None:
    one, two = said(store, "One"), said(store, "Two")
    chats.list_again()
    work = chats.new_folder("Work", [one.id])
    fun = chats.new_folder("Fun")
    assert work is not None
    assert fun is not None
    chats.put([two.id], "pinned")
    chats.put([two.id], work)
    moved = store.chat(two.id)
    assert moved is not None
    assert (moved.folder_id, moved.pinned) == (work, False)
    chats.move_folder(fun, 0)
    assert [folder.name for folder in chats.folders] == ["Fun", "Work"]
    chats.move_folder(fun, 2)
    assert [folder.name for folder in chats.folders] == ["Work", "Fun"]
    chats.fold(work, is_open=False)
    chats.delete_folder(chats.folders[0])
    assert {chat.folder_id for chat in chats.chats} == {None}
    chats.undo()
    assert [folder.name for folder in chats.folders] == ["Work", "Fun"]
    assert {chat.folder_id for chat in chats.chats} == {chats.folders[0].id}


def test_that_a_name_given_by_hand_is_the_person_s_own(
    qtbot: QtBot, store: ChatStore, chats: ChatsPresenter
) -> None:
    one = said(store, "One")
    chats.list_again()
    amended = hear(chats.amended)
    chats.rename(one, "  Another \n name ")
    assert amended == [(one.id,)]
    known = store.chat(one.id)
    assert known is not None
    assert (known.title, known.title_is_own) == ("Another name", True)
    with qtbot.assertNotEmitted(chats.amended):
        chats.rename(one, "  ")


def test_that_a_search_waits_for_the_last_letter_and_opens_the_message(
    qtbot: QtBot, store: ChatStore, chats: ChatsPresenter
) -> None:
    one = said(store, "Fruit", "What about apples?", "Apples are round.")
    finding = chats.finding
    for letters in ("a", "ap", "app"):
        finding.search(letters)
    assert finding.looking
    assert finding.found.rows == ()
    qtbot.waitUntil(lambda: len(finding.found.rows) == 2)
    hit = finding.found.rows[0]
    assert [hit.excerpt[begin:end].lower() for begin, end in hit.marks] == ["app"]
    with qtbot.waitSignals([chats.opened, chats.message_wanted]):
        finding.open(hit)
    finding.search("nowhere at all")
    finding.look_now()
    assert finding.found.rows == ()
    assert finding.searching
    finding.search(" ")
    assert not finding.searching
    assert one.id == hit.chat.id


def test_that_what_stands_on_another_branch_is_turned_to(
    qtbot: QtBot, store: ChatStore, chats: ChatsPresenter
) -> None:
    chat = said(store, "Branches", "Question")
    first = store.messages(chat.id)[0]
    for text in ("zebra", "other"):
        answer = StoredMessage(role=Role.ASSISTANT, content=text, parent_id=first.id)
        store.append(chat.id, answer)
    assert store.messages(chat.id)[-1].content == "other"
    chats.finding.search("zebra")
    chats.finding.look_now()
    turned = hear(chats.finding.turned)
    chats.finding.open(chats.finding.found.rows[0])
    assert turned == [((chat.id,),)]
    assert store.messages(chat.id)[-1].content == "zebra"


def test_that_a_copy_of_a_chat_is_opened(
    qtbot: QtBot, store: ChatStore, chats: ChatsPresenter
) -> None:
    chat = said(store, "One", "Question", "Answer")
    opened = hear(chats.opened)
    chats.duplicate(chat.id)
    ((copy,),) = opened
    assert isinstance(copy, int)
    assert copy != chat.id
    assert [one.content for one in store.messages(copy)] == ["Question", "Answer"]


def test_that_only_chats_shown_lately_are_read_again(
    store: ChatStore, chats: ChatsPresenter
) -> None:
    one = said(store, "One")
    chats.mark(one.id)
    assert titles(chats) == ["One"]
    store.amend_chat(replace(one, title="Named by the model"))
    chats.look_again()
    assert titles(chats) == ["Named by the model"]


def test_that_a_broken_store_is_told(qtbot: QtBot, home: Home) -> None:
    with closing(ChatStore(home.chats)) as store:
        chats = ChatsPresenter(store)
        store._connection.execute("DROP TABLE folders")  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        failed = hear(chats.failed)
        chats.list_again()
        chats.close()
    assert "could not be read" in str(failed)
