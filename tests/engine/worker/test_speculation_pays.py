import random
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice

import hypothesis.strategies as st
from hypothesis import given, settings

from engine.worker.speculation_pays import MOST_TOKENS, Luck, Payoff, StepCosts, class_of

STEP_SECONDS = 0.010
Cost = Callable[[int], float]


def on_a_card(guesses: int) -> float:
    return STEP_SECONDS * (1 + 0.02 * guesses)


def on_a_processor(guesses: int) -> float:
    return STEP_SECONDS * (1 + (0.3 + 0.35 * guesses if guesses else 0))


def dearly(guesses: int) -> float:
    return STEP_SECONDS * (1 + 1.2 * guesses)


class Run:
    """Answers whose every token is guessed, rightly or wrongly, one writer after the other.

    `turning_back` is what a plain step takes more where the step before had guesses.
    """

    def __init__(self, cost: Cost, *, turning_back: float = 0.0) -> None:
        self.payoff = Payoff()
        self.cost = cost
        self.turning_back = turning_back
        self.lengths: list[int] = []

    def seconds(self, rights: Iterable[bool], tokens: int, trust: int, writers: int = 1) -> float:
        """For so many tokens of `writers` answers, of which one is guessed for."""
        luck, said, seconds = Luck(self.payoff.everybody), 0, 0.0
        stream: Iterator[bool] = iter(rights)
        while said < tokens:
            most = min(MOST_TOKENS, tokens - said - 1)
            may = self.payoff.may_guess(writers)
            length = self.payoff.length(luck, trust, writers, 0, most) if may else 0
            took = self.cost(length)
            if not length and self.lengths and self.lengths[-1]:
                took += self.turning_back
            seconds += took
            self.lengths.append(length)
            right = 0
            while right < length and next(stream):
                right += 1
            said += 1 + right
            if length:
                paid = self.payoff.saw_guesses(writers, length, right, took)
                luck.saw(trust, right, length, paid=paid)
            else:
                self.payoff.saw_plain(writers, took)
        return seconds


def test_that_guesses_that_are_right_make_answers_several_times_faster() -> None:
    run = Run(on_a_card)
    assert run.seconds(cycle([True]), 400, trust=3) < 0.2 * 400 * STEP_SECONDS
    assert max(run.lengths) == MOST_TOKENS


def test_that_they_pay_on_a_processor_too_where_every_token_costs() -> None:
    run = Run(on_a_processor)
    assert run.seconds(cycle([True]), 400, trust=2) < 0.6 * 400 * STEP_SECONDS


def test_that_they_are_left_alone_where_a_guess_costs_more_than_a_step() -> None:
    run = Run(dearly)
    assert run.seconds(cycle([True]), 1000, trust=3) < 1.02 * 1000 * STEP_SECONDS
    assert sum(length > 0 for length in run.lengths[200:]) < 30


def test_that_guesses_come_back_once_the_text_repeats() -> None:
    run = Run(on_a_card)
    run.seconds(cycle([False]), 500, trust=0)
    before = len(run.lengths)
    run.seconds(cycle([True]), 500, trust=3)
    assert len(run.lengths) - before < 250


def test_that_one_lucky_answer_among_many_is_not_worth_the_others_time() -> None:
    run = Run(on_a_processor)
    run.seconds(cycle([True]), 400, trust=3, writers=32)
    assert sum(length > 0 for length in run.lengths[50:]) < 5


@settings(max_examples=60)
@given(
    st.sampled_from([on_a_card, on_a_processor, dearly]),
    st.floats(0, 0.3),
    st.integers(0, 3),
    st.integers(0, 1000),
    st.sampled_from([0.0, 0.1 * STEP_SECONDS, 0.5 * STEP_SECONDS]),
)
def test_that_wrong_guesses_cost_at_most_two_hundredths(
    cost: Cost, chance: float, trust: int, seed: int, turning_back: float
) -> None:
    dice = random.Random(seed)
    run = Run(cost, turning_back=turning_back)
    rights = (dice.random() < chance for _ in cycle([0]))
    assert run.seconds(rights, 400, trust) <= 1.02 * 400 * STEP_SECONDS


@settings(max_examples=30)
@given(st.sampled_from([on_a_card, on_a_processor, dearly]), st.integers(0, 3))
def test_that_what_was_won_is_not_lost_again(cost: Cost, trust: int) -> None:
    run = Run(cost)
    run.seconds(cycle([True]), 300, trust)
    assert run.seconds(cycle([False]), 400, trust) <= 1.02 * 400 * STEP_SECONDS


def test_that_a_step_held_up_by_another_program_does_not_end_it() -> None:
    late = iter(islice(cycle([False] * 15 + [True]), 10_000))

    def held_up(guesses: int) -> float:
        return on_a_card(guesses) * (20 if next(late) else 1)

    run = Run(held_up)
    run.seconds(cycle([True]), 3000, trust=3)
    assert sum(length > 0 for length in run.lengths) > len(run.lengths) / 2


def test_that_costs_between_measured_widths_are_between_them() -> None:
    costs = StepCosts()
    costs.saw_plain(1, 0.01)
    costs.saw_guesses(1, 2, 0.012)
    costs.saw_guesses(1, 12, 0.02)
    assert costs.added(1, 2) < costs.added(1, 6) < costs.added(1, 14)
    assert costs.added(1, 0) == 0


def test_that_longer_agreements_are_trusted_more() -> None:
    assert [class_of(length) for length in (3, 4, 5, 6, 9, 10, 32)] == [0, 1, 1, 2, 2, 3, 3]


def test_that_the_step_after_guesses_tells_nothing_of_plain_steps() -> None:
    payoff = Payoff()
    payoff.saw_plain(2, STEP_SECONDS)
    payoff.saw_guesses(2, 4, 0, 2 * STEP_SECONDS)
    payoff.saw_plain(2, 1.5 * STEP_SECONDS)
    assert payoff.costs.plain(2) == STEP_SECONDS
    payoff.saw_guesses(2, 4, 0, 2 * STEP_SECONDS)
    payoff.saw_plain(1, 1.5 * STEP_SECONDS)  # one writer has left meanwhile
    assert payoff.costs.plain(1) is None
    payoff.saw_plain(1, STEP_SECONDS)
    assert payoff.costs.plain(1) == STEP_SECONDS
