"""A title made by the model, that nobody waits for."""

import pytest
from pytestqt.qtbot import QtBot

from app.presenters.chat.presenter import ChatPresenter
from app.presenters.chat.titles import TITLE_TOKENS, title_from_answer
from app.settings import SettingsFile, UiSettings
from app.store.chats import ChatStore
from tests.support.engine import FakeEngine
from tests.support.talking import ask


@pytest.fixture
def named(ready: ChatPresenter, settings: SettingsFile) -> ChatPresenter:
    settings.change(UiSettings(make_titles=True))
    return ready


def title(store: ChatStore) -> str:
    return store.chats()[0].title


def test_that_a_chat_is_named_after_its_first_answer(
    named: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.answer = '"Everything, and then some".'
    ask(named, qtbot)
    with qtbot.waitSignal(named.chat_changed):
        pass
    assert title(store) == "Everything, and then some"
    assert named.chat is not None
    assert named.chat.title == title(store)
    request = engine.asked[-1]
    assert request.max_tokens == TITLE_TOKENS
    assert [said.content for said in request.messages[:2]] == ["What is it?", engine.answer]
    assert len(named.messages) == 2
    asked = len(engine.asked)
    ask(named, qtbot, "Second?")
    assert len(engine.asked) == asked + 1


def test_that_a_silly_title_and_a_failure_leave_the_plain_one(
    named: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.answer = "word " * 40
    ask(named, qtbot)
    qtbot.waitUntil(lambda: len(engine.asked) == 2 and engine.open_answers == 0)
    assert title(store) == "What is it?"


def test_that_the_next_question_does_not_wait_for_a_title(
    named: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    def go_on(_: object) -> None:
        engine.endless = True

    named.answer_ended.connect(go_on)
    ask(named, qtbot)
    qtbot.waitUntil(lambda: len(engine.asked) == 2)
    engine.endless = False
    ask(named, qtbot, "Second?")
    qtbot.waitUntil(lambda: engine.open_answers <= 1)
    assert title(store) == "What is it?"
    named.close()


def test_that_what_the_person_called_it_stays(
    named: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    named.send("What is it?")
    assert named.chat is not None
    named.rename_chat(named.chat.id, "Mine")
    qtbot.waitUntil(lambda: not named.busy)
    assert title(store) == "Mine"
    assert len(engine.asked) == 1


def test_that_broken_answers_and_stopped_ones_make_no_title(
    named: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.dies_after = 2
    ask(named, qtbot)
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        (' "A good title."\nand more', "A good title"),
        ("**Bold title**", "Bold title"),
        ("Title: Once more", "Once more"),
        ("《三体》的世界。", "《三体》的世界"),
        ("“Quoted” and **bold**", "“Quoted” and bold"),
        ("'“Twice”.'", "Twice"),
        ("", ""),
        ('""', ""),
        ("...", ""),
        ("x" * 61, ""),
        ("bell \x07 rings", ""),
    ],
)
def test_that_only_a_short_line_is_a_title(answer: str, title: str) -> None:
    assert title_from_answer(answer) == title
