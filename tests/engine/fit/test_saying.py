"""Sayings: told in English, and carried whole to another process."""

import pytest
from pydantic import TypeAdapter

from engine.config import LoadWish
from engine.fit.placement.planner import plan
from engine.fit.plan import Plan
from engine.fit.rigs import parse_rig
from engine.fit.saying import Saying, say
from engine.hardware.catalogue import read_catalogue
from tests.engine.fit.placement.models import parts_named

GB = 1 << 30


@pytest.mark.parametrize(
    ("saying", "told"),
    [
        (say("{size:memory}", size=24 * GB), "24.0 GB"),
        (say("{size:memory}", size=64 << 20), "64 MB"),
        (say("{speed:rate} and {slow:rate}", speed=41.3, slow=7.26), "41 and 7.3"),
        (say("{long:tokens}, {odd:tokens}", long=32768, odd=5000), "32k, 5,000"),
        (say("{cards:names}", cards=("A", "B", "A", "C")), "2 × A, B and C"),
        (
            say("{cards:names} alone", cards=say("one {card}", card="RTX 3090")),
            "one RTX 3090 alone",
        ),
        (say("{percent:.0f} %, {count:,}", percent=38.6, count=4096), "39 %, 4,096"),
    ],
)
def test_that_every_kind_of_value_is_told_in_english(saying: Saying, told: str) -> None:
    assert str(saying) == told


def test_that_a_plan_with_its_sayings_crosses_a_pipe_unchanged() -> None:
    rig = parse_rig("2x RTX 3090, 64 GB DDR4-3200", read_catalogue())
    made = plan(parts_named("gpt-oss-120b"), rig, LoadWish(), model="gpt-oss-120b")
    assert any(isinstance(value, Saying) for one in made.reasons for _, value in one.values)
    plans = TypeAdapter(Plan)
    assert plans.validate_json(plans.dump_json(made)) == made
