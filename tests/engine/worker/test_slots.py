"""Which cells are in use, with a memory that only counts."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.worker.context import Context
from engine.worker.slots import Slots

SLOTS = 3


class Counting:
    """A context without llama.cpp: who attends to which cells, by position."""

    def __init__(self, *, unified: bool) -> None:
        self.unified = unified
        self.sequences = SLOTS
        self.cells = 10_000
        self.held: list[list[object]] = [[] for _ in range(SLOTS)]

    def write(self, sequence: int, count: int) -> None:
        self.held[sequence].extend(object() for _ in range(count))

    def copy(self, source: int, target: int) -> None:
        self.held[target] = (
            self.held[source].copy() if self.unified else [object() for _ in self.held[source]]
        )

    def cut(self, sequence: int, position: int) -> bool:
        del self.held[sequence][position:]
        return True

    def clear(self, sequence: int) -> None:
        self.held[sequence].clear()

    def oldest_position(self, sequence: int) -> int:
        return 0 if self.held[sequence] else -1

    def shift(self, sequence: int, start: int, end: int) -> None:
        del self.held[sequence][start:end]

    @property
    def used(self) -> int:
        return len({id(cell) for held in self.held for cell in held})


prompts = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(
    lambda heads: [token for head in heads for token in [head] * 40]
)
deeds = st.lists(
    st.tuples(st.sampled_from(["ask", "release", "evict", "roll", "forget"]), prompts),
    max_size=30,
)


@pytest.mark.parametrize("unified", [True, False])
@given(deeds=deeds)
def test_that_no_cell_is_ever_lost_or_counted_twice(
    deeds: list[tuple[str, list[int]]], *, unified: bool
) -> None:
    memory = Counting(unified=unified)
    slots = Slots(cast("Context", memory), 0)
    busy: list[int] = []
    for deed, prompt in deeds:
        if deed == "ask" and (place := slots.take(prompt)) is not None:
            slot, reused = place
            assert slots.tokens(slot) == prompt[:reused]
            rest = [*prompt[reused:], 9, 9, 9]
            memory.write(slot, len(rest))
            slots.grow(slot, rest)
            busy.append(slot)
        elif deed == "evict":
            slots.evict()
        elif busy and deed == "release":
            slots.release(busy.pop(0))
        elif busy and deed == "roll" and slots.length(busy[0]) > 5:
            before = slots.tokens(busy[0]).copy()
            if slots.roll(busy[0], 5):
                gone = (len(before) - 5) // 2
                assert slots.tokens(busy[0]) == [*before[:5], *before[5 + gone :]]
        elif busy and deed == "forget":
            slots.forget(busy[0])
        assert slots.used == memory.used
        assert [slots.length(n) for n in range(SLOTS)] == [len(held) for held in memory.held]
    for slot in busy:
        slots.release(slot)
    while slots.evict():
        pass
    assert slots.used == memory.used == 0
