"""MathJax as the window has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.text.mathematics.mathematics import Mathematics

BUNDLE = Path(__file__).parents[3] / "assets" / "mathjax" / "mathjax.js"


@pytest.fixture
def mathematics(qtbot: QtBot) -> Iterator[Mathematics]:
    """With a thread of its own; closed at the end."""
    mathematics = Mathematics(BUNDLE)
    yield mathematics
    mathematics.close()


@pytest.fixture(scope="session")
def bundle() -> Path:
    """MathJax as one file."""
    return BUNDLE
