"""Which texts share a step."""

from hypothesis import given
from hypothesis import strategies as st

from engine.worker.packing import Room, Text, pack


def texts(*lengths: int) -> list[Text]:
    return [Text([7] * length) for length in lengths]


def room(tokens: int = 10, **wishes: object) -> Room:
    chosen: dict[str, object] = {"texts": 8, "cells": 100, "divides": False, **wishes}
    return Room(tokens=tokens, **chosen)  # pyright: ignore[reportArgumentType]


def test_that_requests_take_turns_beginning_with_the_oldest() -> None:
    first, second = texts(2, 2, 2), texts(3, 3)
    shares = pack([first, second], room(10))
    assert [text for text, _ in shares] == [first[0], second[0], first[1], second[1]]
    assert sum(count for _, count in shares) == 10


def test_that_what_does_not_fit_waits_and_its_successors_do_not_pass_it() -> None:
    first, second = texts(6, 6, 1), texts(4)
    shares = pack([first, second], room(10))
    assert [text for text, _ in shares] == [first[0], second[0]]


def test_that_a_long_text_is_read_in_parts_only_where_it_may_be() -> None:
    (long,) = texts(25)
    assert pack([[long]], room(10, divides=True)) == [(long, 10)]
    long.read = 20
    (short,) = texts(4)
    assert pack([[long], [short]], room(10, divides=True)) == [(long, 5), (short, 4)]


def test_that_only_the_first_text_is_ever_divided() -> None:
    short, long = texts(4), texts(25)
    assert pack([short, long], room(10, divides=True)) == [(short[0], 4)]


@given(
    st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=6), min_size=1, max_size=5),
    st.integers(1, 8),
    st.booleans(),
)
def test_that_every_text_is_read_to_its_end_within_the_room(
    lengths: list[list[int]], most: int, divides: bool
) -> None:
    tokens = 12 if divides else 30
    waiting = [texts(*some) for some in lengths]
    total = sum(map(sum, lengths))
    for _ in range(total):
        if not waiting:
            break
        held = waiting[0][0].read
        shares = pack(waiting, room(tokens, texts=most, cells=40 - held, divides=divides))
        assert 0 < len(shares) <= most
        assert 0 < sum(count for _, count in shares) <= min(tokens, 40 - held)
        for text, count in shares:
            assert 0 < count <= text.left
            text.read += count
        assert all(not text.left for text, _ in shares[1:])
        waiting = [left for some in waiting if (left := [text for text in some if text.left])]
    assert not waiting
