"""Integers between two limits, as GBNF. Pure."""

from math import ceil, floor

_LONGEST = 15  # digits, where there is no limit: more than a double holds
_ANY = f"[1-9] [0-9]{{0,{_LONGEST}}}"


def integers(low: float | None, high: float | None) -> str | None:
    """All integers from `low` to `high`; None if there are none."""
    least = None if low is None else ceil(low)
    most = None if high is None else floor(high)
    ways: list[str] = []
    if least is None or least < 0:
        end = None if least is None else -least
        start = 1 if most is None or most >= 0 else -most
        ways += [f'"-" {way}' for way in _natural(start, end)]
    if most is None or most >= 0:
        ways += _natural(max(0, least or 0), most)
    return " | ".join(ways) or None


def decimals(low: float | None, high: float | None) -> str | None:
    """Decimal numbers from `low` to `high`: never one outside, and every one of whole steps
    within; None if none can be told."""
    fraction = '("." [0-9]{1,15})'
    ways: list[str] = []
    whole = integers(low, high)
    if whole is not None:
        ways.append(f'({whole}) ("." "0"{{1,15}})?')
    above = integers(0 if low is None else max(0, low), None if high is None else floor(high) - 1)
    if (high is None or high >= 1) and above is not None:
        ways.append(f"({above}) {fraction}")
    below = None if high is None else max(0, ceil(-high))
    if low is None or low <= -1:
        inner = integers(below or 0, None if low is None else floor(-low) - 1)
        if inner is not None and (high is None or high >= 0 or below is not None):
            ways.append(f'"-" ({inner}) {fraction}')
    return " | ".join(ways) or None


def _natural(low: int, high: int | None) -> list[str]:
    if high is None:
        longest = len(str(low))
        ways = _natural(low, 10**longest - 1) if low > 0 else ['"0"']
        more = f"[1-9] [0-9]{{{longest},{max(longest, _LONGEST)}}}" if low > 0 else _ANY
        return [*ways, more]
    ways: list[str] = []
    while low <= high:
        end = min(high, 10 ** len(str(low)) - 1)
        ways += _alike(str(low), str(end))
        low = end + 1
    return ways


def _alike(low: str, high: str) -> list[str]:
    """From `low` to `high`, which have the same number of digits."""
    if not low:
        return [""]
    rest = len(low) - 1
    if low[0] == high[0]:
        return [f'"{low[0]}" {way}'.rstrip() for way in _alike(low[1:], high[1:])]
    ways: list[str] = []
    first, last = int(low[0]), int(high[0])
    if low[1:] != "0" * rest:
        ways += [f'"{first}" {way}'.rstrip() for way in _alike(low[1:], "9" * rest)]
        first += 1
    top: list[str] = []
    if high[1:] != "9" * rest:
        top = [f'"{last}" {way}'.rstrip() for way in _alike("0" * rest, high[1:])]
        last -= 1
    if first <= last:
        ways.append(f"[{first}-{last}]" + (f" [0-9]{{{rest}}}" if rest else ""))
    return ways + top
