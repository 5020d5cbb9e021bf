"""The placement panel's presenter over the fake engine: pins, newest answers, loads."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.placement.presenter import PlacementPresenter
from engine.config import LoadWish
from engine.errors import BadRequest
from engine.events import MachineRead
from engine.host.facts import Phase
from engine.library.shelf_model import ShelfModel
from tests.support.engine import FakeEngine, reading, shelf_model
from tests.support.plans import GIB, PlannedMachine

TWO_CARDS = (("RTX 4090", 24 * GIB, GIB), ("RTX 3090", 24 * GIB, 0))


def big_model(model_id: str = "big", *, experts: int | None = None) -> ShelfModel:
    return ShelfModel(
        id=model_id,
        files=(),
        size_bytes=20 * GIB,
        architecture="qwen3",
        quantization="Q4_K_M",
        layers=63,
        experts=experts,
        trained_context_tokens=131072,
    )


@pytest.fixture
def placement(bridge: EngineBridge, engine: FakeEngine) -> Iterator[PlacementPresenter]:
    engine.shelf = (shelf_model("tiny"), big_model(), big_model("moe", experts=128))
    engine.rig = PlannedMachine(cards=TWO_CARDS)
    placement = PlacementPresenter(bridge)
    yield placement
    placement.close()


def opened(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot, model: str = "big"
) -> None:
    bridge.start()
    placement.open(model)
    settled(placement, qtbot)


def settled(placement: PlacementPresenter, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not placement.planning)


def test_that_every_card_and_the_ram_have_a_place_with_parts_that_add_up(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    assert placement.plan is not None
    assert [place.number for place in placement.places] == [0, 1, None]
    first, second, ram = placement.places
    assert [part.kind for part in first.parts] == [
        *("weights", "kv", "compute", "driver", "other", "reserve")
    ]
    assert first.load_bytes == placement.plan.footprint.cards[0].total
    assert first.taken_bytes + first.free_bytes == first.capacity_bytes
    assert "other" not in {part.kind for part in second.parts}
    assert ram.capacity_bytes == 64 * GIB


def test_that_layers_moved_between_two_cards_are_pinned_and_shown_at_once(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    engine.plan_holds = True
    placement.move_boundary(1, 23)
    strip = placement.strip  # before any answer
    assert strip is not None
    assert [segment.layers for segment in strip.segments] == [0, 23, 41]
    assert placement.planning
    engine.plan_holds = False
    settled(placement, qtbot)
    assert placement.wish == LoadWish(devices=(0, 1), layer_counts=(23, 41))
    assert placement.is_pinned("gpu_layers")
    assert placement.plan is not None
    assert placement.plan.layout.layer_counts == (23, 41)


def test_that_layers_moved_to_ram_leave_the_first_card(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.move_boundary(0, 10)
    settled(placement, qtbot)
    assert placement.wish.layer_counts == (22, 32)
    assert placement.plan is not None
    assert placement.plan.footprint.host.weights > 0


def test_that_a_card_left_without_layers_can_be_given_some_again(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.move_boundary(1, 64)
    settled(placement, qtbot)
    assert placement.wish == LoadWish(devices=(0,), gpu_layers=64)
    assert placement.places[1].on
    assert not placement.places[1].used
    placement.move_boundary(1, 60)
    settled(placement, qtbot)
    assert placement.wish == LoadWish(devices=(0, 1), layer_counts=(60, 4))


def test_that_in_tensor_split_the_boundary_moves_percents(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.pin("split_mode", "tensor")
    settled(placement, qtbot)
    placement.move_boundary(1, 70)
    settled(placement, qtbot)
    assert placement.wish.tensor_split == (0.7, 0.3)
    assert placement.wish.gpu_layers == 64
    placement.move_boundary(0, 4)
    settled(placement, qtbot)
    assert placement.wish.gpu_layers == 60
    strip = placement.strip
    assert strip is not None
    assert [segment.share for segment in strip.segments] == [None, 0.7, 0.3]


def test_that_experts_are_moved_only_where_there_are_some(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    assert placement.experts is None
    placement.open("moe")
    settled(placement, qtbot)
    placement.keep_experts_in_ram(24)
    assert placement.experts is not None
    assert placement.experts.in_ram == 24
    settled(placement, qtbot)
    assert placement.plan is not None
    assert len(placement.plan.layout.cpu_experts) == 24


def test_that_while_the_planner_thinks_only_the_newest_wish_waits(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    engine.plan_holds = True
    placement.pin("context_tokens", 1024)
    qtbot.waitUntil(lambda: len(engine.planned) == 2)
    for context in (2048, 4096, 16384):
        placement.pin("context_tokens", context)
    engine.plan_holds = False
    settled(placement, qtbot)
    assert [wish.context_tokens for wish in engine.planned] == [None, 1024, 16384]
    assert placement.plan is not None
    assert placement.plan.layout.context_tokens == 16384


def test_that_a_pin_keeps_what_the_planner_chose_and_gives_it_back(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.toggle_pin("cache_type")
    assert placement.wish.cache_type == "f16"
    placement.toggle_pin("context_tokens")
    placement.set_reserve(1, GIB)
    assert placement.pin_count == 3
    placement.toggle_pin("cache_type")
    assert placement.wish.cache_type is None
    placement.all_automatic()
    assert placement.wish == LoadWish()
    settled(placement, qtbot)


def test_that_an_alternative_pins_what_it_does_differently(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.adopt(0)
    assert placement.wish == LoadWish(cache_type="q8_0", context_tokens=4096)
    settled(placement, qtbot)


def test_that_a_refusal_is_told_and_the_plan_before_stays(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    engine.plan_failure = BadRequest("This cannot be.", remedy="Wish less.")
    placement.pin("streams", 64)
    settled(placement, qtbot)
    assert placement.failure == "This cannot be. Wish less."
    assert placement.plan is not None
    engine.plan_failure = None
    placement.pin("streams", 2)
    settled(placement, qtbot)
    assert placement.failure is None


def test_that_a_value_out_of_range_changes_nothing(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.pin("context_tokens", 3)
    assert placement.wish == LoadWish()


def test_that_a_load_asks_for_exactly_what_is_shown_and_tells_what_became_of_it(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    def load(model: str, wish: LoadWish) -> None:
        bridge.ask(lambda surface: surface.load(model, wish), lambda _: None, lambda _: None)

    placement.load_wanted.connect(load)
    opened(bridge, placement, qtbot)
    placement.pin("context_tokens", 4096)
    placement.load()
    qtbot.waitUntil(lambda: placement.phase is Phase.READY and placement.outcome is not None)
    assert engine.loads == [("big", LoadWish(context_tokens=4096))]
    outcome = placement.outcome
    assert outcome is not None
    assert [number for number, _ in outcome.cards] == [0, 1]
    bridge.ask(lambda surface: surface.unload(), lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: placement.outcome is None)


def test_that_the_exact_answer_is_asked_for_once(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    placement.confirm()
    qtbot.waitUntil(lambda: placement.plan is not None and placement.plan.exact)
    placement.pin("streams", 1)
    settled(placement, qtbot)
    assert placement.plan is not None
    assert not placement.plan.exact


def test_that_without_cards_there_is_the_ram_alone(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.rig = PlannedMachine(cards=())
    opened(bridge, placement, qtbot)
    assert [place.number for place in placement.places] == [None]
    assert placement.strip is None
    assert placement.experts is None


def test_that_a_model_that_is_not_there_is_told(
    bridge: EngineBridge, placement: PlacementPresenter, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot, "gone")
    assert placement.failure is not None
    assert "gone" in placement.failure
    assert placement.places == ()


def test_that_a_card_that_is_off_shows_what_others_hold(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    bridge.tell(lambda _: engine.tell(MachineRead(reading=reading(1.0))))
    placement.turn_card(0, on=False)
    settled(placement, qtbot)
    qtbot.waitUntil(lambda: placement.places[0].taken_bytes == 6 * GIB)
    assert not placement.places[0].on
    assert placement.wish.devices == (1,)
    placement.turn_card(0, on=True)
    settled(placement, qtbot)
    assert placement.wish == LoadWish()


def test_that_the_plan_is_made_anew_when_another_program_takes_much_of_a_card(
    bridge: EngineBridge, placement: PlacementPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    opened(bridge, placement, qtbot)
    calm = reading(1.0)
    (card,) = calm.gpus
    crowded = replace(calm, gpus=(replace(card, memory_used_bytes=20 * GIB),))
    bridge.tell(lambda _: engine.tell(MachineRead(reading=calm)))
    bridge.tell(lambda _: engine.tell(MachineRead(reading=calm)))
    bridge.tell(lambda _: engine.tell(MachineRead(reading=crowded)))
    qtbot.waitUntil(lambda: len(engine.planned) == 2)
    settled(placement, qtbot)
