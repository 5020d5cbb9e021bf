"""A conversation with a real store and the tests' engine."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.chat.presenter import ChatPresenter
from app.settings import SettingsFile, UiSettings
from app.store.chats import ChatStore
from engine.config import Home
from tests.support.talking import load


@pytest.fixture
def store(home: Home) -> Iterator[ChatStore]:
    with closing(ChatStore(home.chats)) as store:
        yield store


@pytest.fixture
def settings(home: Home) -> SettingsFile:
    """Without titles, which ask the engine too."""
    settings = SettingsFile(home.ui_toml)
    settings.change(UiSettings(make_titles=False))
    return settings


@pytest.fixture
def chat(bridge: EngineBridge, store: ChatStore, settings: SettingsFile) -> ChatPresenter:
    return ChatPresenter(bridge, store, settings)


@pytest.fixture
def ready(bridge: EngineBridge, chat: ChatPresenter, qtbot: QtBot) -> ChatPresenter:
    """A presenter with a loaded model."""
    bridge.start()
    load(bridge, qtbot)
    return chat
