"""What was said once is often said again: guesses from the text itself. Pure.

The index knows for each three tokens in a row where they last stood, and where before that. Of the
last few such places the one is taken whose past agrees longest with the present, and what followed
there is the guess.
"""

from collections.abc import Sequence
from itertools import count

LEAST_TOKENS = 3  # that must agree
_BITS = 21  # no vocabulary has two million tokens
_MOST_PLACES = 8  # looked at for one guess
_LONGEST_TOKENS = 32  # of agreement: more says nothing more
_MOST_REMEMBERED = 32_768  # places, some 6 MB
_MOST_AT_ONCE = 2_048  # tokens a call of `follow` takes in, a millisecond at most


class NgramIndex:
    """The places of one growing text."""

    def __init__(self, *, remembered: int = _MOST_REMEMBERED) -> None:
        self._remembered = remembered
        self._last: dict[int, int] = {}
        self._before: dict[int, int] = {}
        self._taken = 0
        self._oldest = 0

    def follow(self, tokens: Sequence[int]) -> bool:
        """Take in what is new of the text; False if there is still more.

        It only grows; one that is shorter than before is another text.
        """
        if len(tokens) < self._taken:
            self._last.clear()
            self._before.clear()
            self._taken = self._oldest = 0
        start = max(self._taken, LEAST_TOKENS - 1)
        end = min(len(tokens), self._taken + _MOST_AT_ONCE)
        if end - start == 1:
            self._put(_key(*tokens[start - 2 : end]), start)
        else:
            grams = zip(
                count(start), tokens[start - 2 : end], tokens[start - 1 : end], tokens[start:end]
            )
            for place, first, second, third in grams:
                self._put(_key(first, second, third), place)
        self._taken = max(end, 0)
        self._forget(tokens)
        return end == len(tokens)

    def find(self, tokens: Sequence[int], following: int) -> tuple[int, int]:
        """Where the text, and the token that follows it, agree best with what was before.

        Gives the place of the last token that agrees, and how many do: 0 if none was found.
        """
        if len(tokens) < LEAST_TOKENS - 1:
            return -1, 0
        place = self._last.get(_key(tokens[-2], tokens[-1], following))
        best, longest = -1, 0
        for _ in range(_MOST_PLACES):
            if place is None:
                break
            length = _agreement(tokens, following, place)
            if length > longest:
                best, longest = place, length
                if length == _LONGEST_TOKENS:
                    break
            place = self._before.get(place)
        return best, longest

    def _put(self, key: int, place: int) -> None:
        earlier = self._last.get(key)
        if earlier is not None:
            self._before[place] = earlier
        self._last[key] = place

    def _forget(self, tokens: Sequence[int]) -> None:
        """The oldest places, above the number that is remembered."""
        keep = self._taken - self._remembered
        for place in range(max(self._oldest, LEAST_TOKENS - 1), keep):
            key = _key(*tokens[place - 2 : place + 1])
            if self._last.get(key) == place:
                del self._last[key]
            self._before.pop(place, None)
        # One that comes after a forgotten place still names it: a short chain, with a dead end.
        self._oldest = max(self._oldest, keep)


def continued(tokens: Sequence[int], following: int, place: int, wanted: int) -> list[int]:
    """What followed that place, as if it were said again; round and round where text repeats.

    It ends before the cells of a picture, which are no tokens.
    """
    guess = list(tokens[place + 1 : place + 1 + wanted])
    if len(guess) < wanted:
        guess.append(following)
        guess = guess[:wanted]
        period = len(tokens) - place
        while len(guess) < wanted:
            guess.append(guess[len(guess) - period])
    for at, token in enumerate(guess):
        if token < 0:
            return guess[:at]
    return guess


def _agreement(tokens: Sequence[int], following: int, place: int) -> int:
    if tokens[place] != following:
        return 0
    length, end = 1, len(tokens)
    most = min(_LONGEST_TOKENS, place + 1)
    while length < most and tokens[place - length] == tokens[end - length]:
        length += 1
    return length if length >= LEAST_TOKENS else 0


def _key(first: int, second: int, third: int) -> int:
    return ((first << _BITS | second) << _BITS) | third
