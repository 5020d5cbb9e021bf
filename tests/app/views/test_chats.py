"""The window's left side: by mouse and by keyboard."""

from collections.abc import Callable
from time import thread_time

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from app.presenters.keeping import Form
from app.store.values import Chat, StoredMessage
from app.views.chat.chats_panel import ChatsPanel
from engine.chat import Role
from tests.app.views.conftest import Shown
from tests.support.pace import allowed

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.usefixtures("few_objects"),
]


def said(shown: Shown, title: str, *words: str) -> Chat:
    store = shown.screens.chats._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    chat = store.new(title=title)
    last: int | None = None
    for number, text in enumerate(words):
        role = Role.ASSISTANT if number % 2 else Role.USER
        last = store.append(chat.id, StoredMessage(role=role, content=text, parent_id=last)).id
    shown.screens.chats.list_again()
    return chat


def panel(shown: Shown) -> ChatsPanel:
    return shown.window.sidebar.panel


def titles(shown: Shown) -> list[str]:
    tree = shown.screens.chats.tree
    tops = [tree.index(row, 0) for row in range(tree.rowCount())]
    below = [tree.index(row, 0, top) for top in tops for row in range(tree.rowCount(top))]
    return [index.data() for index in (*tops, *below)]


def choose(shown: Shown, *chats: Chat) -> None:
    view = panel(shown).tree
    view.setFocus()
    view.clearSelection()
    for chat in chats:
        index = shown.screens.chats.tree.index_of(chat.id)
        view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)


def pick(menu: QMenu | None, words: str) -> None:
    """Click that line, wherever it stands in the menu."""
    assert menu is not None
    actions = [*menu.actions(), *(one for sub in menu.findChildren(QMenu) for one in sub.actions())]
    next(action for action in actions if action.text() == words).trigger()
    menu.close()


def press(shown: Shown, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(panel(shown).tree, key, modifier or Qt.KeyboardModifier.NoModifier)


def answer_question(shown: Shown, words: str) -> None:
    question = shown.window.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    next(button for button in question.buttons() if button.text() == words).click()


def test_that_enter_and_a_click_open_a_chat(qtbot: QtBot, shown: Shown) -> None:
    one, two = said(shown, "One", "a"), said(shown, "Two", "b")
    choose(shown, one)
    press(shown, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.screens.chat.chat is not None)
    assert shown.screens.chats.current == one.id
    view = panel(shown).tree
    place = view.visualRect(shown.screens.chats.tree.index_of(two.id)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown.screens.chats.current == two.id
    assert view.currentIndex().data() == "Two"


def test_that_f2_renames_chats_and_folders_in_place(qtbot: QtBot, shown: Shown) -> None:
    one = said(shown, "One", "a")
    choose(shown, one)
    press(shown, Qt.Key.Key_F2)
    write(shown, "Fruit")
    qtbot.waitUntil(lambda: "Fruit" in titles(shown))
    panel(shown).menu.make_folder()
    write(shown, "Garden")
    qtbot.waitUntil(lambda: "Garden" in titles(shown))


def write(shown: Shown, words: str) -> None:
    editors = panel(shown).tree.viewport().findChildren(QLineEdit)
    (editor,) = (one for one in editors if one.isVisible())
    editor.setText(words)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def test_that_delete_moves_to_trash_without_a_question_and_undo_brings_back(
    qtbot: QtBot, shown: Shown
) -> None:
    one, two = said(shown, "One", "a"), said(shown, "Two", "b")
    shown.screens.chats.open(two.id)
    choose(shown, one, two)
    press(shown, Qt.Key.Key_Delete)
    assert shown.window.findChild(QMessageBox) is None
    assert shown.screens.chat.chat is None
    assert titles(shown) == []
    assert panel(shown).undo.sentence == "2 moved to trash"
    panel(shown).undo.undo.click()
    assert titles(shown)[1:] == ["Two", "One"]
    assert shown.screens.chats.current == two.id
    assert panel(shown).undo.sentence == ""
    choose(shown, one)
    press(shown, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | _SHIFT)
    assert "One" not in titles(shown)
    press(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "One" in titles(shown)


_SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_that_the_trash_is_emptied_only_after_a_question(qtbot: QtBot, shown: Shown) -> None:
    one, two = said(shown, "One", "a"), said(shown, "Two", "b")
    shown.screens.chats.trash([one.id, two.id])
    panel(shown).turn_to("trash")
    assert "Two" in titles(shown)
    choose(shown, one)
    pick(panel(shown).menu.menu(), "Restore")
    assert "One" not in titles(shown)
    panel(shown).empty.click()
    answer_question(shown, "Keep")
    assert "Two" in titles(shown)
    shown.window.findChild(QMessageBox).deleteLater()  # pyright: ignore[reportOptionalMemberAccess]
    qtbot.waitUntil(lambda: shown.window.findChild(QMessageBox) is None)
    panel(shown).empty.click()
    answer_question(shown, "Delete")
    qtbot.waitUntil(lambda: titles(shown) == [])
    assert panel(shown).nothing == "The trash is empty."
    panel(shown).turn_to("chats")
    assert titles(shown)[1:] == ["One"]


def test_that_chats_move_into_folders_by_menu_and_by_mouse(qtbot: QtBot, shown: Shown) -> None:
    one, two = said(shown, "One", "a"), said(shown, "Two", "b")
    chats = shown.screens.chats
    work = chats.new_folder("Work & play")
    assert work is not None
    choose(shown, one)
    pick(panel(shown).menu.menu(), "Work && play")
    assert chats.tree.chats_in(work) == 1
    load = chats.tree.mimeData([chats.tree.index_of(two.id)])
    folder = chats.tree.index_of_folder(work)
    assert chats.tree.dropMimeData(load, Qt.DropAction.MoveAction, -1, -1, folder)
    assert chats.tree.chats_in(work) == 2
    view = panel(shown).tree
    assert view.isExpanded(chats.tree.index_of_folder(work))
    view.setCurrentIndex(chats.tree.index_of_folder(work))
    press(shown, Qt.Key.Key_Left)
    assert not chats.folders[0].is_open
    press(shown, Qt.Key.Key_Return)
    assert chats.folders[0].is_open
    choose(shown, one, two)
    pick(panel(shown).menu.menu(), "No folder")
    assert chats.tree.chats_in(work) == 0
    view.setCurrentIndex(chats.tree.index_of_folder(work))
    pick(panel(shown).menu.menu(), "Remove folder, keep its chats")
    assert "Work & play" not in titles(shown)


def test_that_pinned_chats_stand_first(shown: Shown) -> None:
    one = said(shown, "One", "a")
    said(shown, "Two", "b")
    choose(shown, one)
    press(shown, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | _SHIFT)
    assert titles(shown) == ["Pinned", "One", "Today", "Two"]
    pick(panel(shown).menu.menu(), "Unpin")
    assert titles(shown) == ["Today", "Two", "One"]


def test_that_a_search_goes_by_keyboard_from_letters_to_the_message(
    qtbot: QtBot, shown: Shown
) -> None:
    said(shown, "Fruit", "What about apples?", "They are round.")
    said(shown, "Other", "Nothing here")
    left = panel(shown)
    left.search.setFocus()
    QTest.keyClicks(left.search, "apple")
    qtbot.waitUntil(lambda: len(shown.screens.chats.finding.found.rows) == 1)
    assert left.found.isVisible()
    QTest.keyClick(left.search, Qt.Key.Key_Down)
    qtbot.waitUntil(left.found.hasFocus)
    left.found.grab()
    with qtbot.waitSignal(shown.screens.chats.message_wanted):
        QTest.keyClick(left.found, Qt.Key.Key_Return)
    assert shown.screens.chat.chat is not None
    assert shown.screens.chat.chat.title == "Fruit"
    QTest.keyClick(left.found, Qt.Key.Key_Escape)
    assert left.tree.isVisible()
    QTest.keyClicks(left.search, "zebra")
    qtbot.waitUntil(lambda: left.nothing == "No hits for “zebra”")
    QTest.keyClick(left.search, Qt.Key.Key_Escape)
    assert left.search.text() == ""
    assert left.tree.isVisible()


def test_that_a_chat_is_exported_where_the_dialog_says(
    qtbot: QtBot, shown: Shown, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = said(shown, "One", "a", "b")
    to = tmp_path_factory.mktemp("out") / "One.md"
    dialog = panel(shown).dialogs.export((one.id,), Form.MARKDOWN)
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(to))
    dialog.close()
    qtbot.waitUntil(to.exists)
    qtbot.waitUntil(lambda: panel(shown).strip.sentence == f"Exported to {to}")
    panel(shown).strip.stop.click()
    assert panel(shown).strip.sentence == ""


def test_that_restoring_asks_first(qtbot: QtBot, shown: Shown, tmp_path: object) -> None:
    said(shown, "One", "a")
    dialog = panel(shown).dialogs.restore()
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    question = shown.window.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    assert not shown.screens.keeping.busy
    question.reject()


def test_that_the_menu_opens_where_the_keyboard_is(qtbot: QtBot, shown: Shown) -> None:
    one = said(shown, "One", "a")
    choose(shown, one)
    panel(shown).menu.open(QPoint(10, 10))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()


def test_that_ten_thousand_chats_open_and_scroll_within_a_frame(qtbot: QtBot, shown: Shown) -> None:
    store = shown.screens.chats._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    connection = store._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    with connection:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO chats (title, created_at, updated_at) VALUES (?, ?, ?)",
            [(f"Chat {number}", 1e9 + number, 1e9 + number) for number in range(10_000)],
        )
    listed = cost(shown.screens.chats.list_again)
    view = panel(shown).tree
    painted = cost(lambda: view.viewport().repaint())
    bar = view.verticalScrollBar()
    steps: list[float] = []
    for _ in range(200):

        def step() -> None:
            bar.setValue(bar.value() + 120)
            view.viewport().repaint()

        steps.append(cost(step))
    said_again = cost(lambda: shown.screens.chats.refresh(5_000))
    steps.sort()
    print(
        f"list {listed:.1f} ms, paint {painted:.1f} ms, scroll p50 {steps[100]:.1f} ms,"
        f" p99 {steps[-3]:.1f} ms, one said something {said_again:.1f} ms"
    )
    assert view.indexAt(view.viewport().rect().center()).isValid()
    assert steps[len(steps) // 2] < allowed(16)
    assert said_again < allowed(100)


def cost(work: Callable[[], object]) -> float:
    began = thread_time()
    work()
    return (thread_time() - began) * 1000


def test_that_a_press_beside_the_rows_keeps_the_mark(shown: Shown) -> None:
    one = said(shown, "One", "a")
    shown.screens.chats.open(one.id)
    view = panel(shown).tree
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, view.height() - 30))
    assert view.currentIndex() != QModelIndex()
    assert view.currentIndex().data() == "One"
