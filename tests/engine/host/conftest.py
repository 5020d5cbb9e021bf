"""A desk with an empty shelf, of a person whose home is the test's folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.config import Home
from tests.support.desk import HOME_VARIABLE, Desk, opened


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Its home knows of other programs' folders below the test's own."""
    home = Home(tmp_path / "home", environment={HOME_VARIABLE: str(tmp_path)})
    home.make()
    async with opened(home) as desk:
        yield desk
