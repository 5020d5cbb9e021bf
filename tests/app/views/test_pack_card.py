"""The GPU pack's card, as each state shows it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.pack import PackPresenter
from app.views.pack.pack_card import PackCard
from engine.fit.saying import say
from engine.pack.values import Pack, PackState
from tests.support.engine import FakeEngine
from tests.support.packs import OFFERED


@pytest.fixture
def pack(bridge: EngineBridge) -> PackPresenter:
    return PackPresenter(bridge)


@pytest.fixture
def card(pack: PackPresenter, qtbot: QtBot) -> Iterator[PackCard]:
    host = QWidget()  # what is shown without one is a window of its own
    qtbot.addWidget(host)
    yield PackCard(pack, host)
    host.close()


def buttons(card: PackCard) -> set[str]:
    of_it = (card.install, card.cancel, card.remove)
    return {button.text() for button in of_it if button.isVisibleTo(card)}


CASES = {
    "offered": (OFFERED, {"Install the GPU pack"}, "RTX 4090"),
    "begun": (replace(OFFERED, done_bytes=90_000_000), {"Go on", "Remove"}, "arrived already"),
    "downloading": (
        replace(OFFERED, state=PackState.DOWNLOADING, done_bytes=280_000_000),
        {"Stop"},
        "Downloading",
    ),
    "unpacking": (replace(OFFERED, state=PackState.UNPACKING), {"Stop"}, "Unpacking"),
    "proving": (replace(OFFERED, state=PackState.PROVING), {"Stop"}, "computes"),
    "ready": (replace(OFFERED, state=PackState.READY), {"Remove"}, "on the disk"),
    "broken": (
        replace(OFFERED, state=PackState.BROKEN, failure="The card computes wrongly."),
        {"Install again", "Remove"},
        "computes wrongly",
    ),
    "refused": (
        Pack(
            state=PackState.REFUSED,
            reason=say("The driver is too old."),
            remedy=say("Update NVIDIA's driver."),
        ),
        set[str](),
        "Update NVIDIA's driver",
    ),
}


@pytest.mark.parametrize("case", list(CASES))
def test_that_each_state_has_its_words_and_its_buttons(
    case: str, card: PackCard, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    now, offered, words = CASES[case]
    assert card.isHidden()
    engine.pack.now = now
    bridge.start()
    qtbot.waitUntil(lambda: not card.isHidden())
    assert buttons(card) == offered
    assert words in card.words
    assert card.accessibleName() == card.words


def test_that_the_click_installs(
    card: PackCard, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.pack.now = OFFERED
    bridge.start()
    qtbot.waitUntil(lambda: not card.isHidden())
    card.install.click()
    qtbot.waitUntil(lambda: "is installed" in card.words)
    card.remove.click()
    qtbot.waitUntil(lambda: buttons(card) == {"Install the GPU pack"})
