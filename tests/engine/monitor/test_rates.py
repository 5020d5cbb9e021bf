"""What is accounted of answers, tokens and energy."""

import pytest

from engine.chat import Timings
from engine.hardware.machine import GpuReading, Reading
from engine.host.facts import AnswerEnded, StreamsMoved
from engine.host.holding import Traffic, traffic
from engine.monitor.rates import LONGEST_SECONDS, MOST_ANSWERS, Account, percentile
from engine.monitor.values import Rates

MODEL = "tiny"


def reading(at: float, *watts: float | None) -> Reading:
    gpus = tuple(
        GpuReading(
            index=number,
            name="Test card",
            memory_total_bytes=None,
            memory_used_bytes=None,
            utilization=None,
            temperature_celsius=None,
            power_watts=drawn,
            power_limit_watts=None,
        )
        for number, drawn in enumerate(watts)
    )
    return Reading(at_seconds=at, cpu=0.0, memory_total_bytes=1, memory_used_bytes=0, gpus=gpus)


def answer(
    *, first: float = 0.5, prompt: int = 100, reused: int = 20, drafted: int = 0, accepted: int = 0
) -> AnswerEnded:
    timings = Timings(
        prompt_tokens=prompt,
        reused_tokens=reused,
        answer_tokens=50,
        queue_seconds=0.0,
        prompt_seconds=first,
        decode_seconds=1.0,
        drafted_tokens=drafted,
        accepted_tokens=accepted,
    )
    return AnswerEnded(model=MODEL, timings=timings)


def streams(count: int, *, tps: float = 0.0, tokens: int = 0, model: str = MODEL) -> StreamsMoved:
    return StreamsMoved(
        model=model,
        streams=count,
        decode_tps=tps,
        context_used_tokens=0,
        context_tokens=1,
        tokens=tokens,
    )


def at(account: Account, seconds: float, *watts: float | None, busy: int = 0) -> Rates:
    return account.read(reading(seconds, *watts), Traffic(streams=busy), range(len(watts)))


def test_that_nothing_is_told_of_what_was_not_measured() -> None:
    assert at(Account(), 1.0) == Rates()


def test_that_percentiles_are_of_the_last_answers() -> None:
    account = Account()
    for hundredth in range(1, 101):
        account.ended(answer(first=hundredth / 100), 1.0)
    rates = at(account, 1.0)
    assert rates.first_token_p50 == 0.50
    assert rates.first_token_p95 == 0.95
    assert rates.first_token_p99 == 0.99
    assert rates.answers == 100
    assert percentile([0.7], 0.99) == 0.7


def test_that_shares_are_of_all_tokens_not_of_answers() -> None:
    account = Account()
    account.ended(answer(first=1.0, prompt=1000, reused=900), 1.0)
    account.ended(answer(first=1.0, prompt=100, reused=0, drafted=10, accepted=4), 1.0)
    rates = at(account, 1.0)
    assert rates.reuse == pytest.approx(900 / 1100)
    assert rates.acceptance == pytest.approx(0.4)
    assert rates.prompt_tps == pytest.approx(100.0)


def test_that_the_account_is_bounded_by_number_and_by_time() -> None:
    account = Account()
    for _ in range(MOST_ANSWERS + 50):
        account.ended(answer(), 1.0)
    assert at(account, 2.0).answers == MOST_ANSWERS
    account.ended(answer(), 500.0)
    assert at(account, 2.0 + LONGEST_SECONDS).answers == 1
    assert at(account, 501.0 + LONGEST_SECONDS).answers == 0


def test_that_failures_are_counted_and_what_was_given_up_is_neither() -> None:
    account = Account()
    account.ended(answer(), 1.0)
    account.ended(AnswerEnded(model=MODEL, timings=None, failed=True), 1.0)
    account.ended(AnswerEnded(model=MODEL, timings=None), 1.0)
    rates = at(account, 1.0)
    assert (rates.answers, rates.failures) == (1, 1)


def test_that_decode_is_what_all_models_write_now() -> None:
    account = Account()
    account.moved(streams(1, tps=40.0), 10.0)
    account.moved(streams(2, tps=60.0, model="other"), 10.0)
    assert at(account, 10.2).decode_tps == 100.0
    account.moved(streams(0, tps=8.0), 10.3)  # the last word of an answer that is over
    assert at(account, 10.4).decode_tps == 60.0
    account.gone("other")
    assert at(account, 10.5).decode_tps == 0.0
    account.moved(streams(1, tps=40.0), 10.5)
    assert at(account, 20.0).decode_tps == 0.0  # nothing was heard since


def test_that_energy_is_what_the_cards_drew_while_somebody_was_answered() -> None:
    account = Account()
    at(account, 10.0, 100.0)
    at(account, 11.0, 100.0, busy=1)  # idle until now: not counted
    account.moved(streams(1, tps=50.0, tokens=50), 11.9)
    at(account, 12.0, 300.0, busy=1)  # 200 J
    account.moved(streams(1, tps=50.0, tokens=50), 12.9)
    assert at(account, 13.0, 300.0).joules_per_token == pytest.approx(5.0)  # 300 J
    assert at(account, 20.0, 300.0).joules_per_token == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("then", "now", "seconds"), [((300.0,), (None,), 1.0), ((300.0,), (300.0,), 60.0)]
)
def test_that_energy_is_not_guessed_over_a_gap(
    then: tuple[float | None], now: tuple[float | None], seconds: float
) -> None:
    account = Account()
    at(account, 10.0, *then, busy=1)
    account.moved(streams(1, tokens=50), 10.5)
    assert at(account, 10.0 + seconds, *now, busy=1).joules_per_token is None


def test_that_what_finds_no_place_waits() -> None:
    assert traffic([(6, 4)], 7) == Traffic(streams=4, queued=3)
    assert traffic([(1, 4), (2, 4)], 3) == Traffic(streams=3, queued=0)
    assert traffic([], 2) == Traffic(streams=0, queued=2)
