"""What the placement panel tells: of loads made smaller, in another look, in another language."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import ASSETS
from app.settings import Theme
from app.theme.tokens import DARK, LIGHT, Tokens
from app.views.languages import Words
from app.views.placement.placement_dialog import PlacementDialog
from engine.config import LoadWish
from engine.errors import OutOfMemory
from engine.fit.saying import say
from engine.host.facts import Phase
from tests.app.views.conftest import Shown
from tests.app.views.test_placement_panel import big_model, opened, settled
from tests.support.plans import GIB, PlannedMachine

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def panel(qtbot: QtBot, shown: Shown) -> Iterator[PlacementDialog]:
    """The panel of a big model on two cards, with its first plan."""
    shown.engine.shelf = (big_model(),)
    shown.engine.rig = PlannedMachine(cards=(("A", 24 * GIB, 0), ("B", 24 * GIB, 0)))
    shown.start(qtbot)
    yield opened(qtbot, shown)
    settled(qtbot, shown)


def test_that_a_load_that_is_made_smaller_is_told_while_it_loads_and_afterwards(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    shown.engine.load_holds = True
    shown.engine.load_steps = (
        say("a {then} KV cache instead of {now}", then="q8_0", now="f16"),
        say("a context of {then:,} tokens instead of {now:,}", then=4096, now=8192),
    )
    QTest.mouseClick(panel.load, Qt.MouseButton.LeftButton)
    strip, models = shown.window.load_strip, shown.screens.models
    qtbot.waitUntil(lambda: len(models.steps) == 2)
    trying = "Trying again with a context of 4,096 tokens instead of 8,192."
    assert strip.words.endswith(trying)
    assert panel.status == trying
    shown.bridge.tell(lambda _: shown.engine.let_load())
    qtbot.waitUntil(lambda: models.phase is Phase.READY and panel.outcome.isVisible())
    smaller = (
        "Loaded smaller than planned: a q8_0 KV cache instead of f16; "
        "a context of 4,096 tokens instead of 8,192."
    )
    assert panel.notice == smaller
    assert shown.window.banner.sentences == (smaller,)
    assert models.steps == ()


def test_that_an_open_panel_follows_the_theme(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    looks: tuple[tuple[Theme, Tokens], ...] = (("light", LIGHT), ("dark", DARK), ("light", LIGHT))
    for theme, tokens in looks:
        shown.screens.appearance.set_theme(theme)
        part = panel.cards[0].bar.part_at(2)
        assert part is not None
        assert part.colour == QColor(tokens.weights)
        for drawn in (panel.layers.layers, panel.legend):
            image = drawn.grab().toImage()
            line = image.height() // 2
            colours = {image.pixelColor(x, line).name() for x in range(image.width())}
            assert tokens.weights in colours


def test_that_a_chinese_window_tells_reasons_changes_and_failures_in_chinese(
    qtbot: QtBot, qapp: QApplication, shown: Shown
) -> None:
    words = Words(qapp, ASSETS / "translations")
    words.speak("zh_CN")
    try:
        shown.engine.shelf = (big_model(),)
        shown.engine.load_failure = OutOfMemory("GPU 0 is full.")
        shown.bridge.start()
        qtbot.waitUntil(lambda: shown.screens.models.shelf_known)
        panel = opened(qtbot, shown, "big")
        assert "放不下：99.0 GB 必须留在内存里，而空闲内存只有 64.0 GB。" in panel.advice.words
        assert "再加一块 RTX 3090" in panel.advice.words
        qtbot.waitUntil(lambda: shown.window.banner.sentence.startswith("内存不足："))
        assert "请选择更短的上下文" in shown.window.banner.sentence
    finally:
        words.speak("en")


def test_that_a_panel_of_a_smaller_model_after_that_of_a_larger_pins_nothing(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    shown.engine.shelf = (*shown.engine.shelf, replace(big_model("small"), layers=30))
    assert panel.knobs.gpu_layers.value() == 64
    panel.reject()
    again = opened(qtbot, shown, "small")
    assert again.knobs.gpu_layers.value() == 31
    assert shown.screens.placement.wish == LoadWish()
