"""The sidebar's tree: what stands where, what stays through a change, what falls where."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from pytestqt.qtbot import QtBot

from app.lists.chats_order import Heading, in_order
from app.lists.chats_tree import PAGE, ChatsTree
from app.lists.row_list import ListRole
from app.store.values import Chat, Folder
from tests.support.pace import allowed, spent

pytestmark = pytest.mark.usefixtures("few_objects")

# A Wednesday.
NOW = datetime(2026, 3, 11, 9, 0, tzinfo=timezone(timedelta(hours=8)))


class ModelTester(Protocol):
    """pytest-qt's `qtmodeltester`, with types."""

    def check(self, model: QAbstractItemModel) -> None: ...


def chat(
    number: int, *, hours_ago: float = 0.0, folder_id: int | None = None, pinned: bool = False
) -> Chat:
    moment = (NOW - timedelta(hours=hours_ago)).astimezone(UTC)
    return Chat(
        id=number,
        title=f"Chat {number}",
        created_at=moment,
        updated_at=moment,
        model=None,
        folder_id=folder_id,
        pinned=pinned,
    )


def folder(number: int, position: int) -> Folder:
    return Folder(id=number, name=f"Folder {number}", position=position)


def words(tree: ChatsTree, parent: QModelIndex | None = None) -> list[str]:
    parent = parent or QModelIndex()
    return [tree.index(row, 0, parent).data() for row in range(tree.rowCount(parent))]


FOLDERS = (folder(2, 1), folder(1, 0))
CHATS = (
    chat(7),
    chat(6, hours_ago=1, pinned=True),
    chat(5, hours_ago=20),
    chat(4, hours_ago=40),
    chat(3, hours_ago=100, folder_id=1),
    chat(2, hours_ago=24 * 9),
    chat(1, hours_ago=24 * 40),
)


@pytest.fixture
def tree(qtbot: QtBot) -> ChatsTree:
    tree = ChatsTree()
    tree.show(in_order(CHATS, FOLDERS, NOW))
    return tree


def test_that_chats_stand_where_a_person_looks_for_them(
    tree: ChatsTree, qtmodeltester: ModelTester
) -> None:
    assert words(tree) == [
        *("Pinned", "Chat 6", "Folders", "Folder 1", "Folder 2"),
        *("Today", "Chat 7", "Yesterday", "Chat 5", "This week", "Chat 4"),
        *("This month", "Chat 2", "Older", "Chat 1"),
    ]
    assert words(tree, tree.index_of_folder(1)) == ["Chat 3"]
    qtmodeltester.check(tree)


def test_that_days_are_those_of_the_person_s_own_calendar() -> None:
    at_night = chat(1, hours_ago=9.5)
    order = in_order((at_night,), (), NOW)
    (heading, _) = order.lines
    assert isinstance(heading, Heading)
    assert heading.section.value == "yesterday"


def test_that_a_change_moves_only_what_it_changes(tree: ChatsTree, qtbot: QtBot) -> None:
    last = tree.rowCount() - 1
    held = tree.index(last, 0)
    removed: list[tuple[int, int]] = []
    inserted: list[tuple[int, int]] = []

    def remove(_: QModelIndex, first: int, end: int) -> None:
        removed.append((first, end))

    def insert(_: QModelIndex, first: int, end: int) -> None:
        inserted.append((first, end))

    tree.rowsRemoved.connect(remove)
    tree.rowsInserted.connect(insert)
    with qtbot.assertNotEmitted(tree.modelReset):
        tree.show(in_order((chat(8), *CHATS), FOLDERS, NOW))
    assert (removed, inserted) == ([], [(6, 6)])
    assert held.isValid()
    moved = tuple(chat(3, hours_ago=100, folder_id=2) if one.id == 3 else one for one in CHATS)
    tree.show(in_order(moved, FOLDERS, NOW))
    assert words(tree, tree.index_of_folder(1)) == []
    assert words(tree, tree.index_of_folder(2)) == ["Chat 3"]
    assert tree.index_of(3).parent() == tree.index_of_folder(2)


def test_that_folders_come_go_and_change_places(
    tree: ChatsTree, qtmodeltester: ModelTester
) -> None:
    tree.show(in_order(CHATS, (folder(1, 1), folder(2, 0), folder(3, 2)), NOW))
    assert words(tree)[3:6] == ["Folder 2", "Folder 1", "Folder 3"]
    assert words(tree, tree.index_of_folder(1)) == ["Chat 3"]
    tree.show(in_order(CHATS, (folder(2, 0),), NOW))
    assert "Folder 1" not in words(tree)
    assert "Chat 3" in words(tree)
    qtmodeltester.check(tree)
    tree.show(in_order((), (), NOW))
    assert words(tree) == []


def test_that_what_is_dropped_falls_where_it_was_let_go(tree: ChatsTree) -> None:
    load = tree.mimeData([tree.index_of(7), tree.index_of(1)])
    fallen: list[object] = []

    def fall(chats: tuple[int, ...], spot: object) -> None:
        fallen.append((chats, spot))

    tree.chats_dropped.connect(fall)
    move = Qt.DropAction.MoveAction
    places = (
        (tree.index_of_folder(2), "into a folder"),
        (tree.index_of(3), "on a chat in a folder"),
        (tree.index_of(6), "on a pinned chat"),
        (tree.index_of(5), "on a chat in none"),
        (QModelIndex(), "below all rows"),
    )
    for place, _ in places:
        assert tree.dropMimeData(load, move, -1, -1, place)
    assert fallen == [((7, 1), spot) for spot in (2, 1, "pinned", "loose", "loose")]
    assert not tree.canDropMimeData(load, move, -1, -1, tree.index(2, 0))
    tree.fixed = True
    assert not tree.dropMimeData(load, move, -1, -1, tree.index_of_folder(2))


def test_that_a_folder_is_dropped_among_folders_alone(tree: ChatsTree) -> None:
    load = tree.mimeData([tree.index_of_folder(1)])
    fallen: list[tuple[int, int]] = []

    def fall(number: int, rank: int) -> None:
        fallen.append((number, rank))

    tree.folder_dropped.connect(fall)
    move = Qt.DropAction.MoveAction
    assert tree.dropMimeData(load, move, 5, 0, QModelIndex())
    assert tree.dropMimeData(load, move, -1, -1, tree.index_of_folder(2))
    assert not tree.dropMimeData(load, move, -1, -1, tree.index_of(5))
    assert fallen == [(1, 2), (1, 1)]


def test_that_ten_thousand_chats_cost_a_page(qtbot: QtBot) -> None:
    tree = ChatsTree()
    many = tuple(chat(10_000 - number, hours_ago=number) for number in range(10_000))
    order = in_order(many, (), NOW)
    cost = spent(lambda: tree.show(order))
    assert tree.rowCount() == PAGE
    assert cost < allowed(0.1)
    tree.fetchMore(QModelIndex())
    assert tree.rowCount() == 2 * PAGE
    tree.show(in_order((chat(20_000), *many), (), NOW))
    assert tree.rowCount() == 2 * PAGE
    assert tree.index_of(20_000).row() == 1


def test_that_a_screen_reader_hears_what_a_row_is(tree: ChatsTree) -> None:
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert tree.index_of(6).data(spoken) == "Chat 6, pinned"
    assert tree.index_of_folder(1).data(spoken) == "Folder Folder 1, chats: 1"
    tree.mark(5)
    assert tree.index_of(5).data(ListRole.CURRENT) is True
    tree.mark(None)
    assert tree.index_of(5).data(ListRole.CURRENT) is False
