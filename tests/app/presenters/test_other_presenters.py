from pathlib import Path

from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.appearance import AppearancePresenter
from app.presenters.machine import HISTORY, MachinePresenter
from app.presenters.server.presenter import ServerPresenter
from app.settings import SettingsFile
from engine.config import Home
from engine.host.facts import ModelMoved, Phase, StreamsMoved
from tests.support.engine import CONTEXT_TOKENS, FakeEngine


def started(bridge: EngineBridge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.ready):
        bridge.start()


def test_that_the_monitor_keeps_the_last_minute(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    machine = MachinePresenter(bridge)
    assert machine.reading is None
    started(bridge, qtbot)

    def read(_: object) -> None:
        for moment in range(HISTORY + 5):
            engine.read(float(moment))

    bridge.tell(read)
    last = float(HISTORY + 4)
    qtbot.waitUntil(lambda: machine.reading is not None and machine.reading.at_seconds == last)
    assert [kept.at_seconds for kept in machine.history] == [
        float(n) for n in range(5, HISTORY + 5)
    ]


def test_that_the_monitor_follows_the_answers_until_the_model_leaves(
    bridge: EngineBridge, qtbot: QtBot
) -> None:
    machine = MachinePresenter(bridge)
    started(bridge, qtbot)
    bridge.ask(lambda engine: engine.load("tiny"), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: machine.streams is not None)
    assert machine.streams is not None
    assert machine.streams.context_tokens == CONTEXT_TOKENS
    bridge.ask(lambda engine: engine.unload(), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: machine.streams is None)


def test_that_the_numbers_are_the_followed_models_also_where_clients_use_others(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    machine = MachinePresenter(bridge)
    started(bridge, qtbot)

    def ready(model: str, context: int) -> None:
        engine.tell(ModelMoved(model=model, phase=Phase.READY, context_tokens=context))

    def answer(model: str, tps: float) -> None:
        engine.tell(
            StreamsMoved(
                model=model,
                streams=1,
                decode_tps=tps,
                context_used_tokens=7,
                context_tokens=4096,
            )
        )

    bridge.tell(lambda _: ready("mine", 8192))
    qtbot.waitUntil(lambda: machine.streams is not None)
    machine.follow("mine")
    bridge.tell(lambda _: ready("theirs", 4096))
    with qtbot.waitSignal(machine.changed):
        bridge.tell(lambda _: answer("theirs", 99.0))
    assert machine.streams is not None
    assert (machine.streams.model, machine.streams.context_tokens) == ("mine", 8192)
    machine.follow("theirs")
    qtbot.waitUntil(lambda: machine.streams is not None and machine.streams.decode_tps == 99.0)
    bridge.tell(lambda _: engine.tell(ModelMoved(model="theirs", phase=Phase.STOPPED)))
    qtbot.waitUntil(lambda: machine.streams is None)
    machine.follow(None)
    assert machine.streams is not None
    assert machine.streams.model == "mine"


def test_that_the_port_opens_and_closes_by_its_switch(bridge: EngineBridge, qtbot: QtBot) -> None:
    server = ServerPresenter(bridge)
    started(bridge, qtbot)
    server.turn_on()
    assert server.on  # the switch moves at once, the address follows
    qtbot.waitUntil(lambda: server.address == "http://127.0.0.1:11711")
    server.turn_off()
    assert not server.on
    qtbot.waitUntil(lambda: server.address is None)


def test_that_a_port_opened_at_the_start_is_known(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    server = ServerPresenter(bridge)
    bridge.ask(lambda known: known.open_port(), lambda _: None, lambda _: None)
    started(bridge, qtbot)
    qtbot.waitUntil(lambda: server.on and server.address is not None)


def test_that_a_taken_port_is_told_once_and_the_switch_goes_back(
    bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.port_taken = True
    server = ServerPresenter(bridge)
    told: list[str] = []
    server.failed.connect(told.append)
    started(bridge, qtbot)
    server.turn_on()
    qtbot.waitUntil(lambda: not server.on)
    with qtbot.waitSignal(bridge.happened):
        bridge.tell(lambda _: engine.read(1.0))  # whatever was under way has arrived by now
    assert len(told) == 1
    assert server.failure == told[0]
    engine.port_taken = False
    server.turn_on()
    qtbot.waitUntil(lambda: server.address is not None)
    assert server.failure is None


def test_that_theme_and_language_are_kept(home: Home, qtbot: QtBot) -> None:
    look = AppearancePresenter(SettingsFile(home.ui_toml))
    with qtbot.waitSignal(look.theme_changed), qtbot.waitSignal(look.language_changed):
        look.set_theme("dark")
        look.set_language("zh_CN")
    with qtbot.assertNotEmitted(look.theme_changed):
        look.set_theme("dark")
    again = AppearancePresenter(SettingsFile(home.ui_toml))
    assert (again.theme, again.language) == ("dark", "zh_CN")


def test_that_a_theme_that_cannot_be_kept_still_holds_for_this_run(
    tmp_path: Path, qtbot: QtBot
) -> None:
    look = AppearancePresenter(SettingsFile(tmp_path / "missing" / "ui.toml"))
    with qtbot.waitSignal(look.failed), qtbot.waitSignal(look.theme_changed):
        look.set_theme("dark")
    assert look.theme == "dark"
