"""What became of a plan, and which answers teach."""

from dataclasses import replace

import pytest

from engine.background.words import Placed
from engine.chat import Timings
from engine.config import LoadWish
from engine.dryrun.answer import DryRun, PlaceBytes
from engine.errors import DiskFull
from engine.fit.plan import Plan
from engine.host.facts import ModelMoved, Phase
from engine.host.measured import LEAST_ANSWER_TOKENS
from engine.planner.exact import more_to_spare, shortfall, with_exact, with_reserve
from engine.planner.outcomes import Outcomes, predicted_at
from tests.support.engine import reading, shelf_model
from tests.support.plans import PlannedMachine, plan_by_arithmetic
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

MODEL = "tiny"
GIB = 2**30


def some_plan(**wish: int) -> Plan:
    asked = LoadWish(context_tokens=wish.get("context", 4096), streams=wish.get("streams", 1))
    return plan_by_arithmetic(shelf_model(MODEL), asked, PlannedMachine(), exact=False)


def placed(plan: Plan, *, at_start: float = 200.0) -> Placed:
    return Placed(plan=plan, kind="gpu", decode_at_start=at_start, layers=30, expert_layers=())


def timings(
    *, prompt: int = 8, reused: int = 0, answer: int = 101, seconds: float = 1.0
) -> Timings:
    return Timings(
        prompt_tokens=prompt,
        reused_tokens=reused,
        answer_tokens=answer,
        queue_seconds=0.0,
        prompt_seconds=0.5,
        decode_seconds=seconds,
    )


class Lessons:
    """What was learnt."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, float, float]] = []

    async def learn(self, kind: str, predicted: float, measured: float) -> None:
        self.heard.append((kind, predicted, measured))


@pytest.fixture
def lessons() -> Lessons:
    return Lessons()


@pytest.fixture
def outcomes(lessons: Lessons) -> Outcomes:
    """Of a model that was planned and is READY."""
    outcomes = Outcomes(lessons.learn)
    outcomes.planned(MODEL, placed(some_plan()))
    outcomes.hear(ModelMoved(model=MODEL, phase=Phase.READY))
    return outcomes


async def test_that_a_long_answer_is_measured_and_learnt_from(
    outcomes: Outcomes, lessons: Lessons
) -> None:
    outcomes.answered(MODEL, timings(prompt=108, reused=8, answer=101, seconds=0.5))
    await until(lambda: bool(lessons.heard))
    ((kind, predicted, measured),) = lessons.heard
    assert kind == "gpu"
    assert measured == 200.0  # the first token is the prompt's
    assert predicted == predicted_at(placed(some_plan()), 108 + 50)
    outcome = outcomes.now(MODEL, None)
    assert outcome is not None
    assert (outcome.decode_tps, outcome.prompt_tps) == (200.0, 200.0)


@pytest.mark.parametrize(
    "said",
    [timings(answer=LEAST_ANSWER_TOKENS - 1), timings(seconds=0.0)],
    ids=["short", "no time"],
)
async def test_that_an_answer_that_says_little_teaches_nothing(
    outcomes: Outcomes, lessons: Lessons, said: Timings
) -> None:
    outcomes.answered(MODEL, said)
    outcomes.answered(MODEL, timings())
    await until(lambda: bool(lessons.heard))
    assert len(lessons.heard) == 1


async def test_that_a_prompt_that_was_reused_keeps_the_speed_measured_before(
    outcomes: Outcomes,
) -> None:
    outcomes.answered(MODEL, timings(prompt=100))
    outcomes.answered(MODEL, timings(prompt=100, reused=90, seconds=2.0))
    outcome = outcomes.now(MODEL, None)
    assert outcome is not None
    assert (outcome.decode_tps, outcome.prompt_tps) == (50.0, 200.0)


async def test_that_a_model_that_was_not_planned_or_has_gone_has_no_outcome(
    outcomes: Outcomes, lessons: Lessons
) -> None:
    outcomes.hear(ModelMoved(model="stranger", phase=Phase.READY))
    assert outcomes.now("stranger", None) is None
    outcomes.hear(ModelMoved(model=MODEL, phase=Phase.STOPPED))
    assert outcomes.now(MODEL, None) is None
    outcomes.answered(MODEL, timings())
    assert not lessons.heard


async def test_that_a_model_loaded_otherwise_than_planned_teaches_nothing(
    outcomes: Outcomes, lessons: Lessons
) -> None:
    outcomes.stepped(MODEL)
    outcomes.hear(ModelMoved(model=MODEL, phase=Phase.STOPPED))
    outcomes.hear(ModelMoved(model=MODEL, phase=Phase.READY))
    outcomes.answered(MODEL, timings())
    assert outcomes.now(MODEL, None) is None
    assert not lessons.heard


async def test_that_a_lesson_that_cannot_be_kept_is_only_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def full(kind: str, predicted: float, measured: float) -> None:
        raise DiskFull("There is no room.")

    outcomes = Outcomes(full)
    outcomes.planned(MODEL, placed(some_plan()))
    outcomes.hear(ModelMoved(model=MODEL, phase=Phase.READY))
    outcomes.answered(MODEL, timings())
    await until(lambda: "There is no room." in caplog.text)


def test_that_what_a_model_holds_is_what_the_cards_gave_since(outcomes: Outcomes) -> None:
    used = some_plan().footprint.cards[0].used
    now = reading(0.0)
    grown = replace(now.gpus[0], memory_used_bytes=used + 3 * GIB)
    outcome = outcomes.now(MODEL, replace(now, gpus=(grown,)))
    assert outcome is not None
    assert outcome.cards == ((0, 3 * GIB),)
    silent = replace(now.gpus[0], memory_used_bytes=None)
    outcome = outcomes.now(MODEL, replace(now, gpus=(silent,)))
    assert outcome is not None
    assert outcome.cards == ()


def test_that_a_speed_is_predicted_for_the_depth_that_was_reached() -> None:
    plan = some_plan(context=4096)
    one = placed(plan, at_start=2 * plan.pace.decode_tps.expected)
    assert predicted_at(one, 0) == pytest.approx(one.decode_at_start)
    assert predicted_at(one, 1024) == pytest.approx(plan.pace.decode_tps.expected)
    assert predicted_at(one, 512) > predicted_at(one, 1024) > predicted_at(one, 4096)


def answer(*cards: tuple[int, int]) -> DryRun:
    places = tuple(PlaceBytes(card=number, weights=size, kv=2, compute=3) for number, size in cards)
    host = PlaceBytes(card=None, weights=5, kv=6, compute=7)
    return DryRun(cards=places, host=host, exact=True, places_known=True, kv=2, seconds=0.1)


def test_that_exact_bytes_replace_the_reckoned_ones_and_nothing_else() -> None:
    plan = some_plan()
    exact = with_exact(plan, answer((0, 1000)))
    (before,), (after,) = plan.footprint.cards, exact.footprint.cards
    assert after == replace(before, weights=1000, kv=2, compute=3)
    host = exact.footprint.host
    assert (host.weights, host.kv, host.compute) == (5, 6, 7)
    assert host.mapped <= host.weights
    assert exact.exact
    assert exact.fits
    assert not shortfall(exact)


def test_that_a_shortfall_is_what_is_missing_on_each_card() -> None:
    plan = some_plan()
    (card,) = plan.footprint.cards
    room = card.capacity - card.used - card.reserve - card.residual
    exact = with_exact(plan, answer((0, room + 1000 - 5)))
    assert not exact.fits
    assert shortfall(exact) == {0: 1000}
    assert with_reserve(exact, {0: 0}).fits == (card.reserve >= 1000)


def test_that_more_is_spared_each_time_and_at_least_what_was_reckoned_too_few() -> None:
    plan = some_plan()
    (card,) = plan.footprint.cards
    exact = with_exact(plan, answer((0, card.capacity)))
    more = more_to_spare(plan, exact, {})
    assert more[0] > exact.footprint.cards[0].total - card.total
    assert more_to_spare(plan, exact, more)[0] > more[0]
    fitting = with_exact(plan, answer((0, 1000)))
    assert more_to_spare(plan, fitting, {0: 7}) == {0: 7}
