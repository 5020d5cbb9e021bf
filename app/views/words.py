"""Numbers in words: sizes, counts and times as the window writes them."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.lists.sizes import day_text, decimal_text, size_text, whole_text
from engine.fit.placement.words import gigabytes

_KI = 1024
_UNKNOWN = "–"


def memory(size_bytes: int | None) -> str:
    """As cards and modules are sold, whose 24 GB are 24 × 1024³ bytes."""
    return _UNKNOWN if size_bytes is None else gigabytes(size_bytes)


def memory_of(used_bytes: int | None, total_bytes: int | None) -> str:
    """Used and total memory, such as "16.5 / 24.0 GB"."""
    if used_bytes is None or total_bytes is None:
        return _UNKNOWN
    return f"{decimal_text(used_bytes / _KI**3, 1)} / {decimal_text(total_bytes / _KI**3, 1)} GB"


def count(number: int) -> str:
    """A number of tokens, short: 512, 3.1k, 128k; as contexts are told, whose 8k are 8,192."""
    if number < _KI:
        return str(number)
    places = 1 if number < 100 * _KI and number % _KI else 0
    return f"{decimal_text(number / _KI, places)}k"


def percent(fraction: float | None) -> str:
    """0 to 1 as a percentage."""
    return _UNKNOWN if fraction is None else f"{fraction * 100:.0f} %"


def day(iso: str) -> str:
    """A day such as 2026-01-31, as it is written here."""
    return day_text(datetime.fromisoformat(iso).date())


def speed(tokens_per_second: float) -> str:
    """Of an answer."""
    return f"{decimal_text(tokens_per_second, 1)} tok/s"


def duration(seconds: float) -> str:
    """A time to wait, rounded to what matters."""
    whole = max(0, round(seconds))
    if whole < 60:
        return QCoreApplication.translate("words", "{0} s").format(whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return QCoreApplication.translate("words", "{0} min {1} s").format(minutes, rest)
    hours, minutes = divmod(minutes, 60)
    return QCoreApplication.translate("words", "{0} h {1} min").format(hours, minutes)


def transfer(received_bytes: int, total_bytes: int, bytes_per_second: float) -> str:
    """How a transfer stands: "11.9 / 19.2 GB · 84 MB/s · 1 min 27 s"."""
    parts = [f"{size_text(received_bytes)} / {size_text(total_bytes)}"]
    if bytes_per_second > 0:
        parts.append(pace(bytes_per_second))
        parts.append(duration((total_bytes - received_bytes) / bytes_per_second))
    return " · ".join(parts)


def pace(bytes_per_second: float) -> str:
    """Of a transfer: "84.0 MB/s"."""
    return f"{decimal_text(bytes_per_second / 1e6, 1)} MB/s"


def tokens(number: int) -> str:
    """How many tokens an answer has."""
    if number == 1:
        return QCoreApplication.translate("words", "1 token")
    return QCoreApplication.translate("words", "{0} tokens").format(whole_text(number))


def first_token(seconds: float) -> str:
    """How long the first token took."""
    return QCoreApplication.translate("words", "first after {0} s").format(decimal_text(seconds, 2))
