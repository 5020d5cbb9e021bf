"""Split memory: what lies between the sequences of a step is computed with them, and unharmed."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.protocol.load import LoadSpec
from engine.worker.brake import Brake
from engine.worker.bridge import Bridge
from engine.worker.context import Context
from engine.worker.llama import Library, Model
from engine.worker.model_facts import ModelFacts
from engine.worker.slots import Slots

pytestmark = pytest.mark.journey

STREAMS = 5


def spec(path: Path, *, unified: bool = False) -> LoadSpec:
    return LoadSpec(
        path=str(path),
        context_tokens=STREAMS * 256,
        streams=STREAMS,
        threads=1,
        unified_kv=unified,
        gpu_layers=0,
    )


@pytest.fixture(scope="module")
def loaded(model_file: Path) -> tuple[Library, Model]:
    library = Library(None)
    return library, Model(library, spec(model_file), lambda _: True)


@pytest.fixture
def context(loaded: tuple[Library, Model], model_file: Path) -> Context:
    library, model = loaded
    return Context(library, model, spec(model_file), Brake())


@pytest.fixture
def facts(loaded: tuple[Library, Model]) -> ModelFacts:
    return loaded[1].facts


def read(context: Context, slots: Slots, tokens: list[int]) -> int:
    """These tokens in a slot of their own, which is idle afterwards."""
    place = slots.take(tokens)
    assert place is not None
    slot, _ = place
    context.clear_batch()
    context.add(slot, 0, tokens, outputs=1)
    assert context.decode() == 0
    slots.grow(slot, tokens)
    return slot


def test_that_a_gap_is_bridged_and_what_lies_in_it_stays_as_it_was(
    context: Context, facts: ModelFacts
) -> None:
    slots = Slots(context, 1)
    for first in range(STREAMS):
        assert read(context, slots, [100 + first, 7, 8, 9]) == first
    bridge = Bridge(context, slots, facts)
    context.clear_batch()
    context.add(0, 4, [10], outputs=1)
    assert bridge.span(0, 3, 100) == 2
    index = context.add(3, 4, [10], outputs=1)
    assert context.decode() == 0
    assert index == 3
    assert context.rows(2) is not None
    bridge.take_back()
    for slot in (1, 2):  # there is room for the fifth token again, and for no later one
        context.clear_batch()
        context.add(slot, 4, [11], outputs=1)
        assert context.decode() == 0


@pytest.mark.parametrize("room", [0, 1])
def test_that_a_bridge_wider_than_the_batch_is_not_begun(
    context: Context, facts: ModelFacts, room: int
) -> None:
    bridge = Bridge(context, Slots(context, 1), facts)
    context.clear_batch()
    assert bridge.span(0, 3, room) == 0


def test_that_full_slots_and_memory_that_cannot_be_cut_are_left_alone(
    context: Context, facts: ModelFacts
) -> None:
    slots = Slots(context, 1)
    read(context, slots, [100, 7])
    full = read(context, slots, list(range(200, 200 + context.cells_per_sequence)))
    context.clear_batch()
    assert Bridge(context, slots, facts).span(full - 1, full + 1, 100) == 0
    assert Bridge(context, slots, replace(facts, rewinds=False)).span(full, full + 2, 100) == 0
    assert Bridge(context, slots, facts).span(full, full + 2, 100) == 1


def test_that_unified_memory_needs_none(
    loaded: tuple[Library, Model], model_file: Path, facts: ModelFacts
) -> None:
    library, model = loaded
    context = Context(library, model, spec(model_file, unified=True), Brake())
    assert Bridge(context, Slots(context, 1), facts).span(0, 3, 100) == 0
