"""The placement panel, driven as a person would: mouse, keys, fields and pins."""

import statistics
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.presenters.placement.presenter import PlacementPresenter
from app.views.placement.pinning import PinButton
from app.views.placement.placement_dialog import PlacementDialog
from engine.config import LoadWish
from engine.errors import BadRequest
from engine.fit.saying import say
from engine.host.facts import Phase
from engine.library.shelf_model import ShelfModel
from tests.app.views.conftest import Shown
from tests.support.pace import allowed
from tests.support.plans import GIB, PlannedMachine

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints"),
    pytest.mark.usefixtures("few_objects"),
]

FRAME_SECONDS = 0.016


def big_model(name: str = "big", *, experts: int | None = None) -> ShelfModel:
    return ShelfModel(
        id=name,
        files=(),
        size_bytes=20 * GIB,
        architecture="qwen3",
        quantization="Q4_K_M",
        layers=63,
        experts=experts,
        trained_context_tokens=131072,
    )


@pytest.fixture
def panel(qtbot: QtBot, shown: Shown) -> Iterator[PlacementDialog]:
    """The panel of a big model on two cards, with its first plan."""
    shown.engine.shelf = (big_model(),)
    shown.engine.rig = PlannedMachine(
        cards=(("NVIDIA GeForce RTX 4090", 24 * GIB, GIB), ("RTX 3090", 24 * GIB, 0))
    )
    shown.start(qtbot)
    yield opened(qtbot, shown)
    settled(qtbot, shown)


def opened(qtbot: QtBot, shown: Shown, model: str | None = None) -> PlacementDialog:
    dialog = shown.window.open_placement(model)
    assert isinstance(dialog, PlacementDialog)
    qtbot.waitExposed(dialog)
    settled(qtbot, shown)
    return dialog


def settled(qtbot: QtBot, shown: Shown) -> PlacementPresenter:
    qtbot.waitUntil(lambda: not shown.screens.placement.planning)
    return shown.screens.placement


def drag(handle: QWidget, by: int) -> None:
    """By that many pixels; the handle moves along under the pointer."""
    start = handle.mapToParent(handle.rect().center())
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromParent(start))
    for step in range(1, 5):
        QTest.mouseMove(handle, handle.mapFromParent(start + QPoint(by * step // 4, 0)))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton)


def test_that_a_boundary_dragged_by_the_mouse_moves_whole_layers(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    row = panel.layers.layers
    step = row.width() / 64
    handle = row.handles[1]
    drag(handle, round(-9 * step))
    placement = settled(qtbot, shown)
    assert placement.wish.layer_counts == (23, 41)
    assert "23 layers" in handle.accessibleDescription()
    assert placement.plan is not None
    assert placement.plan.layout.layer_counts == (23, 41)


def test_that_a_boundary_moves_by_keys(qtbot: QtBot, shown: Shown, panel: PlacementDialog) -> None:
    handle = panel.layers.layers.handles[1]
    handle.setFocus()
    placement = shown.screens.placement
    for key, shift, counts in (
        (Qt.Key.Key_Right, False, (33, 31)),
        (Qt.Key.Key_Left, True, (25, 39)),
        (Qt.Key.Key_Left, False, (24, 40)),
    ):
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(handle, key, held)
        assert placement.wish.layer_counts == counts
    QTest.keyClick(handle, Qt.Key.Key_End)
    assert placement.wish == LoadWish(devices=(0,), gpu_layers=64)
    settled(qtbot, shown)


def test_that_layers_go_to_ram_by_keys(qtbot: QtBot, shown: Shown, panel: PlacementDialog) -> None:
    handle = panel.layers.layers.handles[0]
    assert handle.accessibleName() == "Boundary between RAM and GPU 0"
    QTest.keyClick(handle, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    placement = settled(qtbot, shown)
    assert placement.wish.layer_counts == (24, 32)
    assert placement.places[-1].parts[0].kind == "weights"


def test_that_experts_are_dragged_to_ram(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.shelf = (big_model("moe", experts=128),)
    shown.start(qtbot)
    panel = opened(qtbot, shown)
    assert panel.layers.experts.isVisible()
    handle = panel.layers.experts.handles[0]
    QTest.keyClick(handle, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    placement = settled(qtbot, shown)
    assert placement.wish.cpu_experts == 8
    assert panel.knobs.cpu_experts.value() == 8


def test_that_a_dense_model_has_no_experts_to_drag(panel: PlacementDialog) -> None:
    assert not panel.layers.experts.isVisible()
    assert not panel.knobs.cpu_experts.isVisible()


def test_that_the_pins_of_fields_hold_and_let_go(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    knobs, placement = panel.knobs, shown.screens.placement
    knobs.context.setFocus()
    knobs.context.selectAll()
    QTest.keyClicks(knobs.context, "5000")
    QTest.keyClick(knobs.context, Qt.Key.Key_Tab)
    knobs.cache_type.setFocus()
    QTest.keyClick(knobs.cache_type, Qt.Key.Key_Down)
    knobs.streams.stepUp()
    settled(qtbot, shown)
    assert placement.wish == LoadWish(context_tokens=5000, cache_type="q8_0", streams=5)
    pins = {pin.accessibleName(): pin for pin in panel.findChildren(PinButton) if pin.isChecked()}
    assert len(pins) == 3
    pin = next(pin for name, pin in pins.items() if name.startswith("Streams"))
    QTest.mouseClick(pin, Qt.MouseButton.LeftButton)
    settled(qtbot, shown)
    assert placement.wish.streams is None
    assert knobs.streams.value() == 4
    assert "automatic" in pin.accessibleName()
    QTest.mouseClick(panel.automatic, Qt.MouseButton.LeftButton)
    settled(qtbot, shown)
    assert placement.wish == LoadWish()
    assert knobs.context.value() == 8192


def test_that_the_slider_moves_the_context_in_powers(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    slider = panel.knobs.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert shown.screens.placement.wish.context_tokens == 16384
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert shown.screens.placement.wish.context_tokens == 20480
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert shown.screens.placement.wish.context_tokens == 131072
    settled(qtbot, shown)
    assert panel.knobs.context.value() == 131072


def test_that_tensor_split_is_refused_with_its_reason(qtbot: QtBot, shown: Shown) -> None:
    reason = "Tensor split needs more than one card."
    shown.engine.shelf = (big_model(),)
    shown.engine.rig = PlannedMachine(
        cards=(("A", 24 * GIB, 0), ("B", 24 * GIB, 0)), tensor_refusal=say(reason)
    )
    shown.start(qtbot)
    box = opened(qtbot, shown).knobs.split_mode
    index = box.model().index(box.findData("tensor"), 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
    assert index.data(Qt.ItemDataRole.ToolTipRole) == reason


def test_that_a_card_is_switched_off_and_on(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    card = panel.cards[1]
    QTest.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    placement = settled(qtbot, shown)
    assert placement.wish.devices == (0,)
    assert not card.bar.isEnabled()
    QTest.keyClick(card.switch, Qt.Key.Key_Space)
    settled(qtbot, shown)
    assert placement.wish == LoadWish()
    assert card.bar.isEnabled()


def test_that_a_card_s_reserve_is_pinned_by_its_field(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    card = panel.cards[0]
    card.reserve.setValue(2.0)
    placement = settled(qtbot, shown)
    assert placement.wish.reserve_bytes == {0: 2 * GIB}
    assert card.reserve_pin.isChecked()
    QTest.mouseClick(card.reserve_pin, Qt.MouseButton.LeftButton)
    settled(qtbot, shown)
    assert placement.wish == LoadWish()


def test_that_ratios_are_typed(qtbot: QtBot, shown: Shown, panel: PlacementDialog) -> None:
    ratios = panel.knobs.ratios
    ratios.setFocus()
    ratios.selectAll()
    QTest.keyClicks(ratios, "3, 1")
    QTest.keyClick(ratios, Qt.Key.Key_Tab)
    placement = settled(qtbot, shown)
    assert placement.wish.tensor_split == (3.0, 1.0)
    assert placement.plan is not None
    assert placement.plan.layout.layer_counts == (48, 16)


def test_that_an_alternative_is_adopted_by_a_click(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    assert "one more RTX 3090" in panel.advice.words
    QTest.mouseClick(panel.advice.alternatives[0], Qt.MouseButton.LeftButton)
    placement = settled(qtbot, shown)
    assert placement.wish == LoadWish(cache_type="q8_0", context_tokens=4096)


def test_that_what_does_not_fit_is_marked_and_told(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    assert panel.cards[0].bar.over_fraction == 0
    panel.layers.layers.moved.emit(1, 60)
    shown.screens.placement.pin("context_tokens", 131072)
    settled(qtbot, shown)
    assert panel.cards[0].bar.over_fraction > 0
    assert panel.load.text() == "Load anyway"
    assert "one more RTX 3090" in panel.notice


def test_that_a_load_does_what_is_shown_and_then_tells_what_it_took(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    panel.layers.layers.moved.emit(1, 30)
    placement = settled(qtbot, shown)
    shown.engine.load_holds = True
    QTest.mouseClick(panel.load, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: placement.phase is Phase.LOADING and placement.fraction == 0.5)
    assert not panel.load.isEnabled()
    shown.bridge.tell(lambda _: shown.engine.let_load())
    qtbot.waitUntil(panel.outcome.isVisible)
    wished = LoadWish(devices=(0, 1), layer_counts=(30, 34))
    assert shown.engine.loads[-1] == ("big", wished)
    for said in ("GPU 0", "GPU 1", "tok/s", "measured"):
        assert said in panel.outcome.words
    panel.reject()
    again = opened(qtbot, shown)
    assert shown.screens.placement.wish == wished
    assert again.outcome.isVisible()


def test_that_an_unreadable_model_is_told_in_its_own_sentence(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.shelf = (big_model(),)
    shown.engine.plan_failure = BadRequest("The header ends too soon.", remedy="Fetch it again.")
    shown.start(qtbot)
    panel = opened(qtbot, shown)
    assert panel.notice == "The header ends too soon. Fetch it again."
    assert not panel.load.isEnabled()


def test_that_a_computer_without_cards_shows_the_ram_alone(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.shelf = (big_model(),)
    shown.engine.rig = PlannedMachine(cards=())
    shown.start(qtbot)
    panel = opened(qtbot, shown)
    assert list(panel.cards) == [None]
    assert not panel.layers.isVisible()
    assert not panel.knobs.split_mode.isVisible()


def test_that_eight_cards_have_their_places_in_order_in_a_narrow_window(
    qtbot: QtBot, shown: Shown
) -> None:
    name = "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition"
    shown.engine.shelf = (big_model("a-very-long-name/" + "of-a-model-" * 12 + "GGUF:Q4_K_M"),)
    shown.engine.rig = PlannedMachine(cards=((name, 96 * GIB, 0),) * 8)
    shown.start(qtbot)
    panel = opened(qtbot, shown)
    panel.resize(panel.minimumSize())
    assert panel.width() < 700
    tops = [panel.cards[number].y() for number in (*range(8), None)]
    assert tops == sorted(tops)
    assert len(panel.layers.layers.handles) == 8


def test_that_a_drag_over_eight_cards_costs_the_window_less_than_a_frame(
    qtbot: QtBot, shown: Shown
) -> None:
    shown.engine.shelf = (big_model("moe", experts=128),)
    shown.engine.rig = PlannedMachine(cards=(("RTX PRO 6000", 96 * GIB, GIB),) * 8)
    shown.start(qtbot)
    panel = opened(qtbot, shown)
    costs: list[float] = []
    for step in range(12):
        before = time.thread_time()  # what others do on this machine is not ours
        panel.layers.layers.want(4, 30 + step % 4)
        panel.layers.repaint()
        costs.append(time.thread_time() - before)
        settled(qtbot, shown)
        before = time.thread_time()
        shown.screens.placement.changed.emit()  # as the answer does
        panel.repaint()
        costs.append(time.thread_time() - before)
    assert statistics.median(costs) < allowed(FRAME_SECONDS)


def test_that_everything_has_a_name_and_tab_reaches_the_boundaries(
    qtbot: QtBot, shown: Shown, panel: PlacementDialog
) -> None:
    nameless = [
        thing
        for kind in (QAbstractButton, QLineEdit, QComboBox, QSpinBox)
        for thing in panel.findChildren(kind)
        if not thing.accessibleName()
        and not (isinstance(thing, QAbstractButton) and thing.text())
        and not thing.objectName().startswith("qt_")
    ]
    assert nameless == []
    panel.activateWindow()
    panel.cards[0].switch.setFocus()
    qtbot.waitUntil(panel.cards[0].switch.hasFocus)
    reached: set[QWidget | None] = set()
    for _ in range(40):
        holder = QApplication.focusWidget()
        reached.add(holder)
        assert holder is not None
        QTest.keyClick(holder, Qt.Key.Key_Tab)
    assert set(panel.layers.layers.handles) <= reached
    assert {panel.load, panel.knobs.slider, panel.advice.alternatives[0]} <= reached


def test_that_the_menu_and_a_key_open_the_panel(qtbot: QtBot, shown: Shown) -> None:
    shown.engine.shelf = (big_model("first"), big_model("second"))
    shown.start(qtbot)
    shown.window.activateWindow()
    qtbot.waitUntil(shown.window.composer.edit.hasFocus)
    control = Qt.KeyboardModifier.ControlModifier
    control |= Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(shown.window.composer.edit, Qt.Key.Key_G, control)
    qtbot.waitUntil(lambda: shown.screens.placement.model == "first")
    settled(qtbot, shown)
    shown.window.findChildren(PlacementDialog)[0].reject()
    assert shown.screens.placement.model is None
    shown.window.header.picker.placement_wanted.emit("second")
    assert shown.screens.placement.model == "second"
    settled(qtbot, shown)
