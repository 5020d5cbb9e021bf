from functools import cache

import pytest

from engine.hardware.catalogue import Catalogue, read_catalogue
from tests.engine.fit.placement.golden import MACHINES, path_of, text_of


@cache
def _catalogue() -> Catalogue:
    return read_catalogue()


@pytest.mark.parametrize("machine", MACHINES)
def test_that_plans_are_as_they_were(machine: str) -> None:
    """If they should change: `python -m tests.engine.fit.placement.golden`, and read the diff."""
    assert text_of(machine, _catalogue()) == path_of(machine).read_text("utf-8")
