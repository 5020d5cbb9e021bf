"""The port's desks: who may connect, its keys, its requests, who is loaded, and what to write."""

import json
import shlex

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.lists.requests_list import MOST, RequestColumn, RequestsList
from app.presenters.models import ModelsPresenter
from app.presenters.server.presenter import EVERYWHERE, ServerPresenter
from app.presenters.server.snippets import KEY_PLACE, Reach, snippets
from app.settings import SettingsFile
from engine.access import Limits, NewKey, Scope
from engine.config import EngineConfig
from engine.errors import EngineError
from engine.host.facts import Phase
from engine.requests import Stage
from tests.support.engine import FakeEngine
from tests.support.port import request

CLIENTS = 9


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(("tiny", "other"))


@pytest.fixture
def server(bridge: EngineBridge) -> ServerPresenter:
    return ServerPresenter(bridge, addresses=lambda: ("192.168.1.7",))


def test_that_an_open_port_moves_with_its_settings_and_tells_its_network_address(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    server.take_config(EngineConfig())
    bridge.start()
    server.turn_on()
    qtbot.waitUntil(lambda: server.address == "http://127.0.0.1:11711")
    assert server.network_addresses == ()
    changed = EngineConfig(host=EVERYWHERE, port=5005)
    engine.config = changed
    server.take_config(changed)
    qtbot.waitUntil(lambda: server.network_addresses == ("http://192.168.1.7:5005",))
    assert server.address == "http://127.0.0.1:5005"


def test_that_a_closed_port_stays_closed_when_its_settings_change(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    server.turn_on()
    qtbot.waitUntil(lambda: server.address is not None)
    server.turn_off()
    qtbot.waitUntil(lambda: engine.address is None and server.address is None)
    server.take_config(EngineConfig(port=5005))
    with qtbot.waitSignal(server.keys.made):  # whatever was asked before has come back by then
        server.keys.add("laptop", [Scope.ANSWERS], Limits())
    assert engine.address is None


def test_that_a_key_is_made_changed_and_removed_and_its_secret_told_once(
    server: ServerPresenter, bridge: EngineBridge, qtbot: QtBot
) -> None:
    told: list[NewKey] = []
    server.keys.made.connect(told.append)
    bridge.start()
    assert not server.has_key
    server.keys.add("laptop", [Scope.ANSWERS], Limits(at_once=2))
    qtbot.waitUntil(lambda: bool(told))
    (key,) = server.keys.keys
    assert server.has_key
    assert told[0].secret.endswith(key.ending)
    server.keys.change(key.id, "phone", [Scope.METRICS], Limits())
    qtbot.waitUntil(lambda: server.keys.keys[0].name == "phone")
    assert server.keys.keys[0].scopes == {Scope.METRICS}
    server.keys.remove(key.id)
    qtbot.waitUntil(lambda: not server.keys.keys)
    assert len(told) == 1


def test_that_a_key_that_cannot_be_kept_is_told(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keys.failure = EngineError("The disk is full.")
    bridge.start()
    told: list[str] = []
    server.failed.connect(told.append)
    server.keys.add("laptop", [Scope.ANSWERS], Limits())
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith("The disk is full.")


def test_that_requests_come_newest_first_and_the_oldest_go() -> None:
    rows = RequestsList()
    for number in range(MOST + 5):
        rows.put(request(number).seen)
    rows.put(request(0).seen)  # too old to come back
    assert [row.id for row in rows.rows] == list(range(MOST + 4, 4, -1))
    rows.put(request(MOST, stage=Stage.FAILED, failure="No.").seen)
    place = rows.row_of(MOST)
    assert place == 4
    shown = rows.index(place, RequestColumn.STAGE).data(Qt.ItemDataRole.DisplayRole)
    assert shown == "failed · 400"


def test_that_the_chosen_request_is_looked_into_whenever_it_moves(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.start()
    bridge.tell(lambda _: engine.ledger.put(request(1, stage=Stage.WRITING)))
    qtbot.waitUntil(lambda: server.requests.list.of(1) is not None)
    server.requests.choose(1)
    qtbot.waitUntil(lambda: server.requests.inside is not None)
    bridge.tell(lambda _: engine.ledger.put(request(1)))

    def done() -> bool:
        inside = server.requests.inside
        return inside is not None and inside.seen.stage is Stage.DONE

    qtbot.waitUntil(done)
    server.requests.clear()
    assert server.requests.list.rows == ()
    assert server.requests.inside is None


def test_that_requests_from_before_the_window_are_there(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    for number in (1, 2, 3):
        engine.ledger.put(request(number))
    bridge.start()
    qtbot.waitUntil(lambda: [row.id for row in server.requests.list.rows] == [3, 2, 1])


def test_that_a_loaded_model_is_pinned_and_sent_away(
    server: ServerPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.fleet.room = 2
    bridge.start()
    for model in ("tiny", "other"):
        bridge.ask(lambda one, model=model: one.load(model), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: server.residents.ready == ("tiny", "other"))
    server.residents.pin("tiny", wanted=True)
    qtbot.waitUntil(lambda: server.residents.residents[0].pinned)
    assert server.residents.residents[0].leaves_at is None
    server.residents.unload("other")
    qtbot.waitUntil(lambda: server.residents.ready == ("tiny",))


def test_that_picking_a_loaded_model_turns_to_it_without_a_load(
    bridge: EngineBridge, engine: FakeEngine, settings: SettingsFile, qtbot: QtBot
) -> None:
    engine.fleet.room = 2
    models = ModelsPresenter(bridge, settings)
    bridge.start()
    qtbot.waitUntil(lambda: models.shelf_known)
    models.choose("tiny")
    qtbot.waitUntil(lambda: models.loaded == ("tiny",))
    models.choose("other")
    qtbot.waitUntil(lambda: models.loaded == ("tiny", "other"))
    assert models.current == "other"
    models.choose("tiny")
    assert (models.current, models.phase) == ("tiny", Phase.READY)
    assert [model for model, _ in engine.loads] == ["tiny", "other"]
    assert settings.settings.last_model == "tiny"
    models.unload()
    qtbot.waitUntil(lambda: models.current == "other")


def test_that_a_model_loaded_for_a_client_does_not_take_the_chat_over(
    bridge: EngineBridge, engine: FakeEngine, settings: SettingsFile, qtbot: QtBot
) -> None:
    engine.fleet.room = 2
    models = ModelsPresenter(bridge, settings)
    bridge.start()
    qtbot.waitUntil(lambda: models.shelf_known)
    models.choose("tiny")
    qtbot.waitUntil(lambda: models.loaded == ("tiny",))
    bridge.ask(lambda one: one.load("other"), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: models.loaded == ("tiny", "other"))
    assert models.current == "tiny"


@pytest.mark.parametrize("keyed", [True, False])
def test_that_snippets_name_address_model_and_the_keys_place(keyed: bool) -> None:
    reach = Reach(address="https://192.168.1.7:11711", model="owner/it's:Q4_K_M", keyed=keyed)
    made = {snippet.key: snippet.text for snippet in snippets(reach)}
    assert len(made) == CLIENTS
    for key, text in made.items():
        assert "https://192.168.1.7:11711" in text, key
        assert (KEY_PLACE in text) is keyed, key
        # Open WebUI asks the port which models there are.
        assert ("Q4_K_M" in text) is (key != "open-webui"), key


def test_that_python_snippets_compile_and_curls_body_is_json() -> None:
    reach = Reach(address="http://127.0.0.1:11711", model='a"b\\c', keyed=True)
    made = {snippet.key: snippet for snippet in snippets(reach)}
    for key in ("python", "anthropic", "ollama"):
        compile(made[key].text, key, "exec")
    words = shlex.split(made["curl"].text.replace("\\\n", " "))
    assert json.loads(words[words.index("-d") + 1])["model"] == 'a"b\\c'
