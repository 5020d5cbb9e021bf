from itertools import pairwise
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from engine.worker.text import Characters, StopStrings

texts = st.text(alphabet="abé世😀 ", max_size=40)
stop_lists = st.lists(st.text(alphabet="abé世", min_size=1, max_size=4), max_size=3)


Cuttable = TypeVar("Cuttable", str, bytes)


def cut(whole: Cuttable, at: list[int]) -> list[Cuttable]:
    borders = [0, *sorted(min(place, len(whole)) for place in at), len(whole)]
    return [whole[a:b] for a, b in pairwise(borders)]


def ended(text: str, stops: list[str]) -> tuple[str, str | None]:
    """What should be told: by trying every prefix, as a stream of single characters would."""
    for end in range(len(text) + 1):
        found = [stop for stop in stops if text[:end].endswith(stop)]
        if found:
            longest = max(found, key=len)
            return text[: end - len(longest)], longest
    return text, None


@given(texts, st.lists(st.integers(0, 160)))
def test_that_characters_stay_whole_however_the_bytes_are_cut(text: str, at: list[int]) -> None:
    characters = Characters()
    told = [characters.feed(piece) for piece in cut(text.encode(), at)]
    assert "".join(told) == text
    assert "�" not in "".join(told)


@given(st.binary(max_size=40), st.lists(st.integers(0, 40)))
def test_that_broken_bytes_never_raise_and_do_not_depend_on_the_cut(
    rubbish: bytes, at: list[int]
) -> None:
    whole, pieces = Characters(), Characters()
    assert whole.feed(rubbish) == "".join(pieces.feed(piece) for piece in cut(rubbish, at))


@given(texts, stop_lists, st.lists(st.integers(0, 40)))
def test_that_a_stop_string_is_found_across_borders_and_never_told(
    text: str, stops: list[str], at: list[int]
) -> None:
    finder = StopStrings(stops)
    told = "".join(finder.feed(piece) for piece in cut(text, at))
    told += finder.finish()
    assert (told, finder.found) == ended(text, stops)


def test_that_only_what_may_become_a_stop_string_is_held_back() -> None:
    finder = StopStrings(["STOP"])
    assert finder.feed("one ST") == "one "
    assert finder.feed("ILL") == "STILL"
    assert finder.feed(" ST") == " "
    assert finder.feed("OP two") == ""
    assert finder.found == "STOP"
    assert finder.feed("three") == ""
