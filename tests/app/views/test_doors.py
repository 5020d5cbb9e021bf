"""What comes in from outside shows something, and does nothing that was not asked for here."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.views.doors import Doors, wanted_of
from tests.app.views.conftest import Shown

# Qt's offscreen plugin warns so where a dialog has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")

TINY = "someone/tiny-GGUF"


@pytest.fixture
def doors(qtbot: QtBot, shown: Shown) -> Doors:
    made = Doors(shown.window, shown.screens)
    shown.start(qtbot)
    shown.window.hide()
    shown.window.show()  # the doors came after the window, here
    return made


def ask(qtbot: QtBot, doors: Doors, link: str) -> QMessageBox:
    doors.let_in([link])
    qtbot.waitUntil(lambda: doors.question is not None)
    assert doors.question is not None
    return doors.question


def button(question: QMessageBox, role: QMessageBox.ButtonRole) -> None:
    found = next(one for one in question.buttons() if question.buttonRole(one) is role)
    found.click()


def test_that_a_link_to_a_repository_shows_its_page_and_fetches_nothing(
    qtbot: QtBot, shown: Shown, doors: Doors
) -> None:
    doors.let_in([f"https://huggingface.co/{TINY}"])
    qtbot.waitUntil(lambda: shown.screens.picker.page is not None)
    assert shown.screens.discover.repository == TINY
    assert shown.window.discover is not None
    assert shown.window.discover.isVisible()
    assert doors.question is None
    assert shown.engine.downloads.all() == ()


def test_that_a_download_is_asked_for_with_its_size_and_source(
    qtbot: QtBot, shown: Shown, doors: Doors
) -> None:
    question = ask(qtbot, doors, f"fullbore://model/{TINY}:q4_k_m")
    assert f"{TINY}:Q4_K_M" in question.text()
    assert "GB from https://huggingface.co" in question.informativeText()
    default = question.defaultButton()
    assert question.buttonRole(default) is QMessageBox.ButtonRole.RejectRole
    button(question, QMessageBox.ButtonRole.RejectRole)
    assert shown.engine.downloads.all() == ()
    qtbot.waitUntil(lambda: doors.question is None)
    button(ask(qtbot, doors, f"fullbore://model/{TINY}:Q4_K_M"), QMessageBox.ButtonRole.AcceptRole)
    qtbot.waitUntil(lambda: len(shown.engine.downloads.all()) == 1)


def test_that_a_quantization_that_is_not_there_is_told(
    qtbot: QtBot, shown: Shown, doors: Doors
) -> None:
    doors.let_in([f"fullbore://model/{TINY}:Q9_Z"])
    qtbot.waitUntil(lambda: "has no Q9_Z" in shown.window.banner.sentence)
    assert doors.question is None


def test_that_a_text_waits_below_what_was_written_and_is_not_sent(
    shown: Shown, doors: Doors
) -> None:
    edit = shown.window.composer.edit
    edit.setPlainText("My own words")
    doors.let_in(["fullbore://chat?text=Delete%20everything"])
    assert edit.toPlainText() == "My own words\n\nDelete everything"
    assert "Nothing was sent" in shown.window.banner.sentence
    assert shown.engine.asked == []
    assert shown.screens.chat.messages == ()


@pytest.mark.parametrize("link", ["fullbore://settings?port=1", "fullbore://model/..:x"])
def test_that_a_link_that_is_not_understood_is_told(shown: Shown, doors: Doors, link: str) -> None:
    doors.let_in([link])
    assert shown.window.banner.sentence.startswith("The link ")
    assert not shown.window.banner.troubled  # nothing is broken
    assert shown.window.discover is None


def test_that_a_file_is_loaded_where_it_lies(qtbot: QtBot, shown: Shown, doors: Doors) -> None:
    doors.let_in(["/elsewhere/other.gguf", "/elsewhere/second.gguf"])
    qtbot.waitUntil(lambda: "/elsewhere/other.gguf" in shown.window.banner.sentence)
    assert "second.gguf" not in shown.window.banner.sentence


def dropped(*addresses: str, text: str = "") -> QMimeData:
    things = QMimeData()
    if addresses:
        things.setUrls([QUrl(address) for address in addresses])
    if text:
        things.setText(text)
    return things


@pytest.mark.parametrize(
    ("things", "wanted"),
    [
        (["file:///a/m%20%C3%BC.gguf", "file:///a/picture.png"], ("/a/m ü.gguf",)),
        ([f"https://huggingface.co/{TINY}"], (f"https://huggingface.co/{TINY}",)),
        (["file:///a/picture.png"], ()),
        (["https://example.org/a.gguf"], ()),
    ],
)
def test_that_models_and_links_are_told_from_attachments(
    things: Sequence[str], wanted: Sequence[str]
) -> None:
    assert wanted_of(dropped(*things)) == wanted


def test_that_a_dropped_text_may_be_a_link() -> None:
    link = f"fullbore://model/{TINY}"
    assert wanted_of(dropped(text=f" {link}\n")) == (link,)
    assert wanted_of(dropped(text="just words")) == ()


def test_that_a_link_dropped_on_the_window_opens(qtbot: QtBot, shown: Shown, doors: Doors) -> None:
    things = dropped(f"https://huggingface.co/{TINY}")
    place, copy = QPointF(400, 300), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enters = QDragEnterEvent(place.toPoint(), copy, things, buttons, keys)
    QApplication.sendEvent(shown.window.windowHandle(), enters)
    assert enters.isAccepted()
    falls = QDropEvent(place, copy, things, buttons, keys)
    QApplication.sendEvent(shown.window.windowHandle(), falls)
    assert shown.screens.discover.repository == TINY
    assert doors.question is None
    qtbot.waitUntil(lambda: shown.screens.picker.page is not None)
