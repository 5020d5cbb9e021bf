"""Questions that wait, drafts, terms of a chat, and what is written in strange characters."""

from contextlib import closing

from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.settings import SettingsFile, UiSettings
from app.store.chats import ChatStore
from app.store.values import Attachment
from engine.chat import Role, Sampling
from engine.config import Home
from tests.support.engine import FakeEngine
from tests.support.talking import ask, contents, load

ANSWER = "The answer is forty two."
NOTE = Attachment(name="a.txt", media_type="text/plain", size_bytes=4, body=b"note")


def test_that_questions_asked_in_mid_answer_are_asked_in_order(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("One")
    with qtbot.waitSignal(ready.queue_changed):
        assert ready.send("Two", [NOTE])
    assert ready.send("Three")
    assert ready.send("Four")
    assert [asked.text for asked in ready.queued] == ["Two", "Three", "Four"]
    back = ready.take_back(1)
    assert back is not None
    assert back.text == "Three"
    assert ready.take_back(7) is None
    qtbot.waitUntil(lambda: ready.messages[-1].content.startswith("The"))
    engine.endless = False
    qtbot.waitUntil(lambda: not ready.busy)
    said = [content for role, content in contents(ready) if role is Role.USER]
    assert said == ["One", "Two", "Four"]
    assert ready.queued == ()
    assert "```txt\nnote\n```" in engine.asked[1].messages[-1].content


def test_that_stopping_goes_on_with_the_queue(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("One")
    ready.send("Two")
    qtbot.waitUntil(lambda: ready.messages[-1].content.startswith("The"))
    ready.stop()
    qtbot.waitUntil(lambda: len(ready.messages) == 4)
    assert ready.queued == ()
    ready.stop()
    qtbot.waitUntil(lambda: not ready.busy)
    qtbot.waitUntil(lambda: engine.open_answers == 0)


def test_that_questions_queue_while_a_model_loads(
    bridge: EngineBridge, chat: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.load_holds = True
    chat.send("One")
    chat.send("Two")
    bridge.start()
    bridge.ask(lambda known: known.load("tiny"), lambda _: None, lambda _: None)
    bridge.tell(lambda _: engine.let_load())
    qtbot.waitUntil(lambda: not chat.busy)
    assert [content for _, content in contents(chat)] == ["One", ANSWER, "Two", ANSWER]


def test_that_a_failure_holds_the_queue_until_the_next_question(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.dies_after = 2
    ready.send("One")
    ready.send("Two")
    qtbot.waitUntil(lambda: not ready.busy)
    assert [asked.text for asked in ready.queued] == ["Two"]
    ready.send("Three")
    qtbot.waitUntil(lambda: not ready.busy)
    said = [content for role, content in contents(ready) if role is Role.USER]
    assert said == ["One", "Two", "Three"]


def test_that_what_stood_in_the_queue_is_a_draft_when_the_chat_is_left(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    ready.send("One")
    ready.send("Two")
    ready.save_draft("Three, begun")
    left = ready.chat
    assert left is not None
    ready.new_chat()
    assert (ready.queued, ready.draft) == ((), "")
    ready.open_chat(left.id)
    assert ready.draft == "Two\n\nThree, begun"
    qtbot.waitUntil(lambda: engine.open_answers == 0)


def test_that_each_chat_has_its_own_draft_even_after_a_restart(
    ready: ChatPresenter, bridge: EngineBridge, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    ready.save_draft("of a new one")
    ask(ready, qtbot, "First")
    first = ready.chat
    assert first is not None
    assert ready.draft == "of a new one"
    ready.save_draft("of the first")
    ready.new_chat()
    assert ready.draft == ""
    ready.save_draft("of another new one")
    ready.open_chat(first.id)
    assert ready.draft == "of the first"
    ready.save_draft("of the first, half \ud83d")
    ready.close()
    with closing(ChatStore(home.chats)) as again:
        other = ChatPresenter(bridge, again, settings)
        other.open_chat(first.id)
        assert other.draft == "of the first, half ?"
    ready.new_chat()
    assert ready.draft == "of another new one"


def test_that_a_sent_question_is_no_draft_any_more(
    ready: ChatPresenter, store: ChatStore, qtbot: QtBot
) -> None:
    ask(ready, qtbot, "First")
    ready.save_draft("Second")
    ask(ready, qtbot, "Second")
    ready.close()
    (chat,) = store.chats()
    assert chat.draft == ""


def test_that_a_chat_is_asked_by_its_own_terms(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    cold = store.presets.new("Cold", Sampling(temperature=0.1))
    ready.set_system_prompt("Be brief.")
    ready.set_preset(cold.id)
    ready.set_overflow("drop_oldest")
    ask(ready, qtbot)
    request = engine.asked[-1]
    assert [said.role for said in request.messages] == ["system", "user"]
    assert request.sampling.temperature == 0.1
    (chat,) = store.chats()
    assert (chat.system_prompt, chat.preset_id, chat.overflow) == (
        "Be brief.",
        cold.id,
        "drop_oldest",
    )
    ready.new_chat()
    assert (ready.system_prompt, ready.preset_id, ready.overflow) == ("", None, "refuse")
    ready.open_chat(chat.id)
    assert (ready.system_prompt, ready.preset_id, ready.overflow) == (
        "Be brief.",
        cold.id,
        "drop_oldest",
    )
    store.presets.delete(cold.id)
    ask(ready, qtbot)
    assert engine.asked[-1].sampling == Sampling()


def test_that_new_chats_begin_with_the_settings_terms(
    bridge: EngineBridge, store: ChatStore, settings: SettingsFile
) -> None:
    settings.change(UiSettings(system_prompt="Be kind.", overflow="drop_oldest"))
    chat = ChatPresenter(bridge, store, settings)
    assert (chat.system_prompt, chat.overflow) == ("Be kind.", "drop_oldest")


def test_that_what_others_changed_of_the_chat_is_kept(
    ready: ChatPresenter, store: ChatStore, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    (chat,) = store.chats()
    store.rename(chat.id, "Mine")
    ready.chat_amended(chat.id)
    assert ready.chat is not None
    assert ready.chat.title == "Mine"
    ready.set_system_prompt("Be brief.")
    (chat,) = store.chats()
    assert chat.title == "Mine"
    ready.chats_left([chat.id])
    assert ready.chat is None


def test_that_the_statistics_say_where_the_answer_came_from(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    spent = ask(ready, qtbot).statistics
    assert spent is not None
    assert (spent.model, spent.stop, spent.reused_tokens) == ("tiny", "end", 0)
    assert "context" in spent.plan


def test_that_strange_characters_harm_nothing(
    ready: ChatPresenter, engine: FakeEngine, store: ChatStore, qtbot: QtBot
) -> None:
    strange = "a\ud83d\x00b\x07\r\nc\rd\u2028 \u202eright\u202c 👩‍👩‍👧 e\u0301"
    ask(ready, qtbot, strange)
    asked = ready.messages[0].content
    assert asked == "a?b\nc\nd \u202eright\u202c 👩‍👩‍👧 e\u0301"
    assert engine.asked[-1].messages[0].content == asked
    assert ready.chat is not None
    assert store.messages(ready.chat.id)[0].content == asked


def test_that_files_that_are_too_much_are_refused(ready: ChatPresenter, qtbot: QtBot) -> None:
    huge = Attachment(name="a.bin", media_type="image/png", size_bytes=10**9)
    told: list[str] = []
    ready.failed.connect(told.append)
    assert not ready.send("Look", [huge])
    assert "64 MB" in told[0]


def test_that_a_new_model_may_answer_the_same_chat(
    ready: ChatPresenter, bridge: EngineBridge, store: ChatStore, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    load(bridge, qtbot)
    ask(ready, qtbot, "Again?")
    (chat,) = store.chats()
    assert chat.model == "tiny"
