"""The monitor's screen over made readings: any number of cards, standing still, written out."""

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.views.monitor.monitor_screen import MonitorScreen
from engine.events import MachineRead, RatesRead, UsageRead
from engine.host.holding import Traffic
from engine.monitor.rates import Account
from engine.monitor.values import CardUsage, Purpose, Share
from tests.app.views.conftest import Shown
from tests.support.monitoring import GIB, minutes, reading, usage

# Qt's offscreen platform says so of every window with a size of its own.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def opened(shown: Shown, cards: int, ticks: int = 30) -> MonitorScreen:
    """The screen, after that many readings."""
    screen = shown.window.open_monitor()
    for event in minutes(cards, ticks):
        shown.bridge.happened.emit(event)
    screen.grab()
    return screen


@pytest.mark.parametrize("cards", [0, 1, 2, 8, 16])
def test_that_every_number_of_cards_has_its_place(shown: Shown, cards: int) -> None:
    screen = opened(shown, cards)
    assert len(screen.cards) == cards
    assert all(card.isVisible() for card in screen.cards)
    assert {card.words.splitlines()[0] for card in screen.cards} == {
        f"GPU {index} {reading(0, cards).gpus[index].name}" for index in range(cards)
    }
    assert screen.gpus.across == min(cards, screen.gpus.across) or not cards


def test_that_it_opens_before_anything_was_answered(shown: Shown) -> None:
    account = Account()
    for second in range(5):
        now = reading(second, 0)
        shown.bridge.happened.emit(MachineRead(reading=now))
        rates = account.read(now, Traffic(), ())
        shown.bridge.happened.emit(RatesRead(rates=rates))
    screen = shown.window.open_monitor()
    assert not screen.grab().isNull()
    screen.grab()


def test_that_memory_is_told_by_purpose_planned_beside_actual(shown: Shown) -> None:
    screen = opened(shown, 1)
    said = screen.cards[0].words
    for words in (
        "Weights 13.2 GB",
        "KV in use 2.0 GB",
        "KV reserved 1.0 GB",
        "Compute 0.7 GB (planned 0.6 GB)",
        "CUDA and driver 0.5 GB",
        "firefox 0.9 GB",
        "Unexplained 0.1 GB",
        "One more chat: +0.5 GB",
        "Twice the context: +3.0 GB",
    ):
        assert words in said


def test_that_several_models_weights_are_one_entry(shown: Shown) -> None:
    screen = opened(shown, 1)
    shares = tuple(
        Share(purpose=Purpose.WEIGHTS, size_bytes=2 * GIB, name=name, planned_bytes=2 * GIB)
        for name in ("one", "other")
    )
    two = CardUsage(index=0, name="x", total_bytes=24 * GIB, used_bytes=4 * GIB, shares=shares)
    shown.bridge.happened.emit(UsageRead(cards=(two,)))
    assert "Weights 4.0 GB" in screen.cards[0].words


def test_that_what_a_driver_does_not_say_is_not_reported(shown: Shown) -> None:
    screen = opened(shown, 3)
    assert "Clocks not reported · Fan not reported" in screen.cards[2].words
    assert "Slowed by its power limit" in screen.cards[1].words


def test_that_a_card_that_is_gone_says_so(shown: Shown) -> None:
    screen = opened(shown, 2)
    shown.bridge.happened.emit(MachineRead(reading=reading(99, 1)))
    assert "no longer lists" in screen.cards[1].words
    shown.bridge.happened.emit(MachineRead(reading=reading(100, 2)))
    assert "no longer lists" not in screen.cards[1].words


def test_that_the_engines_figures_stand_with_their_names(shown: Shown) -> None:
    screen = opened(shown, 1)
    said = screen.engine.words
    for words in (
        "First token, 95 % within 0.84 s",
        "Prompt taken from the cache 63 %",
        "Energy for a token 3.90 J",
        "Tokens for a joule 0.26",
        "Cost of a million tokens 0.3",
    ):
        assert words in said
    assert "Loaded models keep 1.3 cores busy and hold 3.0 GB" in screen.machine.words


def test_that_a_paused_screen_says_what_was_true_then(shown: Shown) -> None:
    screen = opened(shown, 1)
    screen.pause.click()
    before = screen.words
    shown.bridge.happened.emit(MachineRead(reading=reading(5000, 1)))
    shown.bridge.happened.emit(UsageRead(cards=(usage(0, kv_bytes=4 * GIB),)))
    assert screen.words == before
    screen.pause.click()
    assert "KV in use 4.0 GB" in screen.words


def test_that_the_window_of_time_is_chosen_and_all_charts_follow(shown: Shown) -> None:
    screen = opened(shown, 1)
    screen.windows.button(0).click()
    assert shown.screens.monitor.window_seconds == 60.0
    screen.grab()
    chart = screen.cards[0].charts.charts[0]
    assert chart.words.endswith("GB")


def test_that_table_and_picture_are_written(qtbot: QtBot, shown: Shown, tmp_path: Path) -> None:
    shown.start(qtbot)
    screen = opened(shown, 2)
    table, picture = tmp_path / "day.csv", tmp_path / "day.png"
    with qtbot.waitSignal(shown.screens.monitor.exported):
        screen.save_table(table)
    assert len(table.read_text("utf-8").splitlines()) > 20
    screen.save_picture(picture)
    image = QImage(str(picture))
    assert image.height() > 500
    assert str(picture) in screen.banner.sentence


def test_that_the_panel_beside_the_chat_tells_purposes_too(shown: Shown) -> None:
    opened(shown, 2)
    shown.window.open_chat()
    said = shown.window.machine.words
    assert "weights · KV · compute · driver · other · unexplained" in said


def test_that_another_look_and_larger_letters_hold_at_once(shown: Shown) -> None:
    screen = opened(shown, 2)
    chart = screen.cards[0].charts.charts[0]
    screen.grab()
    usual = chart.height()
    shown.screens.appearance.set_theme("dark")
    shown.screens.appearance.change("text_percent", 200)
    screen.grab()
    assert chart.height() > usual
    shown.screens.appearance.change("text_percent", 100)
