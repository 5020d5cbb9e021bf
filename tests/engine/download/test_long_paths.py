"""Where Windows would not name a file, a sentence comes before the first byte."""

from pathlib import Path

import pytest

from engine.download.leftovers import JOURNAL
from engine.download.long_paths import check_length
from engine.download.part import journal_of
from engine.errors import DownloadError


def of_length(count: int) -> Path:
    return Path("/" + "m" * (count - 1))


def test_that_the_longest_name_on_the_way_counts() -> None:
    """As transfer.py names it: a version of twelve digits, and the journal."""
    target = of_length(200)
    part = target.with_name(f"{target.name}.{'0' * 12}.incomplete")
    beside = len(str(journal_of(part))) - 200
    assert beside == 1 + 12 + len(JOURNAL)
    check_length(of_length(259 - beside), limited=True)
    with pytest.raises(DownloadError, match="longer path than Windows allows") as told:
        check_length(of_length(260 - beside), limited=True)
    assert "C:\\models" in (told.value.remedy or "")


def test_that_no_other_system_is_asked_to_shorten_it() -> None:
    check_length(of_length(2000))
