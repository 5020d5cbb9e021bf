"""The library's screen, the transfers in it, the sidebar's strip and the Hub's settings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.downloads import MIRROR, DownloadsPresenter
from app.presenters.folders import FoldersPresenter
from app.presenters.hub_settings import HubSettingsPresenter
from app.presenters.library import LibraryPresenter
from app.theme.stylesheet import dress
from app.theme.tokens import DARK, LIGHT
from app.views.downloads.download_verbs import Verb
from app.views.downloads.downloads_strip import DownloadsStrip
from app.views.library.details_dialog import DetailsDialog
from app.views.library.library_screen import LibraryScreen
from app.views.settings.hub_section import HubSection
from app.widgets.toggle_switch import ToggleSwitch
from engine.download.values import Download, DownloadPhase
from engine.library.files import ForeignFolder, Origin
from tests.support.engine import FakeEngine, shelf_model
from tests.support.pace import allowed

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
    pytest.mark.usefixtures("few_objects"),
]


@dataclass(frozen=True, kw_only=True)
class Screen:
    """The screen and what stands behind it."""

    widget: LibraryScreen
    library: LibraryPresenter
    downloads: DownloadsPresenter
    hub: HubSettingsPresenter
    engine: FakeEngine
    bridge: EngineBridge

    def start(self, qtbot: QtBot) -> None:
        """Start the engine and wait until the shelf is read."""
        self.bridge.start()
        qtbot.waitUntil(lambda: self.library.known)

    def box(self, qtbot: QtBot) -> QMessageBox:
        """The question that is asked now."""

        def asked() -> bool:
            boxes = self.widget.findChildren(QMessageBox)
            return any(box.isVisible() for box in boxes)

        qtbot.waitUntil(asked)
        boxes = self.widget.findChildren(QMessageBox)
        return next(box for box in boxes if box.isVisible())


@pytest.fixture
def screen(
    qtbot: QtBot, qapp: QApplication, bridge: EngineBridge, engine: FakeEngine, tmp_path: Path
) -> Iterator[Screen]:
    dress(qapp, DARK)
    engine.shelf = (
        shelf_model("one"),
        replace(shelf_model("two"), origin=Origin.OLLAMA),
        shelf_model("torn", broken="torn.gguf ends early."),
    )
    library = LibraryPresenter(bridge, tmp_path)
    downloads = DownloadsPresenter(bridge)
    hub = HubSettingsPresenter(bridge, proxies={})
    widget = LibraryScreen(library, FoldersPresenter(bridge, tmp_path), downloads, DARK)
    qtbot.addWidget(widget)
    widget.resize(1100, 800)
    widget.show()
    yield Screen(
        widget=widget, library=library, downloads=downloads, hub=hub, engine=engine, bridge=bridge
    )
    bridge.close()


def press(box: QMessageBox, words: str) -> None:
    button = next(button for button in box.buttons() if words in button.text())
    assert isinstance(button, QAbstractButton)
    button.click()


def transfer(name: str, phase: DownloadPhase, received: int = 1_000_000) -> Download:
    return Download(id=name, phase=phase, received_bytes=received, total_bytes=4_000_000)


def test_that_the_chosen_model_can_be_chatted_with_but_a_torn_one_cannot(
    qtbot: QtBot, screen: Screen
) -> None:
    screen.start(qtbot)
    wanted: list[str] = []
    screen.library.chosen.connect(wanted.append)
    verbs, shelf = screen.widget.verbs, screen.widget.shelf
    assert not verbs.isVisible()
    shelf.choose(("torn",))
    assert not verbs.chat.isEnabled()
    shelf.choose(("one",))
    verbs.chat.click()
    QTest.keyClick(shelf, Qt.Key.Key_Return)
    assert wanted == ["one", "one"]
    assert [choice.enabled for choice in verbs.choices()] == [True] * 6


def test_that_fullbore_s_own_is_deleted_after_one_question(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    screen.widget.shelf.choose(("one",))
    QTest.keyClick(screen.widget.shelf, Qt.Key.Key_Delete)
    box = screen.box(qtbot)
    assert "one" in box.text()
    press(box, "Move to the bin")
    qtbot.waitUntil(lambda: len(screen.library.models) == 2)


def test_that_another_program_s_file_is_asked_for_twice(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    screen.widget.shelf.choose(("two",))
    screen.widget.verbs.delete.click()
    first = screen.box(qtbot)
    press(first, "Move to the bin")
    qtbot.waitUntil(lambda: screen.box(qtbot) is not first)
    assert len(screen.library.models) == 3
    assert "did not come through Fullbore" in screen.box(qtbot).text()
    press(screen.box(qtbot), "Delete them all the same")
    qtbot.waitUntil(lambda: len(screen.library.models) == 2)


def test_that_a_loaded_model_says_why_it_cannot_be_deleted(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    screen.bridge.ask(lambda engine: engine.load("one"), lambda _: None, lambda _: None)
    screen.widget.shelf.choose(("one",))
    delete = screen.widget.verbs.delete
    qtbot.waitUntil(lambda: not delete.isEnabled())
    assert "unload it first" in delete.toolTip()


def test_that_several_are_verified_and_stopped_by_the_same_button(
    qtbot: QtBot, screen: Screen
) -> None:
    screen.engine.keeper.verify_holds = True
    screen.start(qtbot)
    screen.widget.shelf.selectAll()
    screen.widget.verbs.verify.click()
    qtbot.waitUntil(lambda: "Stop" in screen.widget.verbs.verify.text())
    screen.widget.verbs.verify.click()
    qtbot.waitUntil(lambda: not screen.library.checking)
    assert screen.widget.verbs.verify.text().strip() == "Verify"


def test_that_the_selection_survives_a_search_and_a_sort(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    shelf = screen.widget.shelf
    shelf.choose(("two",))
    screen.widget.search.setText("ollama")
    assert shelf.chosen == ("two",)
    screen.widget.search.clear()
    shelf.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert shelf.chosen == ("two",)


def test_that_an_empty_library_says_what_to_do(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.shelf = ()
    screen.start(qtbot)
    qtbot.waitUntil(screen.widget.discover.isVisible)
    with qtbot.waitSignal(screen.widget.discover_wanted):
        screen.widget.discover.click()
    assert "0 models" in screen.widget.foot.sentence


def test_that_a_search_without_a_find_offers_no_download(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    screen.widget.search.setText("no such thing")
    assert not screen.widget.shelf.isVisible()
    assert not screen.widget.discover.isVisible()


def test_that_duplicates_are_shown_alone(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.keeper.twins = (("one", "two"),)
    screen.start(qtbot)
    screen.widget.find_twins.click()
    qtbot.waitUntil(screen.widget.only_twins.isVisible)
    screen.widget.only_twins.click()
    assert [row.model.id for row in screen.library.table.rows] == ["one", "two"]


def test_that_details_show_metadata_tensors_and_template(qtbot: QtBot, screen: Screen) -> None:
    screen.start(qtbot)
    screen.widget.shelf.choose(("one",))
    screen.widget.verbs.details.click()
    qtbot.waitUntil(lambda: bool(screen.widget.findChildren(DetailsDialog)))
    dialog = screen.widget.findChildren(DetailsDialog)[0]
    assert "Q4_K 9 kB" in dialog.bar.accessibleDescription()
    dialog.search.setText("attn")
    assert (dialog.metadata.model().rowCount(), dialog.tensors.model().rowCount()) == (0, 1)
    assert "messages" in dialog.template.toPlainText()
    dialog.accept()


def test_that_a_file_dropped_in_adds_its_folder(
    qtbot: QtBot, screen: Screen, tmp_path: Path
) -> None:
    screen.start(qtbot)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(tmp_path / "there" / "tiny.gguf"))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        carried,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    screen.widget.dropEvent(drop)
    qtbot.waitUntil(lambda: screen.engine.keeper.folders == (tmp_path / "there",))


def test_that_other_programs_are_switched_in_the_folders_dialog(
    qtbot: QtBot, screen: Screen
) -> None:
    screen.engine.keeper.found = (
        ForeignFolder(origin=Origin.JAN, path=Path("/jan"), models=1, size_bytes=5, used=False),
    )
    screen.start(qtbot)
    dialog = screen.widget.open_folders()
    qtbot.waitUntil(lambda: bool(dialog.findChildren(ToggleSwitch)))
    switch = dialog.findChildren(ToggleSwitch)[0]
    switch.click()
    qtbot.waitUntil(lambda: screen.engine.keeper.found[0].used)
    assert switch.isChecked()
    dialog.accept()


def test_that_transfers_are_steered_by_keyboard(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.downloads.add(
        transfer("a/a:Q4", DownloadPhase.RUNNING), transfer("b/b:Q4", DownloadPhase.QUEUED)
    )
    screen.start(qtbot)
    view = screen.widget.panel.list
    qtbot.waitUntil(view.isVisible)
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: screen.downloads.downloads[1].id == "a/a:Q4")
    assert view.current is not None
    assert view.current.id == "a/a:Q4"  # the keyboard stays on it
    QTest.keyClick(view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.downloads.downloads[1].phase is DownloadPhase.PAUSED)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    press(screen.box(qtbot), "Remove")
    qtbot.waitUntil(lambda: len(screen.downloads.downloads) == 1)


def test_that_a_click_on_the_mirror_s_button_uses_it(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.downloads.add(transfer("a/a:Q4", DownloadPhase.RUNNING))
    screen.start(qtbot)
    view = screen.widget.panel.list
    screen.bridge.tell(lambda _: screen.engine.downloads.lose_network("a/a:Q4"))
    qtbot.waitUntil(
        lambda: (
            bool(screen.downloads.downloads)
            and screen.downloads.downloads[0].phase is DownloadPhase.FAILED
        )
    )
    row = view.visualRect(view.model().index(0, 0))
    font = view.font()
    font.setPixelSize(12)
    download = screen.downloads.downloads[0]
    places = dict(view.delegate.places(row, download, QFontMetrics(font)))
    assert list(places) == [Verb.MIRROR, Verb.RETRY, Verb.REMOVE]
    assert [action.text() for action in view.menu_for(download).actions()][1] == "Try again"
    spot: QPoint = places[Verb.MIRROR].center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.waitUntil(lambda: screen.engine.config.hub_endpoint == MIRROR)


def test_that_the_strip_adds_up_what_is_under_way(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.downloads.add(transfer("a/a:Q4", DownloadPhase.RUNNING))
    strip = DownloadsStrip(screen.downloads)
    qtbot.addWidget(strip)
    screen.start(qtbot)
    screen.bridge.tell(lambda _: screen.engine.downloads.advance("a/a:Q4", 2_000_000))
    qtbot.waitUntil(lambda: strip.sentence == "a/a:Q4 · 50 % · 1.0 MB/s · 2 s left")
    with qtbot.waitSignal(strip.opened):
        QTest.keyClick(strip, Qt.Key.Key_Return)
    screen.bridge.tell(lambda _: screen.engine.downloads.lose_network("a/a:Q4"))
    qtbot.waitUntil(lambda: strip.sentence == "a/a:Q4 · Broke off: see why")
    screen.bridge.tell(lambda _: screen.engine.downloads.finish("a/a:Q4"))
    qtbot.waitUntil(strip.isHidden)


def test_that_a_token_is_typed_kept_and_never_shown_again(qtbot: QtBot, screen: Screen) -> None:
    section = HubSection(screen.hub, screen.downloads, DARK)
    qtbot.addWidget(section)
    section.show()
    screen.start(qtbot)
    QTest.keyClicks(section.token, "hf_secret")
    section.keep.click()
    qtbot.waitUntil(section.remove.isVisible)
    assert not section.token.isVisible()
    assert all("hf_secret" not in field.text() for field in section.findChildren(QLineEdit))
    section.replace.click()
    assert section.token.isVisible()
    assert section.token.text() == ""


def test_that_an_address_is_chosen_and_tried(qtbot: QtBot, screen: Screen) -> None:
    section = HubSection(screen.hub, screen.downloads, DARK)
    qtbot.addWidget(section)
    section.show()
    screen.start(qtbot)
    section.endpoint.setCurrentIndex(1)
    section.endpoint.textActivated.emit(section.endpoint.currentText())
    qtbot.waitUntil(lambda: screen.engine.config.hub_endpoint == MIRROR)
    section.test.click()
    qtbot.waitUntil(lambda: "answered in" in section.said)
    section.pace.limit.setValue(5)
    qtbot.waitUntil(lambda: screen.engine.downloads.limit == 5_000_000)
    section.second.click()
    qtbot.waitUntil(lambda: screen.engine.config.second_source is not None)


def test_that_500_models_scroll_within_a_frame_each(qtbot: QtBot, screen: Screen) -> None:
    screen.engine.shelf = tuple(shelf_model(f"someone/model-{number}:Q4") for number in range(500))
    screen.start(qtbot)
    bar = screen.widget.shelf.verticalScrollBar()
    worst: list[float] = []
    for step in range(40):
        bar.setValue(bar.maximum() * step // 40)
        started = thread_time()
        screen.widget.shelf.viewport().repaint()
        worst.append((thread_time() - started) * 1000)
    started = thread_time()
    screen.library.table.sort(3, Qt.SortOrder.DescendingOrder)
    worst.append((thread_time() - started) * 1000)
    assert sorted(worst)[-4] < allowed(16)  # of the processor; the first ones read the letters
    screen.widget.wear(LIGHT)
