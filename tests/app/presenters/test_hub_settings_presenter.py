import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.hub_settings import HUB, SECOND_SOURCE, HubSettingsPresenter
from tests.support.engine import FakeEngine

PROXY = {"https": "http://ada:secret@proxy.example:3128", "http": "http://proxy.example:3128"}


@pytest.fixture
def hub(bridge: EngineBridge) -> HubSettingsPresenter:
    presenter = HubSettingsPresenter(bridge, proxies=PROXY)
    bridge.start()
    return presenter


def test_that_an_address_is_set_and_taken_back(
    hub: HubSettingsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    hub.set_endpoint(" hf-mirror.com/ ")
    qtbot.waitUntil(lambda: hub.endpoint == "https://hf-mirror.com")
    hub.set_endpoint("")
    qtbot.waitUntil(lambda: hub.endpoint == HUB)
    assert engine.config.hub_endpoint is None


def test_that_a_trial_ends_in_a_sentence(hub: HubSettingsPresenter, qtbot: QtBot) -> None:
    hub.test("hf-mirror.com")
    assert hub.busy
    qtbot.waitUntil(lambda: not hub.busy)
    assert hub.trial is not None
    assert hub.trial.good
    hub.test("https://nowhere.example")
    qtbot.waitUntil(lambda: not hub.busy)
    assert not hub.trial.good
    assert "nowhere.example did not answer" in hub.trial.failure


def test_that_only_the_last_trial_counts(hub: HubSettingsPresenter, qtbot: QtBot) -> None:
    hub.test("https://nowhere.example")
    hub.test(HUB)
    qtbot.waitUntil(lambda: not hub.busy)
    assert hub.trial is not None
    assert hub.trial.good


def test_that_a_token_is_kept_and_removed(
    hub: HubSettingsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    hub.set_token("   ")
    hub.set_token(" hf_secret ")
    qtbot.waitUntil(lambda: hub.has_token)
    assert engine.discovery.token == "hf_secret"
    hub.remove_token()
    qtbot.waitUntil(lambda: not hub.has_token)


def test_that_a_second_source_is_switched(
    hub: HubSettingsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    hub.set_second_source(on=True)
    qtbot.waitUntil(lambda: hub.second_source)
    assert engine.config.second_source == SECOND_SOURCE
    hub.set_second_source(on=False)
    qtbot.waitUntil(lambda: not hub.second_source)


def test_that_proxies_are_told_without_their_passwords(hub: HubSettingsPresenter) -> None:
    assert hub.proxies == ("http://proxy.example:3128",)
