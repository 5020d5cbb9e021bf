import hypothesis.strategies as st
from hypothesis import given

from engine.worker.ngram import LEAST_TOKENS, NgramIndex, continued

_texts = st.lists(st.integers(-1, 3), min_size=1, max_size=120)


def guessed(text: list[int], wanted: int = 8, *, remembered: int = 1000) -> list[int]:
    """What is guessed to come after a text."""
    index = NgramIndex(remembered=remembered)
    tokens, following = text[:-1], text[-1]
    while not index.follow(tokens):
        pass
    place, length = index.find(tokens, following)
    return continued(tokens, following, place, wanted) if length else []


def test_that_what_followed_before_is_guessed_again() -> None:
    assert guessed([1, 2, 3, 4, 5, 6, 9, 1, 2, 3], 3) == [4, 5, 6]


def test_that_two_tokens_alike_are_not_enough() -> None:
    assert guessed([1, 2, 4, 5, 9, 1, 2]) == []


def test_that_the_longest_agreement_wins_over_the_latest() -> None:
    long, short = [7, 8, 1, 2, 3, 40], [5, 1, 2, 3, 50]
    assert guessed([*long, *short, 7, 8, 1, 2, 3], 1) == [40]
    assert guessed([*long, *short, 6, 1, 2, 3], 1) == [50]


def test_that_a_text_that_repeats_is_guessed_round_and_round() -> None:
    assert guessed([1, 2, 3, 1, 2, 3], 8) == [1, 2, 3, 1, 2, 3, 1, 2]
    assert guessed([5, 5, 5, 5], 4) == [5, 5, 5, 5]


def test_that_a_guess_ends_before_a_picture() -> None:
    assert guessed([1, 2, 3, 4, -7, -8, 1, 2, 3], 5) == [4]


def test_that_what_was_long_ago_is_forgotten() -> None:
    text = [1, 2, 3, 4, *range(10, 200), 1, 2, 3]
    assert guessed(text, 1) == [4]
    assert guessed(text, 1, remembered=100) == []


def test_that_another_text_in_its_place_begins_anew() -> None:
    index = NgramIndex()
    index.follow([1, 2, 3, 4, 5, 6])
    index.follow([7, 8])
    assert index.find([7, 8, 1, 2], 3) == (-1, 0)


def test_that_a_long_text_is_taken_in_bit_by_bit() -> None:
    index = NgramIndex()
    text = list(range(5000))
    assert not index.follow(text)
    while not index.follow(text):
        pass
    assert index.find([*text, 700, 701], 702)[1] == LEAST_TOKENS


@given(_texts, st.integers(1, 16))
def test_that_a_guess_is_found_wherever_three_tokens_stood_before(
    text: list[int], wanted: int
) -> None:
    guess = guessed(text, wanted)
    last = text[-3:]
    earlier = [at for at in range(len(text) - 3) if text[at : at + 3] == last]
    assert len(guess) <= wanted
    assert all(token >= 0 for token in guess)
    following = [text[at + 3] for at in earlier]
    if guess:
        assert guess[0] in following
    elif len(text) >= LEAST_TOKENS:
        assert not earlier or -1 in following


@given(_texts, st.integers(1, 40))
def test_that_it_does_not_matter_in_which_steps_a_text_came(text: list[int], stride: int) -> None:
    index, whole = NgramIndex(), NgramIndex()
    for end in range(0, len(text), stride):
        index.follow(text[:end])
    index.follow(text[:-1])
    whole.follow(text[:-1])
    assert index.find(text[:-1], text[-1]) == whole.find(text[:-1], text[-1])
