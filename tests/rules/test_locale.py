"""What people read is written as their language writes it."""

import re

from tests.rules.test_style import named, sources

# A thousands' comma, a date's own form: what QLocale decides, by app/lists/sizes.py.
_OWN_FORMS = re.compile(r"strftime\(|date\(\)\.isoformat\(|\{[^{}]*:,[^{}]*\}")
_SEEN = ("views", "widgets", "presenters", "lists", "text")


def test_that_dates_and_numbers_are_written_by_the_locale_alone() -> None:
    strays = [
        f"{named(path)}:{number}"
        for path in sources(*(f"app/{room}" for room in _SEEN))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if _OWN_FORMS.search(line)
    ]
    assert strays == []
