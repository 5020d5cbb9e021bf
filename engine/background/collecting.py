"""Garbage is collected between two answers, not in one: a full collection looks at all headers that
are kept, 50 ms for a repository's, and plans leave few cycles."""

import gc

_MANY, _TOO_MANY = 20_000, 500_000  # objects since the last time


def begin() -> None:
    """From here on nothing is collected unless `collect` is asked to."""
    gc.disable()


def collect(*, awaited: bool) -> None:
    """Collect if there is enough; while another answer is awaited, only if there is too much."""
    if gc.get_count()[0] >= (_TOO_MANY if awaited else _MANY):
        gc.collect()
