from hypothesis import given
from hypothesis import strategies as st

from engine.fit.placement.stack import Burden, Load, shares_at_once, shares_by_speed, stack_of
from tests.engine.fit.placement.models import parts_named

PARTS = parts_named("qwen3-30b-a3b")
STACK = stack_of(PARTS, [1_000_000 * before for before in range(len(PARTS.layers) + 1)])
ROOMS = st.lists(st.floats(0, 30e9), min_size=1, max_size=4)


@given(ROOMS, st.integers(0, 48), st.integers(0, 40))
def test_that_a_division_is_whole_and_no_card_is_overfilled(
    rooms: list[float], experts: int, layers: int
) -> None:
    load = Load(STACK, Burden(cpu_layers=layers, cpu_experts=experts))
    total = load.between(layers, STACK.blocks)
    shares = shares_by_speed(total, rooms, [1.0] * len(rooms))
    counts = load.divided(rooms, shares)
    if counts is None:
        assert sum(rooms) < total + len(rooms) * 1e9
        return
    assert sum(counts) == STACK.blocks - layers
    start = layers
    for count, room in zip(counts, rooms, strict=True):
        assert load.between(start, start + count) <= room
        start += count


@given(ROOMS, st.integers(1, 48))
def test_that_more_experts_in_ram_never_need_more_room(rooms: list[float], experts: int) -> None:
    def divided(count: int) -> bool:
        load = Load(STACK, Burden(cpu_experts=count))
        return load.divided(rooms, [1 / len(rooms)] * len(rooms)) is not None

    assert not divided(experts - 1) or divided(experts)


def test_that_the_fastest_card_is_filled_first() -> None:
    assert shares_by_speed(30.0, [20.0, 20.0], [1.0, 2.0]) == (10 / 30, 20 / 30)
    assert shares_by_speed(30.0, [20.0, 20.0], [2.0, 2.0]) == (0.5, 0.5)


def test_that_shares_at_once_follow_speed_until_a_card_is_full() -> None:
    assert shares_at_once(30.0, [100.0, 100.0], [2.0, 1.0]) == (2 / 3, 1 / 3)
    assert shares_at_once(30.0, [10.0, 100.0], [2.0, 1.0]) == (1 / 3, 2 / 3)
