"""What long lists cost the window's thread."""

from statistics import median
from time import thread_time

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.lists.finds_list import Find, FindsList
from app.presenters.picker import PickerPresenter
from app.theme.tokens import DARK
from app.views.discover.finds_view import FindsView
from app.views.discover.picker_view import PickerView
from tests.support.discovery import BITS, hit, page, quantization
from tests.support.engine import FakeEngine
from tests.support.pace import allowed

# Qt's offscreen plugin warns so where a window has a smallest size.
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
    pytest.mark.usefixtures("few_objects"),
]

FRAME_MS = 16.0
ROW_MS = 0.3
LABELS = [f"{label}-{number}" for number in range(6) for label in BITS]


def painted(view: FindsView, target: QPixmap) -> float:
    began = thread_time()
    view.viewport().render(target)
    return (thread_time() - began) * 1000


def test_that_two_hundred_repositories_scroll_within_a_frame(qtbot: QtBot) -> None:
    rows = FindsList()
    rows.replace([Find(hit=hit(f"someone/model-{number}-GGUF")) for number in range(200)])
    view = FindsView(rows, "Repositories", DARK)
    qtbot.addWidget(view)
    view.resize(900, 800)
    with qtbot.waitExposed(view):
        view.show()
    target = QPixmap(view.viewport().size())
    bar, costs = view.verticalScrollBar(), list[float]()
    for at in range(0, bar.maximum(), max(1, bar.maximum() // 40)):
        bar.setValue(at)
        costs.append(painted(view, target))
    assert median(costs) < allowed(FRAME_MS / 2)


def test_that_thirty_quantizations_are_planned_and_painted_within_a_frame(
    qtbot: QtBot, bridge: EngineBridge, engine: FakeEngine
) -> None:
    offered = [quantization(label, (30 - at) * 10**9) for at, label in enumerate(LABELS)]
    repository = page(hit("someone/many-GGUF"), offered)
    engine.discovery.pages["someone/many-GGUF"] = repository
    picker = PickerPresenter(bridge)
    view = PickerView(picker, DARK)
    qtbot.addWidget(view)
    view.resize(1000, 1000)
    with qtbot.waitExposed(view):
        view.show()
    bridge.start()
    picker.show(repository)
    qtbot.waitUntil(lambda: not picker.planning)
    assert len(picker.offers) == 30
    target = QPixmap(view.rows.viewport().size())
    costs: list[float] = []
    for _ in range(20):
        began = thread_time()
        view.rows.viewport().render(target)
        costs.append((thread_time() - began) * 1000)
    visible = max(1, view.rows.viewport().height() // view.rows.sizeHintForRow(0))
    assert median(costs) / visible < allowed(ROW_MS)
    began = thread_time()
    picker._fill()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    assert (thread_time() - began) * 1000 < allowed(FRAME_MS)
