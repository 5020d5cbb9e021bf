"""Versions of messages: edited, asked again, turned to, deleted, forked, continued."""

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.store.chats import ChatStore
from app.store.values import Attachment
from engine.chat import Role, StopReason
from tests.support.engine import FakeEngine
from tests.support.talking import ask, contents, number

ANSWER = "The answer is forty two."


@pytest.fixture
def talk(ready: ChatPresenter, qtbot: QtBot) -> ChatPresenter:
    """Two questions, answered."""
    ask(ready, qtbot, "First?")
    ask(ready, qtbot, "Second?")
    return ready


def test_that_an_edited_question_is_asked_anew_and_the_old_one_stays(
    talk: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.answer = "Another answer."
    first = number(talk.messages[0])
    with qtbot.waitSignals([talk.versions_changed, talk.answer_began], order="strict"):
        assert talk.edit(first, "First, but better?")
    qtbot.waitUntil(lambda: not talk.busy)
    assert contents(talk) == [
        (Role.USER, "First, but better?"),
        (Role.ASSISTANT, "Another answer."),
    ]
    assert engine.asked[-1].messages[-1].content == "First, but better?"
    new = number(talk.messages[0])
    assert talk.versions == {new: (first, new)}
    assert talk.turn(new, -1)
    assert [content for _, content in contents(talk)] == ["First?", ANSWER, "Second?", ANSWER]
    assert talk.chat is not None
    assert store.messages(talk.chat.id) == talk.messages
    assert not talk.turn(first, -1)


def test_that_an_edited_answer_is_replaced_without_asking(
    talk: ChatPresenter, engine: FakeEngine
) -> None:
    asked = len(engine.asked)
    assert talk.edit(number(talk.messages[1]), "As I wish.")
    assert contents(talk) == [(Role.USER, "First?"), (Role.ASSISTANT, "As I wish.")]
    assert not talk.busy
    assert len(engine.asked) == asked
    assert len(talk.versions[number(talk.messages[1])]) == 2


def test_that_an_edited_question_keeps_its_files(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    note = Attachment(name="a.txt", media_type="text/plain", size_bytes=4, body=b"note")
    ready.send("What is in it?", [note])
    qtbot.waitUntil(lambda: not ready.busy)
    assert ready.edit(number(ready.messages[0]), "And now?")
    qtbot.waitUntil(lambda: not ready.busy)
    assert engine.asked[-1].messages[0].content == "`a.txt`:\n```txt\nnote\n```\n\nAnd now?"


def test_that_a_question_without_an_answer_can_be_answered(
    talk: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert talk.delete_message(number(talk.messages[-1]))
    engine.answer = "Late."
    assert talk.regenerate(number(talk.messages[-1]))
    qtbot.waitUntil(lambda: not talk.busy)
    assert contents(talk)[2:] == [(Role.USER, "Second?"), (Role.ASSISTANT, "Late.")]


def test_that_an_answer_made_again_stands_beside_the_first(
    talk: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.answer = "Forty three."
    old = number(talk.messages[-1])
    assert talk.regenerate(old)
    qtbot.waitUntil(lambda: not talk.busy)
    new = number(talk.messages[-1])
    assert contents(talk)[-1] == (Role.ASSISTANT, "Forty three.")
    assert talk.versions == {new: (old, new)}
    assert [told.role for told in engine.asked[-1].messages] == ["user", "assistant", "user"]
    talk.turn(new, -1)
    assert talk.messages[-1].content == ANSWER


def test_that_a_question_s_answer_can_be_made_again_from_the_question(
    talk: ChatPresenter, qtbot: QtBot
) -> None:
    assert talk.regenerate(number(talk.messages[0]))
    qtbot.waitUntil(lambda: not talk.busy)
    assert len(talk.messages) == 2
    assert len(talk.versions[number(talk.messages[1])]) == 2


def test_that_making_it_again_can_be_given_up_while_no_model_is_there(
    talk: ChatPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    done: list[object] = []
    bridge.ask(lambda known: known.unload(), done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))
    said = talk.messages
    talk.regenerate(number(said[-1]))
    assert talk.busy
    assert len(talk.messages) == 3
    talk.stop()
    assert talk.messages == said
    assert not talk.busy


def test_that_an_answer_goes_on_where_it_ends(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.stop_reason = StopReason.LENGTH
    cut = ask(ready, qtbot)
    assert cut.failure is not None
    engine.stop_reason = StopReason.END
    engine.answer = "And more."
    assert ready.can_continue
    with qtbot.waitSignal(ready.versions_changed):
        assert ready.continue_answer()
    qtbot.waitUntil(lambda: not ready.busy)
    (question, answer) = ready.messages
    assert answer.id == cut.id
    assert answer.content == f"{ANSWER}And more."
    assert answer.failure is None
    assert answer.statistics is not None
    assert answer.statistics.answer_tokens == 7
    request = engine.asked[-1]
    assert request.continue_last
    assert request.messages[-1].content == ANSWER
    assert question.chat_id is not None
    assert store.messages(question.chat_id) == ready.messages


def test_that_a_deleted_message_comes_back_when_wanted(
    talk: ChatPresenter, store: ChatStore, qtbot: QtBot
) -> None:
    said = talk.messages
    with qtbot.waitSignal(talk.undo_offered):
        assert talk.delete_message(number(said[2]))
    assert talk.messages == said[:2]
    assert talk.statistics == said[1].statistics
    talk.undo()
    assert talk.messages == said
    talk.undo()
    assert talk.messages == said


def test_that_undoing_goes_back_to_the_chat_it_was_in(talk: ChatPresenter) -> None:
    said, chat = talk.messages, talk.chat
    talk.delete_message(number(said[0]))
    assert talk.messages == ()
    talk.new_chat()
    talk.undo()
    assert chat is not None
    assert talk.chat is not None
    assert (talk.chat.id, talk.messages) == (chat.id, said)


def test_that_a_fork_is_a_chat_of_its_own(talk: ChatPresenter, qtbot: QtBot) -> None:
    old = talk.chat
    assert talk.fork(number(talk.messages[1]))
    assert old is not None
    assert talk.chat is not None
    assert talk.chat.id != old.id
    assert contents(talk) == [(Role.USER, "First?"), (Role.ASSISTANT, ANSWER)]
    ask(talk, qtbot, "Third?")
    talk.open_chat(old.id)
    assert [content for _, content in contents(talk)] == ["First?", ANSWER, "Second?", ANSWER]


def test_that_changing_the_tree_in_mid_answer_ends_the_answer_and_keeps_it(
    talk: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.endless = True
    talk.send("Go on for ever")
    qtbot.waitUntil(lambda: talk.messages[-1].content.startswith("The"))
    broken = number(talk.messages[-1])
    assert talk.edit(number(talk.messages[0]), "Better?")
    qtbot.waitUntil(lambda: talk.messages[-1].content.startswith("The"))
    talk.stop()
    qtbot.waitUntil(lambda: not talk.busy)
    assert len(talk.messages) == 2
    talk.turn(number(talk.messages[0]), -1)
    assert number(talk.messages[-1]) == broken
    assert talk.messages[-1].content.startswith("The")
    qtbot.waitUntil(lambda: engine.open_answers == 0)


def test_that_verbs_on_messages_that_are_not_shown_do_nothing(talk: ChatPresenter) -> None:
    said = talk.messages
    assert not talk.edit(999, "Nobody")
    assert not talk.regenerate(999)
    assert not talk.delete_message(999)
    assert not talk.fork(999)
    assert not talk.turn(999, 1)
    assert not talk.edit(number(said[0]), "   ")
    assert talk.messages == said
