"""Discover and the picker, by hand: clicks and keys on the window over the fake engine."""

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.theme.tokens import DARK
from app.views.discover import offer_cells, offer_words, repository_view
from app.views.discover.discover_screen import DiscoverScreen
from app.views.discover.offer_delegate import tip_at
from engine.errors import HubUnreachable
from tests.app.views.conftest import Shown

# Qt's offscreen plugin warns so where a dialog has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

TINY = "someone/tiny-GGUF"
NAME = f"{TINY}:Q4_K_M"


@pytest.fixture
def discover(qtbot: QtBot, shown: Shown) -> DiscoverScreen:
    shown.window.resize(1440, 900)
    shown.start(qtbot)
    QTest.keyClick(shown.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown.window.discover is not None)
    qtbot.waitUntil(lambda: bool(shown.screens.discover.worthy_list.rows))
    assert shown.window.discover is not None
    return shown.window.discover


def open_tiny(qtbot: QtBot, shown: Shown) -> None:
    shown.screens.discover.open(TINY)
    qtbot.waitUntil(lambda: shown.screens.picker.advised is not None)


def test_that_a_search_by_keyboard_ends_in_a_download_and_a_chat(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    search, picker = discover.sieve.search, shown.screens.picker
    assert search.hasFocus()
    QTest.keyClicks(search, "tiny")
    QTest.keyClick(search, Qt.Key.Key_Return)
    finds = discover.finds
    qtbot.waitUntil(lambda: finds.isVisible() and finds.model().rowCount() == 1)
    finds.setFocus()
    QTest.keyClick(finds, Qt.Key.Key_Down)
    QTest.keyClick(finds, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: picker.advised is not None)
    rows = discover.page.picker.rows
    assert rows.offer == picker.advised
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Return)
    qtbot.waitUntil(shown.window.sidebar.downloads.isVisible)
    shown.bridge.tell(lambda _: shown.engine.arrive(NAME))
    take = discover.page.picker.take
    qtbot.waitUntil(lambda: take.text() == "Chat")
    assert discover.page.picker.place.isVisible()
    take.click()
    qtbot.waitUntil(lambda: shown.screens.models.current == NAME)
    assert not discover.isVisible()
    assert shown.window.composer.isVisible()


def test_that_a_click_on_a_card_opens_it_and_the_rows_button_downloads(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    worthy = discover.worthy
    middle = worthy.visualRect(worthy.model().index(0, 0)).center()
    QTest.mouseClick(worthy.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.waitUntil(lambda: shown.screens.picker.advised is not None)
    rows = discover.page.picker.rows
    box = rows.visualRect(rows.model().index(1, 0))
    button = offer_cells.cells(box.adjusted(0, 1, -1, -2)).action.center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=button)
    qtbot.waitUntil(lambda: bool(shown.engine.downloads.all()))
    assert shown.engine.downloads.all()[0].id == f"{TINY}:Q8_0"


def test_that_the_picker_says_what_it_advises_and_why(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    open_tiny(qtbot, shown)
    picker = shown.screens.picker
    advised = picker.advised
    assert advised is not None
    assert "Q6_K would give" in offer_words.advice(advised, picker.next_finer)
    said = picker.offers_list.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
    for word in ("Q4_K_M", "4.8 bits", "tok/s", "Runs on the cards", "Our advice", "Download"):
        assert word in said
    page = discover.page.picker
    where = offer_cells.cells(page.rows.visualRect(page.rows.model().index(3, 0)))
    assert where.quality is not None
    assert "divergence" in tip_at(where, where.quality.center().x(), advised)
    assert "KV cache" in tip_at(where, where.memory.center().x(), advised)
    assert "four of five" in tip_at(where, where.speed.center().x(), advised)
    assert "layers lie on the cards" in tip_at(where, where.verdict.center().x(), advised)
    assert "tiny-Q4_K_M.gguf" in tip_at(where, where.name.center().x(), advised)


def test_that_what_does_not_fit_says_what_would_make_it_fit(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    shown.screens.discover.open("someone/huge-GGUF")
    qtbot.waitUntil(lambda: shown.screens.picker.none_fits)
    offer = shown.screens.picker.offers[0]
    assert offer_words.verdict(offer.verdict) == "Does not fit"
    assert offer_words.more(offer) == "with one more RTX 3090"
    assert not discover.page.picker.take.isVisible()


def test_that_context_and_preference_are_planned_anew(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    open_tiny(qtbot, shown)
    view, picker = discover.page.picker, shown.screens.picker
    view.prefers.button(2).click()
    assert picker.preference == "speed"
    view.slider.setFocus()
    QTest.keyClick(view.slider, Qt.Key.Key_Right)
    assert picker.context_tokens is not None
    view.automatic.click()
    assert picker.context_tokens is None
    qtbot.waitUntil(lambda: not picker.planning)


def test_that_other_hardware_is_a_chip_that_a_click_takes_away(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    open_tiny(qtbot, shown)
    view = discover.page.picker
    dialog = view.open_machine()
    dialog.rows[0].count.setValue(2)
    dialog.add.click()
    assert dialog.words.text() == "2x RTX 4090, RTX 4090, 128 GB DDR5-5600"
    dialog.rows[1].away.click()
    dialog.plan.click()
    assert view.chip.text() == "2x RTX 4090, 128 GB DDR5-5600"
    assert shown.screens.picker.machine == view.chip.text()
    assert view.chip.isVisible()
    view.chip.click()
    assert not view.chip.isVisible()


def test_that_without_a_network_a_mirror_is_offered_and_said_once(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    shown.engine.discovery.failure = HubUnreachable("huggingface.co did not answer.")
    discover.sieve.sort.setCurrentIndex(1)
    qtbot.waitUntil(discover.notice.isVisible)
    assert discover.mirror.isVisible()
    wanted: list[bool] = []
    discover.mirror_wanted.connect(lambda: wanted.append(True))
    shown.window.setEnabled(True)
    discover.dismiss.click()
    assert not discover.notice.isVisible()
    shown.engine.discovery.failure = None
    shown.screens.discover.try_again()
    qtbot.waitUntil(lambda: discover.finds.model().rowCount() == 3)


def test_that_a_gated_repository_says_what_to_do(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    shown.engine.discovery.needs_token = True
    shown.screens.discover.open("someone/gated-GGUF")
    gate = discover.page.gate
    qtbot.waitUntil(gate.isVisible)
    QTest.keyClicks(gate.token, "hf_secret")
    gate.keep.click()
    assert gate.token.text() == ""
    qtbot.waitUntil(lambda: shown.screens.discover.page is not None)
    assert not gate.token.isVisible()


def test_that_the_model_card_is_read_and_a_link_opens_on_a_click_alone(
    qtbot: QtBot,
    shown: Shown,
    discover: DiscoverScreen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []

    def remember(address: QUrl) -> None:
        opened.append(address.toString())

    monkeypatch.setattr(repository_view.QDesktopServices, "openUrl", remember)
    open_tiny(qtbot, shown)
    page = discover.page
    page.sides.button(1).click()
    qtbot.waitUntil(lambda: not page.card.reading)
    assert "A small model." in page.card.toPlainText()
    assert opened == []
    page.card.anchorClicked.emit(QUrl("https://example.org/tiny"))
    page.card.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == ["https://example.org/tiny"]


def test_that_a_narrow_window_shows_one_side_at_a_time(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    shown.window.resize(900, 700)
    open_tiny(qtbot, shown)
    assert not discover.sieve.isVisible()
    assert discover.page.isVisible()
    assert offer_cells.cells(discover.page.picker.rows.rect()).quality is None
    discover.page.back.click()
    qtbot.waitUntil(discover.sieve.isVisible)
    assert not discover.page.isVisible()


def test_that_another_look_and_the_way_back_to_the_chat_work(
    qtbot: QtBot, shown: Shown, discover: DiscoverScreen
) -> None:
    open_tiny(qtbot, shown)
    discover.wear(DARK)
    discover.grab()
    assert not shown.window.panel.isVisible()
    shown.window.sidebar.to_library.click()
    assert shown.window.library is not None
    assert shown.window.library.isVisible()
    shown.window.sidebar.to_chat.click()
    assert shown.window.panel.isVisible()
    assert shown.window.conversation.isVisible()
