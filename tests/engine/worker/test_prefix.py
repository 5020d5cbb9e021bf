from hypothesis import given
from hypothesis import strategies as st

from engine.worker.prefix import Held, choose, shared_length

tokens = st.lists(st.integers(0, 2), max_size=700)
short = st.lists(st.integers(0, 1), max_size=120)
slots = st.lists(
    st.builds(Held, tokens=short, busy=st.booleans(), last_used=st.integers(0, 9)),
    min_size=1,
    max_size=6,
)


@given(tokens, tokens, st.integers(0, 700))
def test_that_the_common_beginning_is_exact(one: list[int], other: list[int], keep: int) -> None:
    other = one[:keep] + other
    length = shared_length(one, other)
    assert one[:length] == other[:length]
    assert length == min(len(one), len(other)) or one[length] != other[length]


@given(short.filter(bool), slots)
def test_that_a_place_is_free_and_really_holds_what_is_reused(
    prompt: list[int], held: list[Held]
) -> None:
    place = choose(prompt, held)
    if place is None:
        assert all(slot.busy for slot in held)
        return
    assert not held[place.slot].busy
    assert place.source != place.slot
    assert place.reused < len(prompt)
    source = place.slot if place.source is None else place.source
    assert held[source].tokens[: place.reused] == prompt[: place.reused]


def slot(text: str, *, busy: bool = False, last_used: int = 0) -> Held:
    return Held(tokens=[ord(letter) for letter in text], busy=busy, last_used=last_used)


def prompt(text: str) -> list[int]:
    return [ord(letter) for letter in text]


def test_that_a_conversation_goes_on_where_it_was() -> None:
    system = "s" * 50
    place = choose(
        prompt(system + "AB"), [slot(system + "X" * 20), slot(system + "A"), slot("", last_used=0)]
    )
    assert place is not None
    assert (place.slot, place.source, place.reused) == (1, None, 51)


def test_that_a_shared_beginning_is_copied_so_that_both_are_kept() -> None:
    system = "s" * 50
    place = choose(prompt(system + "B"), [slot(system + "A" * 60), slot("")])
    assert place is not None
    assert (place.slot, place.source, place.reused) == (1, 0, 50)


def test_that_a_busy_conversation_lends_its_beginning() -> None:
    system = "s" * 50
    place = choose(prompt(system + "B"), [slot(system + "A", busy=True), slot("")])
    assert place is not None
    assert (place.slot, place.source, place.reused) == (1, 0, 50)


def test_that_the_last_token_is_read_again() -> None:
    place = choose(prompt("same"), [slot("same")])
    assert place is not None
    assert place.reused == 3


def test_that_a_stranger_takes_the_slot_used_longest_ago() -> None:
    place = choose(prompt("new"), [slot("aa", last_used=2), slot("bb", last_used=1)])
    assert place is not None
    assert (place.slot, place.source, place.reused) == (1, None, 0)
