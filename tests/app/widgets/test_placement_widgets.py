"""The panel's own widgets: bars that overflow, grips on one spot, a slider of powers."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.widgets.divided_row import DividedRow, Grip, Stretch
from app.widgets.power_slider import PowerSlider
from app.widgets.stacked_bar import BarPart, StackedBar

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def parts(*sizes: float) -> list[BarPart]:
    return [BarPart(size=size, colour=QColor("blue"), says=f"part of {size:g}") for size in sizes]


def test_that_a_bar_tells_what_lies_under_the_pointer(qtbot: QtBot) -> None:
    bar = StackedBar(QColor("red"))
    qtbot.addWidget(bar)
    bar.resize(200, 26)
    bar.show_parts(parts(40, 10), 100)
    assert bar.over_fraction == 0
    shown = [bar.part_at(x) for x in (10, 90, 150)]
    assert [part.says if part else None for part in shown] == ["part of 40", "part of 10", None]
    assert bar.accessibleDescription() == "part of 40 · part of 10"


def test_that_a_bar_shrinks_its_capacity_when_it_overflows(qtbot: QtBot) -> None:
    bar = StackedBar(QColor("red"))
    qtbot.addWidget(bar)
    bar.show_parts(parts(150, 50), 100)
    assert bar.over_fraction == pytest.approx(0.5)


def divided(qtbot: QtBot, *values: int, total: int = 20) -> DividedRow:
    row = DividedRow()
    qtbot.addWidget(row)
    row.resize(400, 34)
    edges = [0, *values, total]
    stretches = [
        Stretch(size=after - before, colour=QColor("blue"), ink=QColor("white"), says=("x",))
        for before, after in pairwise(edges)
    ]
    grips = [
        Grip(name=f"grip {at}", says="", value=value, least=edges[at], most=edges[at + 2])
        for at, value in enumerate(values)
    ]
    row.show_row(total, stretches, grips)
    row.show()
    qtbot.waitExposed(row)
    return row


def moves_of(row: DividedRow) -> list[tuple[int, int]]:
    moves: list[tuple[int, int]] = []

    def note(grip: int, value: int) -> None:
        moves.append((grip, value))

    row.moved.connect(note)
    return moves


@pytest.mark.parametrize(("by", "asked"), [(60, (1, 13)), (-60, (0, 7))])
def test_that_of_two_grips_on_one_spot_the_one_that_can_move_follows_the_hand(
    qtbot: QtBot, by: int, asked: tuple[int, int]
) -> None:
    row = divided(qtbot, 10, 10)
    moves = moves_of(row)
    handle = row.handles[1]
    centre = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=centre)
    QTest.mouseMove(handle, centre + QPoint(by, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)
    assert moves[-1] == asked


def test_that_a_grip_stops_at_its_neighbours(qtbot: QtBot) -> None:
    row = divided(qtbot, 4, 10)
    moves = moves_of(row)
    QTest.keyClick(row.handles[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(row.handles[1], Qt.Key.Key_Home)
    QTest.keyClick(row.handles[0], Qt.Key.Key_Up)
    assert moves == [(0, 10), (1, 4), (0, 5)]


def test_that_a_slider_of_powers_tells_round_numbers_and_stands_near_any(qtbot: QtBot) -> None:
    slider = PowerSlider(512, 131072)
    qtbot.addWidget(slider)
    told: list[int] = []
    slider.chosen.connect(told.append)
    slider.show_value(8192)
    assert told == []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_End):
        QTest.keyClick(slider, key)
    assert told == [10240, 12288, 24576, 131072]
    slider.set_most(40960)
    assert told == [10240, 12288, 24576, 131072]
    slider.show_value(40960)
    assert slider.value() == slider.maximum()
