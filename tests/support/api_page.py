"""Writes docs/api.md from what the port says of itself: `python -m tests.support.api_page`."""

from pathlib import Path

from engine.server.description.page import page_of
from engine.server.description.routes import document

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_NOTE = "<!-- Made by `python -m tests.support.api_page`: change engine/server/description. -->\n\n"


def page() -> str:
    """What docs/api.md should be."""
    return _NOTE + page_of(document())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
