"""Switches, sentences and questions."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.widgets.banner import Banner
from app.widgets.delete_question import DeleteQuestion
from app.widgets.icon_button import IconButton
from app.widgets.segments import Segments
from app.widgets.toggle_switch import ToggleSwitch

# Qt's offscreen plugin warns so where a dialog has a smallest size.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    widget.resize(400, 300)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    yield widget
    widget.hide()


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_that_a_switch_shows_what_it_is_also_where_nobody_heard_of_it(
    qtbot: QtBot, page: QWidget
) -> None:
    quiet, turned = ToggleSwitch("Quiet", page), ToggleSwitch("Turned", page)
    for switch in (quiet, turned):
        switch.show()
    off = picture(quiet)
    turned.click()
    with QSignalBlocker(quiet):
        quiet.setChecked(True)
    assert picture(quiet) != off
    turned.clearFocus()
    qtbot.waitUntil(lambda: picture(turned) == picture(quiet))  # when its knob has arrived
    with QSignalBlocker(quiet):
        quiet.setChecked(False)
    assert picture(quiet) == off


def test_that_what_is_only_to_be_known_does_not_look_like_a_trouble(page: QWidget) -> None:
    banner = Banner(IconButton("Dismiss"), page)
    banner.inform("A model is here already.")
    assert banner.property("kind") == "card"
    banner.say("The disk is full.")
    assert banner.property("kind") == "failure"
    assert banner.sentences == ("A model is here already.", "The disk is full.")
    banner.forget("The disk is full.")
    assert banner.property("kind") == "card"
    banner.say("A model is here already.")
    assert banner.troubled


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_that_neither_enter_nor_escape_deletes(qtbot: QtBot, page: QWidget, key: Qt.Key) -> None:
    question = DeleteQuestion(page, "Delete", "Delete it?")
    confirmed = list[bool]()
    question.confirmed.connect(lambda: confirmed.append(True))
    question.open()
    with qtbot.waitSignal(question.finished):
        QTest.keyClick(question, key)
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None)
    assert confirmed == []


def test_that_only_its_own_button_deletes(qtbot: QtBot, page: QWidget) -> None:
    question = DeleteQuestion(page, "Remove", "Remove it?", verb="Remove")
    question.open()
    role = QMessageBox.ButtonRole.DestructiveRole
    sure = next(one for one in question.buttons() if question.buttonRole(one) is role)
    assert sure.text() == "Remove"
    with qtbot.waitSignal(question.confirmed):
        sure.click()


def test_that_segments_wrap_where_they_have_no_room(qtbot: QtBot, page: QWidget) -> None:
    words = ("Connect", "Requests", "Models", "Keys", "Options")
    segments = Segments("Page", words, page)
    segments.show()
    segments.resize(segments.sizeHint())
    tops = {
        segments.button(place).mapTo(segments, segments.rect().topLeft()).y() for place in range(5)
    }
    assert len(tops) == 1
    segments.resize(segments.sizeHint().width() // 2, segments.height())
    qtbot.waitUntil(lambda: segments.button(4).pos().y() > segments.button(0).pos().y())
    assert segments.minimumSizeHint().width() < segments.sizeHint().width() // 2
    rights = [segments.button(place).geometry().right() for place in range(5)]
    assert max(rights) <= segments.width()
