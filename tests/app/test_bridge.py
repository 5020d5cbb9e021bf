import asyncio
import logging
import threading
import time

import pytest
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge, EngineSurface, Stream
from engine.chat import ChatRequest, Delta, Finished, Message, Piece, Role
from engine.errors import EngineError, HomeBusy, WorkerDied
from tests.support.engine import FakeEngine

HELLO = ChatRequest(messages=(Message(role=Role.USER, content="Hello"),), model="tiny")


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas if isinstance(delta, Piece))


def unexpected(error: EngineError) -> None:
    pytest.fail(error.sentence)


def started(bridge: EngineBridge, qtbot: QtBot) -> EngineBridge:
    with qtbot.waitSignal(bridge.ready):
        bridge.start()
    return bridge


def drained(stream: Stream, qtbot: QtBot) -> tuple[list[Delta], EngineError | None]:
    deltas: list[Delta] = []
    failures: list[EngineError | None] = []

    def ended() -> bool:
        arrived, ending = stream.take()
        deltas.extend(arrived)
        if ending is not None:
            failures.append(ending.failure)
        return bool(failures)

    qtbot.waitUntil(ended)
    return deltas, failures[0]


def test_that_a_question_runs_on_the_engine_s_thread_and_is_answered_on_qt_s(
    bridge: EngineBridge, qtbot: QtBot
) -> None:
    heard: list[tuple[str, str]] = []

    async def where(engine: EngineSurface) -> str:
        return threading.current_thread().name

    def then(name: str) -> None:
        heard.append((name, threading.current_thread().name))

    bridge.ask(where, then, unexpected)  # asked before the start: it waits for it
    bridge.start()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("engine", threading.main_thread().name)]


def test_that_facts_arrive_as_signals(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    started(bridge, qtbot)
    with qtbot.waitSignal(bridge.happened):
        bridge.tell(lambda _: engine.read(1.0))


def test_that_a_stream_brings_every_delta_and_its_end(bridge: EngineBridge, qtbot: QtBot) -> None:
    deltas, failure = drained(started(bridge, qtbot).stream(HELLO), qtbot)
    assert text_of(deltas) == "The answer is forty two."
    assert isinstance(deltas[-1], Finished)
    assert failure is None


def test_that_cancelling_a_stream_closes_the_engine_s_iterator(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    stream = started(bridge, qtbot).stream(HELLO)
    qtbot.waitUntil(lambda: engine.open_answers == 1)
    stream.cancel()
    _, failure = drained(stream, qtbot)
    assert failure is None
    assert engine.open_answers == 0


def test_that_a_stream_cancelled_at_once_still_ends(bridge: EngineBridge, qtbot: QtBot) -> None:
    stream = started(bridge, qtbot).stream(HELLO)
    stream.cancel()
    assert drained(stream, qtbot)[1] is None


def test_that_a_foreseen_failure_ends_the_stream_with_its_sentence(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.dies_after = 2
    deltas, failure = drained(started(bridge, qtbot).stream(HELLO), qtbot)
    assert text_of(deltas) == "The answer "
    assert isinstance(failure, WorkerDied)


def test_that_a_bug_is_logged_whole_and_told_in_a_sentence(
    bridge: EngineBridge, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    async def stumble(engine: EngineSurface) -> None:
        raise ZeroDivisionError("our own mistake")

    told: list[EngineError] = []
    with caplog.at_level(logging.ERROR):
        started(bridge, qtbot).ask(stumble, lambda _: None, told.append)
        qtbot.waitUntil(lambda: bool(told))
    assert "wrong inside Fullbore" in told[0].sentence
    assert "ZeroDivisionError: our own mistake" in caplog.text


def test_that_an_engine_that_cannot_start_says_why_to_everyone_who_asks(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.start_failure = HomeBusy("Another Fullbore is running.")
    told: list[EngineError] = []
    with qtbot.waitSignal(bridge.failed):
        bridge.start()
    bridge.ask(lambda known: known.refresh_models(), lambda _: None, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], HomeBusy)
    assert isinstance(drained(bridge.stream(HELLO), qtbot)[1], HomeBusy)


def test_that_closing_ends_streams_engine_and_thread(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.endless = True
    stream = started(bridge, qtbot).stream(HELLO)
    qtbot.waitUntil(lambda: engine.open_answers == 1)
    before = time.monotonic()
    bridge.close()
    assert time.monotonic() - before < 2
    assert not bridge.alive
    assert engine.closed
    assert engine.open_answers == 0
    assert drained(stream, qtbot)[1] is None
    bridge.close()  # again: harmless


def test_that_after_the_close_nobody_is_called(bridge: EngineBridge, qtbot: QtBot) -> None:
    calls: list[object] = []
    started(bridge, qtbot).ask(lambda known: known.refresh_models(), calls.append, calls.append)
    bridge.close()
    bridge.ask(lambda known: known.refresh_models(), calls.append, calls.append)
    stream = bridge.stream(HELLO)
    assert drained(stream, qtbot) == ([], None)
    QTimer.singleShot(0, lambda: calls.append("turn"))  # one turn of Qt's loop behind any others
    qtbot.waitUntil(lambda: "turn" in calls)
    assert calls == ["turn"]


def test_that_a_bridge_that_never_started_closes(bridge: EngineBridge) -> None:
    bridge.close()
    assert not bridge.alive


def test_that_an_engine_that_does_not_close_holds_nobody_up(
    engine: FakeEngine, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    held = threading.Event()
    bridge = started(EngineBridge(lambda: engine, close_seconds=0.1), qtbot)

    async def hold(_: EngineSurface) -> None:
        held.wait(5)  # wrong on purpose: it holds the engine's loop

    bridge.ask(hold, lambda _: None, unexpected)
    bridge.close()
    assert bridge.alive
    assert "did not close" in caplog.text
    held.set()
    qtbot.waitUntil(lambda: not bridge.alive)
    assert engine.closed


def test_that_an_engine_that_breaks_while_it_is_made_is_told(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> EngineSurface:
        raise ZeroDivisionError("our own mistake")

    bridge = EngineBridge(stumble)
    with qtbot.waitSignal(bridge.failed):
        bridge.start()
    assert "our own mistake" in caplog.text
    assert drained(bridge.stream(HELLO), qtbot)[1] is not None
    bridge.close()
    assert not bridge.alive


def test_that_qt_s_thread_beats_on_while_the_engine_s_is_stuck(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    """A blocked engine delays its answers, never the window."""
    engine.endless = True
    started(bridge, qtbot)
    stuck, finished = threading.Event(), list[object]()

    async def block(_: EngineSurface) -> None:
        assert await asyncio.to_thread(lambda: True)
        stuck.wait(5)  # wrong on purpose: it holds the engine's loop

    gaps: list[float] = []
    clock = QElapsedTimer()
    heart = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=5)
    heart.timeout.connect(lambda: gaps.append(clock.restart()))
    clock.start()
    heart.start()
    bridge.ask(block, finished.append, unexpected)
    streams = [bridge.stream(HELLO) for _ in range(8)]
    qtbot.waitUntil(lambda: len(gaps) >= 40)
    assert not finished
    stuck.set()
    qtbot.waitUntil(lambda: bool(finished) and engine.open_answers == 8)
    qtbot.waitUntil(lambda: len(gaps) >= 80)
    heart.stop()
    for stream in streams:
        stream.cancel()
    print(f"worst gap of Qt's thread: {max(gaps):.0f} ms")
    assert sorted(gaps)[len(gaps) // 2] <= 10
    assert max(gaps) < 500  # a shared machine may pause us; the blocked engine would take 5000
