from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from pytestqt.qtbot import QtBot

from app.lists.downloads_list import DownloadsList
from app.lists.row_list import ListRole
from app.lists.shelf_table import Check, Column, ShelfLine, ShelfTable, origin_text
from app.lists.sizes import day_text
from app.lists.text_table import TextTable
from engine.download.values import Download, DownloadPhase
from engine.errors import HubUnreachable
from engine.library.files import Origin, Soundness
from tests.support.things import shelf_model

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


class ModelTester(Protocol):
    """pytest-qt's `qtmodeltester`, with types."""

    def check(self, model: QAbstractItemModel) -> None: ...


def line(
    name: str, *, size: int = 10, parameters: int | None = 1, used_at: str | None = None
) -> ShelfLine:
    model = replace(
        shelf_model(name), size_bytes=size, parameters=parameters, used_at=used_at, name=None
    )
    return ShelfLine(model=model)


def names(table: ShelfTable) -> list[str]:
    return [row.model.id for row in table.rows]


def text(table: ShelfTable, row: int, column: Column) -> str:
    return str(table.index(row, column).data())


@pytest.fixture
def table(qtbot: QtBot) -> ShelfTable:
    table = ShelfTable(now=lambda: NOW)
    table.replace([line("b", size=30), line("c", size=5, parameters=None), line("a", size=20)])
    return table


def test_that_rows_are_sorted_by_any_column_and_the_unknown_come_last(
    table: ShelfTable, qtmodeltester: ModelTester
) -> None:
    assert names(table) == ["a", "b", "c"]
    table.sort(Column.SIZE, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["b", "a", "c"]
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sort(Column.PARAMETERS, order)
        assert names(table)[-1] == "c"
    for column in Column:
        table.sort(column, Qt.SortOrder.AscendingOrder)
        assert set(names(table)) == {"a", "b", "c"}
    qtmodeltester.check(table)


def test_that_a_search_looks_at_name_quantization_kind_and_origin(table: ShelfTable) -> None:
    ollama = replace(line("d").model, origin=Origin.OLLAMA)
    table.replace([*table.lines, ShelfLine(model=ollama)])
    for words, found in (("OLLAMA q4", ["d"]), ("llama", ["a", "b", "c", "d"]), ("zzz", [])):
        table.search(words)
        assert names(table) == found
    table.search("")
    assert len(names(table)) == 4


def test_that_duplicates_stand_side_by_side(table: ShelfTable) -> None:
    twins = {"a": ("c",), "c": ("a",)}
    table.replace([replace(row, twins=twins.get(row.model.id, ())) for row in table.lines])
    table.show_twins(only=True)
    assert names(table) == ["a", "c"]
    assert text(table, 0, Column.STATE) == "Same bytes as c"
    table.show_twins(only=False)
    assert names(table) == ["a", "b", "c"]


def test_that_progress_redraws_one_row_and_moves_none(table: ShelfTable, qtbot: QtBot) -> None:
    changed: list[tuple[int, int]] = []

    def note(first: QModelIndex, last: QModelIndex) -> None:
        changed.append((first.row(), last.row()))

    table.dataChanged.connect(note)
    with qtbot.assertNotEmitted(table.modelReset):
        table.renew({"b": replace(table.rows[1], check=Check(fraction=0.426))})
    assert changed == [(1, 1)]
    assert text(table, 1, Column.STATE) == "Verifying, 42 %"


@pytest.mark.parametrize(
    ("used_at", "said"),
    [
        (None, "never"),
        ("2026-03-10T00:10:00+00:00", "today"),
        ("2026-03-09T23:50:00", "yesterday"),
        ("2026-03-01T12:00:00+00:00", "9 days ago"),
        ("2025-03-01T12:00:00+00:00", day_text(date(2025, 3, 1))),
    ],
)
def test_that_the_last_use_is_told_as_people_say_it(
    table: ShelfTable, used_at: str | None, said: str
) -> None:
    table.replace([line("a", used_at=used_at)])
    assert text(table, 0, Column.USED) == said


def test_that_every_state_is_told(table: ShelfTable) -> None:
    row = line("a")
    broken = replace(row.model, broken="It ends early.")
    said: list[str] = []
    for shown in (
        replace(row, loaded=True, newer=True),
        replace(row, model=broken),
        replace(row, check=Check()),
        *(replace(row, check=Check(soundness=found)) for found in Soundness),
        replace(row, model=broken, check=Check(failure="It cannot be read.")),
    ):
        table.replace([shown])
        said.append(text(table, 0, Column.STATE).split(":")[0])
    assert said == [
        "Loaded · Newer upstream",
        "It ends early.",
        "Waiting to be verified",
        "Verified",
        "Damaged",
        "Read through; nobody published a hash to compare with",
        "It cannot be read.",
    ]


def test_that_every_origin_has_a_badge() -> None:
    assert len({origin_text(origin) for origin in Origin}) == len(Origin)


def test_that_a_transfer_says_its_phase_or_its_failure(
    qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    transfers = DownloadsList()
    rows = [
        Download(id=phase.value, phase=phase, received_bytes=0, total_bytes=1)
        for phase in DownloadPhase
    ]
    failed = replace(rows[0], id="x", phase=DownloadPhase.FAILED, failure="The disk is full.")
    transfers.replace([*rows, failed])
    details = [transfers.index(row).data(ListRole.DETAIL) for row in range(len(rows) + 1)]
    assert len(set(details)) == len(details)
    assert details[-1] == "The disk is full."
    assert HubUnreachable.remedy not in details
    qtmodeltester.check(transfers)


def test_that_a_dragged_transfer_says_where_it_is_to_go(qtbot: QtBot) -> None:
    transfers = DownloadsList()
    transfers.replace(
        [
            Download(id=name, phase=DownloadPhase.QUEUED, received_bytes=0, total_bytes=1)
            for name in "abc"
        ]
    )
    moved: list[tuple[str, int]] = []
    transfers.moved.connect(lambda name, place: moved.append((name, place)))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    carried = transfers.mimeData([transfers.index(0)])
    for row in (3, 0, -1):
        transfers.dropMimeData(carried, Qt.DropAction.MoveAction, row, 0, QModelIndex())
    assert moved == [("a", 2), ("a", 0), ("a", 2)]
    assert [row.id for row in transfers.rows] == ["a", "b", "c"]  # the queue itself decides


def test_that_a_table_of_texts_is_searched(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    texts = TextTable(("Key", "Value"), [("general.name", "Tiny"), ("llama.block_count", "30")])
    texts.search("TINY")
    assert [texts.index(row, 0).data() for row in range(texts.rowCount())] == ["general.name"]
    texts.search("")
    assert texts.rowCount() == 2
    assert texts.headerData(1, Qt.Orientation.Horizontal) == "Value"
    qtmodeltester.check(texts)


def test_that_files_are_in_the_tip_of_a_row(table: ShelfTable) -> None:
    tip = table.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert str(Path("a.gguf")) in tip
