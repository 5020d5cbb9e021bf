"""Numbers as people read them, in their language."""

from datetime import date, datetime

from PySide6.QtCore import QDate, QLocale, QTime


def spoken() -> QLocale:
    """The language numbers and dates are written in; where none is known, English."""
    locale = QLocale()
    return QLocale("en") if locale.language() is QLocale.Language.C else locale


def whole_text(number: int) -> str:
    """With its thousands apart: "12,345"."""
    return spoken().toString(number)


def decimal_text(number: float, places: int) -> str:
    """With so many places: "4.4"."""
    return spoken().toString(float(number), "f", places)  # Qt refuses a whole number


def day_text(day: date) -> str:
    """In short: "31.01.26", "1/31/26", "2026/1/31"."""
    known = QDate(day.year, day.month, day.day)
    return spoken().toString(known, QLocale.FormatType.ShortFormat)


def time_text(at: datetime) -> str:
    """Of this computer's clock, to the second: "14:05:09"."""
    here = at.astimezone()
    return spoken().toString(QTime(here.hour, here.minute, here.second), "HH:mm:ss")


def size_text(size_bytes: int) -> str:
    """In decimal units, as disks are sold and the Hub shows them: "98 MB", "4.4 GB"."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9)):
        if size_bytes >= factor:
            return f"{decimal_text(size_bytes / factor, 1)} {unit}"
    for unit, factor in (("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            return f"{size_bytes / factor:.0f} {unit}"
    return f"{size_bytes} B"


def count_text(count: int) -> str:
    """Of parameters or downloads: "135M", "7.2B", "950"."""
    for unit, factor in (("T", 10**12), ("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= factor:
            return f"{count / factor:.3g}{unit}"
    return str(count)
