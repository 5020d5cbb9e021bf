"""A picture's cells among the tokens of a prompt. Pure.

A cell of a picture is written as a negative number that no token has: the same piece of the same
picture always gives the same numbers, so that a prompt's beginning is recognised by them too.
"""

from collections.abc import Sequence

_MOST_CELLS = 1 << 16


def cells(piece: int, count: int) -> list[int]:
    """The cells of a picture's piece, which has a number of its own."""
    assert count <= _MOST_CELLS, "no projector makes so much of one picture"
    return [-(piece * _MOST_CELLS + offset) - 1 for offset in range(count)]


def is_cell(token: int) -> bool:
    """Whether it stands for a part of a picture."""
    return token < 0


def piece_of(cell: int) -> int:
    """The number of its picture's piece."""
    return (-cell - 1) // _MOST_CELLS


def offset_of(cell: int) -> int:
    """How many cells of its piece come before it."""
    return (-cell - 1) % _MOST_CELLS


def whole(tokens: Sequence[int], keep: int) -> int:
    """At most `keep` tokens, so that no piece is cut: it is read whole or not at all."""
    if 0 < keep < len(tokens) and is_cell(tokens[keep]):
        keep -= offset_of(tokens[keep])
    return keep
