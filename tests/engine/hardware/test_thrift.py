"""A costly question is asked as seldom as its share of a core demands."""

import pytest

from engine.hardware.thrift import Thrift


class Effort:
    """A thread's clock that advances by what each question takes."""

    def __init__(self) -> None:
        self.spent = 0.0

    def __call__(self) -> float:
        return self.spent


def asked(thrift: Thrift, effort: Effort, *, cost: float, seconds: float) -> int:
    """How often, looked at ten times a second."""
    count = 0
    for tick in range(int(seconds * 10)):
        if thrift.is_due(tick / 10):
            with thrift.asking(tick / 10):
                effort.spent += cost
            count += 1
    return count


def test_that_a_cheap_question_is_asked_at_its_pace() -> None:
    effort = Effort()
    thrift = Thrift(2.0, 0.001, clock=effort)
    assert asked(thrift, effort, cost=0.0001, seconds=60) == 30


@pytest.mark.parametrize("cost", [0.01, 0.04, 0.3])
def test_that_a_dear_question_keeps_to_its_share(cost: float) -> None:
    effort = Effort()
    thrift = Thrift(2.0, 0.001, clock=effort)
    asked(thrift, effort, cost=cost, seconds=1000)
    assert 0.9 <= effort.spent / (1000 * 0.001) <= 1.3


def test_that_a_question_that_raises_is_not_asked_at_once_again() -> None:
    thrift = Thrift(2.0, 0.001, clock=Effort())
    with pytest.raises(ValueError, match="no"), thrift.asking(10.0):
        raise ValueError("no")
    assert not thrift.is_due(11.9)
    assert thrift.is_due(12.0)


def test_that_a_clock_that_jumps_back_makes_it_due() -> None:
    thrift = Thrift(2.0, 0.001, clock=Effort())
    with thrift.asking(1000.0):
        pass
    assert thrift.is_due(5.0)
