"""What fills the context, and what is left out of a conversation that does not fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.meter import Counted, Meter, judged, kept, turns_of
from app.presenters.chat.presenter import ChatPresenter
from app.store.values import Attachment, Overflow
from engine.chat import Message, Role
from engine.errors import BadRequest, ModelNotFound
from tests.support.engine import CONTEXT_TOKENS, FakeEngine
from tests.support.talking import ask, contents, load

SYSTEM = Message(role=Role.SYSTEM, content="Be brief.")
Q = Message(role=Role.USER, content="?")
A = Message(role=Role.ASSISTANT, content="!")
NOTE = Attachment(name="a.txt", media_type="text/plain", size_bytes=4, body=b"note" * 100)
PICTURE = Attachment(name="a.png", media_type="image/png", size_bytes=4, body=b"\x89PNG")


def counted(*messages: int, context: int | None = 1000, attachments: int = 0) -> Counted:
    return Counted(messages=messages, frame=10, context_tokens=context, attachments=attachments)


def test_that_turns_are_whole_and_the_system_prompt_is_none_of_them() -> None:
    assert turns_of((SYSTEM, Q, A, Q, A, Q)) == [range(1, 3), range(3, 5), range(5, 6)]
    assert turns_of((SYSTEM,)) == []
    assert turns_of(()) == []
    assert turns_of((A, Q)) == [range(1), range(1, 2)]


def test_that_a_meter_says_what_takes_how_much() -> None:
    meter = judged((SYSTEM, Q, A, Q), counted(20, 100, 200, 150, attachments=50), "refuse")
    assert (meter.system, meter.history, meter.question, meter.attachments) == (30, 300, 100, 50)
    assert (meter.total, meter.answer, meter.fits) == (480, 520, True)


def test_that_too_much_is_refused_or_loses_its_oldest_turns() -> None:
    told = (SYSTEM, Q, A, Q, A, Q)
    weights = counted(20, 300, 300, 100, 100, 200)
    refused = judged(told, weights, "refuse")
    assert (refused.fits, refused.dropped, refused.answer) == (False, 0, 0)
    dropped = judged(told, weights, "drop_oldest")
    assert (dropped.fits, dropped.dropped, dropped.history) == (True, 1, 200)
    assert kept(told, dropped.dropped) == (SYSTEM, Q, A, Q)


def test_that_a_question_too_long_by_itself_fits_under_no_policy() -> None:
    policies: tuple[Overflow, ...] = ("refuse", "drop_oldest")
    for overflow in policies:
        assert not judged((Q, A, Q), counted(10, 10, 2000), overflow).fits


def test_that_without_a_loaded_model_everything_fits_as_far_as_anybody_knows() -> None:
    meter = judged((Q,), counted(10**6, context=None), "refuse")
    assert (meter.fits, meter.answer, meter.context_tokens) == (True, None, None)


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=12),
    st.integers(128, 2000),
    st.sampled_from(["refuse", "drop_oldest"]),
)
def test_that_the_parts_are_the_whole_and_the_question_is_always_sent(
    weights: list[int], context: int, overflow: Overflow
) -> None:
    told = tuple(replace(Q if place % 2 == 0 else A) for place in range(len(weights)))
    told = told if told[-1].role is Role.USER else (*told, Q)
    weights = [*weights, 5][: len(told)]
    meter = judged(told, counted(*weights, context=context), overflow)
    sent = kept(told, meter.dropped)
    assert sent[-1] == told[-1]
    assert meter.total == 10 + sum(weights[len(told) - len(sent) :])
    assert meter.dropped == 0 or overflow == "drop_oldest"
    assert meter.answer == max(0, context - meter.total)


def meter_of(chat: ChatPresenter, qtbot: QtBot, text: str, *files: Attachment) -> Meter:
    with qtbot.waitSignal(chat.weighed):
        chat.weigh(text, files)
    return chat.meter


def test_that_what_is_written_is_weighed_after_a_moment(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    empty = meter_of(ready, qtbot, "")
    assert (empty.total, empty.context_tokens) == (0, CONTEXT_TOKENS)
    ask(ready, qtbot)
    ready.set_system_prompt("Be very brief, please.")
    before = meter_of(ready, qtbot, "")
    assert before.history > 0
    assert before.system > 0
    meter = meter_of(ready, qtbot, "word " * 100, NOTE)
    assert (meter.system, meter.history) == (before.system, before.history)
    assert meter.question > 100
    assert meter.attachments > 90
    assert meter.answer == CONTEXT_TOKENS - meter.total


def test_that_a_long_chat_is_not_counted_again_at_every_key(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    meter_of(ready, qtbot, "")
    engine.weighed.clear()
    for text in ("a", "ab", "abc"):
        meter_of(ready, qtbot, text)
    assert [[said.content for said in request.messages] for request in engine.weighed] == [
        ["a"],
        ["ab"],
        ["abc"],
    ]


def test_that_it_works_without_a_model_and_says_when_it_is_an_estimate(
    bridge: EngineBridge, chat: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    by_vocabulary = meter_of(chat, qtbot, "word " * 10)
    assert (by_vocabulary.context_tokens, by_vocabulary.estimated) == (None, False)
    engine.weigh_failure = ModelNotFound("There is no model.")
    guessed = meter_of(chat, qtbot, "word " * 11)
    assert guessed.estimated
    assert guessed.question > 10
    assert guessed.fits


def test_that_a_question_that_does_not_fit_is_refused_with_both_numbers(
    ready: ChatPresenter, qtbot: QtBot
) -> None:
    long = "word " * CONTEXT_TOKENS
    assert not meter_of(ready, qtbot, long).fits
    told: list[str] = []
    ready.failed.connect(told.append)
    assert not ready.send(long)
    assert f"{CONTEXT_TOKENS:,}" in told[0]
    assert f"{ready.meter.total:,}" in told[0]
    assert ready.messages == ()


def test_that_one_sent_before_it_was_weighed_stands_with_the_reason(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert ready.send("word " * CONTEXT_TOKENS)
    qtbot.waitUntil(lambda: not ready.busy)
    failure = ready.messages[-1].failure
    assert failure is not None
    assert f"{CONTEXT_TOKENS:,}" in failure
    assert engine.asked == []


def test_that_the_oldest_turns_are_left_out_where_the_person_wants_it(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    ready.set_overflow("drop_oldest")
    ready.set_system_prompt("Be brief.")
    third = "word " * (CONTEXT_TOKENS * 4 // 5 // 3)
    for start in ("1", "2", "3"):
        ask(ready, qtbot, start + third)
    meter = meter_of(ready, qtbot, "4" + third)
    assert meter.dropped >= 1
    assert meter.fits
    ask(ready, qtbot, "4" + third)
    sent = engine.asked[-1].messages
    assert sent[0].role is Role.SYSTEM
    assert sent[1].content[0] == str(meter.dropped + 1)
    assert sent[-1].content[0] == "4"
    assert len(contents(ready)) == 8


def test_that_a_picture_is_refused_as_the_engine_says(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.weigh_failure = BadRequest("This model sees no pictures.")
    assert "no pictures" in meter_of(ready, qtbot, "What is it?", PICTURE).refusal
    told: list[str] = []
    ready.failed.connect(told.append)
    assert not ready.send("What is it?", [PICTURE])
    assert "no pictures" in told[0]
    assert not ready.busy


def test_that_a_picture_goes_to_a_model_that_sees(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert ready.send("", [PICTURE])
    qtbot.waitUntil(lambda: not ready.busy)
    assert engine.asked[-1].messages[0].images == (b"\x89PNG",)
    assert ready.chat is not None
    assert ready.chat.title == "a.png"
    ask(ready, qtbot, "And now?")
    assert engine.asked[-1].messages[0].images == (b"\x89PNG",)


def test_that_another_model_counts_anew(
    ready: ChatPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    ask(ready, qtbot)
    meter_of(ready, qtbot, "")
    engine.weighed.clear()
    load(bridge, qtbot)
    qtbot.waitUntil(lambda: bool(engine.weighed))
    assert len(engine.weighed[-1].messages) == 2


@pytest.mark.parametrize(
    "text", ["x" * 100_000_000, "字" * 2_000_000], ids=["100 MB", "two million characters"]
)
def test_that_an_enormous_paste_is_refused_at_once(
    ready: ChatPresenter, engine: FakeEngine, qtbot: QtBot, text: str
) -> None:
    with qtbot.waitSignal(ready.weighed):
        ready.weigh(text)
    assert "1,000,000" in ready.meter.refusal
    assert not ready.meter.fits
    with qtbot.waitSignal(ready.failed):
        assert not ready.send(text)
    assert engine.weighed == []
    assert ready.messages == ()
