"""What a driver answers is believed only within bounds; anything else is "not reported"."""

from typing import cast

MOST_BYTES = 1 << 50  # more than any card has: NVML says "not available" with all bits set
_MOST_MILLIWATTS = 10_000_000


def text(value: object) -> str | None:
    """The text, if it is one and says something."""
    return value.strip() or None if isinstance(value, str) else None


def within(value: object, least: float, most: float) -> float | None:
    """The number, if it is one and can be true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if least <= value <= most else None


def whole(value: object, least: int, most: int) -> int | None:
    """The whole number, if it is one and can be true."""
    number = within(value, least, most)
    return None if number is None else int(number)


def size(record: object, field: str, *, least: int = 0, most: int = MOST_BYTES) -> int | None:
    """That field of a C structure, in bytes."""
    return whole(getattr(record, field, None), least, most)


def share(percent: object, most: float = 100) -> float | None:
    """Percent as 0 to 1. A fan may be told to turn at more than its hundred."""
    number = within(percent, 0, most)
    return None if number is None else min(1.0, number / 100)


def watts(milliwatts: object) -> float | None:
    """Milliwatts as watts."""
    number = within(milliwatts, 0, _MOST_MILLIWATTS)
    return None if number is None else number / 1000


def pair(value: object) -> tuple[int, int] | None:
    """A version of two numbers."""
    if not isinstance(value, tuple | list):
        return None
    match tuple(cast("list[object]", value)):
        case (int(major), int(minor)) if major > 0 <= minor:
            return major, minor
        case _:
            return None


def records(value: object) -> list[object] | None:
    """A list of C structures, cut where no machine has that many."""
    return cast("list[object]", value)[:1000] if isinstance(value, list) else None
