import sqlite3
from contextlib import closing

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.settings import SettingsFile
from app.store.chats import ChatStore
from engine.chat import Role, StopReason
from engine.config import Home
from engine.errors import OutOfMemory
from tests.support.engine import FakeEngine
from tests.support.talking import ask, contents, load

ANSWER = "The answer is forty two."


def test_that_an_answer_streams_and_is_on_disk(
    ready: ChatPresenter, store: ChatStore, qtbot: QtBot
) -> None:
    arrived: list[str] = []

    def hear(content: str, reasoning: str) -> None:
        arrived.append(content)

    ready.arrived.connect(hear)
    with qtbot.waitSignals([ready.asked, ready.answer_began, ready.answer_ended], order="strict"):
        assert ready.send("  What is it?  ")
        assert ready.busy
    assert "".join(arrived) == ANSWER
    assert contents(ready) == [(Role.USER, "What is it?"), (Role.ASSISTANT, ANSWER)]
    (known,) = store.chats()
    assert (known.title, known.model) == ("What is it?", "tiny")
    assert store.messages(known.id) == ready.messages


def test_that_the_statistics_are_the_worker_s_own(ready: ChatPresenter, qtbot: QtBot) -> None:
    statistics = ask(ready, qtbot).statistics
    assert statistics is not None
    assert (statistics.answer_tokens, statistics.prompt_tokens) == (5, 10)
    assert statistics.tokens_per_second == pytest.approx(40.0)
    assert statistics.first_token_seconds == pytest.approx(0.02)
    assert ready.statistics == statistics


def test_that_reasoning_is_kept_apart_from_the_answer(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.reasoning = "Let me think. "
    answer = ask(ready, qtbot)
    assert (answer.content, answer.reasoning) == (ANSWER, "Let me think. ")
    assert answer.reasoning_seconds is not None


def test_that_a_blank_question_is_refused(ready: ChatPresenter) -> None:
    assert not ready.send("  \n ")
    assert not ready.busy
    assert ready.messages == ()


def test_that_stopping_keeps_what_arrived_and_the_next_question_knows_it(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("Go on for ever")
    qtbot.waitUntil(lambda: len(ready.messages[-1].content) > 50)
    ready.stop()
    qtbot.waitUntil(lambda: not ready.busy)
    qtbot.waitUntil(lambda: engine.open_answers == 0)
    kept = ready.messages[-1]
    assert kept.content.startswith(ANSWER)
    assert kept.failure is None
    assert kept.statistics is not None
    assert kept.statistics.answer_tokens > 5
    assert ready.chat is not None
    assert store.messages(ready.chat.id)[-1] == kept
    engine.endless = False
    assert ask(ready, qtbot, "And now?").content == ANSWER
    assert [told.role for told in engine.asked[-1].messages] == ["user", "assistant", "user"]
    assert engine.asked[-1].messages[1].content == kept.content


def test_that_an_answer_in_progress_is_saved_before_it_ends(
    bridge: EngineBridge, engine: FakeEngine, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    """A crash loses little: another connection sees the words while they stream."""
    seconds = iter(range(10**6))
    store = ChatStore(home.chats)
    chat = ChatPresenter(bridge, store, settings, clock=lambda: float(next(seconds)))
    engine.endless = True
    bridge.start()
    load(bridge, qtbot)
    chat.send("Go on for ever")
    with closing(sqlite3.connect(home.chats)) as other:
        qtbot.waitUntil(
            lambda: (
                other.execute("SELECT 1 FROM messages WHERE content LIKE 'The answer%'").fetchone()
                is not None
            )
        )
        assert chat.busy
    chat.close()
    store.close()


def test_that_an_answer_that_filled_the_context_says_so(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.stop_reason = StopReason.LENGTH
    cut = ask(ready, qtbot)
    assert cut.content == ANSWER
    assert cut.failure is not None
    assert "longer context" in cut.failure


def test_that_a_worker_s_death_is_told_and_the_next_question_works(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.dies_after = 2
    broken = ask(ready, qtbot)
    assert broken.content == "The answer "
    assert broken.failure is not None
    assert "Ask again" in broken.failure
    assert ready.chat is not None
    assert store.messages(ready.chat.id)[-1].failure == broken.failure
    again = ask(ready, qtbot, "Are you back?")
    assert (again.content, again.failure) == (ANSWER, None)
    assert [model for model, _ in engine.loads] == ["tiny", "tiny"]


def test_that_a_worker_that_died_idle_is_loaded_again_by_the_next_question(
    ready: ChatPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.tell(lambda _: engine.die())
    qtbot.waitUntil(lambda: engine.loaded is None)
    assert ask(ready, qtbot).content == ANSWER


def test_that_a_question_asked_while_the_model_loads_waits_for_it(
    bridge: EngineBridge, chat: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.load_holds = True
    reasons: list[str] = []
    chat.waiting.connect(reasons.append)
    assert chat.send("Too early?")  # before the engine has even started
    bridge.start()
    bridge.ask(lambda known: known.load("tiny"), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: any("loading" in reason for reason in reasons))
    assert reasons[0].startswith("Choose a model")
    assert chat.busy
    assert not engine.asked
    bridge.tell(lambda _: engine.let_load())
    qtbot.waitUntil(lambda: not chat.busy)
    assert reasons[-1] == ""
    assert chat.messages[-1].content == ANSWER


def test_that_a_question_outlives_a_load_that_fails(
    bridge: EngineBridge, chat: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.load_failure = OutOfMemory("The card has no room.")
    reasons: list[str] = []
    chat.waiting.connect(reasons.append)
    bridge.start()
    chat.send("Hello?")
    load(bridge, qtbot)
    qtbot.waitUntil(lambda: reasons[-1].startswith("Choose a model") and len(reasons) > 2)
    assert chat.busy
    engine.load_failure = None
    load(bridge, qtbot)
    qtbot.waitUntil(lambda: not chat.busy)
    assert chat.messages[-1].content == ANSWER


def test_that_a_question_that_waits_can_be_given_up(
    bridge: EngineBridge, chat: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    chat.send("Nobody there?")
    chat.stop()
    assert not chat.busy
    assert contents(chat) == [(Role.USER, "Nobody there?")]
    load(bridge, qtbot)
    assert ask(chat, qtbot, "Now?").content == ANSWER
    assert [told.content for told in engine.asked[0].messages] == ["Nobody there?\n\nNow?"]


def test_that_a_restart_finds_the_chats_again(
    ready: ChatPresenter, bridge: EngineBridge, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    said = ready.messages
    ready.close()
    with closing(ChatStore(home.chats)) as store:
        again = ChatPresenter(bridge, store, settings)
        assert again.chat is None
        assert again.messages == ()
        (known,) = store.chats()
        with qtbot.waitSignal(again.chat_changed):
            again.open_chat(known.id)
        assert again.messages == said
        assert again.statistics == said[-1].statistics


def test_that_leaving_a_chat_in_mid_answer_keeps_what_arrived(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("Go on for ever")
    qtbot.waitUntil(lambda: bool(ready.messages[-1].content))
    left = ready.chat
    assert left is not None
    ready.new_chat()
    assert ready.messages == ()
    assert not ready.busy
    ready.open_chat(left.id)
    assert ready.messages[-1].content.startswith("The answer")
    qtbot.waitUntil(lambda: engine.open_answers == 0)


def test_that_chats_are_renamed(ready: ChatPresenter, store: ChatStore, qtbot: QtBot) -> None:
    ask(ready, qtbot)
    assert ready.chat is not None
    with qtbot.waitSignals([ready.chat_changed, ready.chats_changed]):
        ready.rename_chat(ready.chat.id, "  Renamed\n")
    ready.rename_chat(ready.chat.id, "   ")
    assert ready.chat.title == "Renamed"
    assert [(known.title, known.title_is_own) for known in store.chats()] == [("Renamed", True)]


def test_that_a_chat_put_away_in_mid_answer_is_left_and_its_answer_ends(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("Go on for ever")
    qtbot.waitUntil(lambda: bool(ready.messages[-1].content))
    assert ready.chat is not None
    store.trash(ready.chat.id)
    ready.chats_left([ready.chat.id])
    qtbot.waitUntil(lambda: engine.open_answers == 0)
    assert (ready.chat, ready.messages, ready.busy) == (None, (), False)


def test_that_a_full_disk_is_told_once_and_loses_nothing(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "First")
    connection: sqlite3.Connection = vars(store)["_connection"]
    connection.execute("PRAGMA max_page_count = 1")
    engine.answer = "long " * 20_000
    told: list[str] = []
    ready.failed.connect(told.append)
    assert ask(ready, qtbot, "Second").content == engine.answer
    assert len(told) == 1
    assert "disk is full" in told[0]
    connection.execute("PRAGMA max_page_count = 100000")
    engine.answer = "short"
    ask(ready, qtbot, "Third")
    assert len(told) == 1
    assert ready.chat is not None
    assert store.messages(ready.chat.id) == ready.messages
    assert len(ready.messages) == 6
