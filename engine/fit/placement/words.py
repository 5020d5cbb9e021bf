"""How numbers are said."""

from collections.abc import Sequence

_GIGABYTE = 1 << 30  # of memory, as cards and modules are sold: 24 GB are 24 × 1024³ bytes


def gigabytes(size: float) -> str:
    """Memory in gigabytes with one figure after the point; megabytes where that would say 0."""
    if size < 0.1 * _GIGABYTE:
        return f"{size / (1 << 20):.0f} MB"
    return f"{size / _GIGABYTE:.1f} GB"


def rate(tokens_per_second: float) -> str:
    """Tokens a second, with a figure after the point where it matters."""
    if tokens_per_second >= 9.95:
        return f"{tokens_per_second:,.0f}"
    return f"{tokens_per_second:.1f}"


def tokens(count: int) -> str:
    """A context's length: 32k for 32,768."""
    return f"{count // 1024}k" if count % 1024 == 0 else f"{count:,}"


def listed(names: Sequence[str]) -> str:
    """A, B and C; alike ones counted."""
    said = counted(names)
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"


def counted(names: Sequence[str]) -> list[str]:
    """Each name once, with its number before it if there are several."""
    counts = {name: names.count(name) for name in names}
    return [f"{count} × {name}" if count > 1 else name for name, count in counts.items()]
