"""What is told under an answer, and how counts of tokens are written."""

import pytest

from app.store.values import Statistics
from app.views import words
from app.views.chat.said import statistics_words
from engine.chat import StopReason


def told(stop: StopReason | None) -> str:
    spent = Statistics(
        answer_tokens=877,
        tokens_per_second=30.4,
        first_token_seconds=0.17,
        prompt_tokens=60,
        reused_tokens=1234,
        stop=stop,
        model="Qwen3-8B",
        plan="all on the card, 8k context",
    )
    return statistics_words(spent)


def test_that_an_answer_tells_what_it_cost_and_below_that_what_it_ran_with() -> None:
    line, ran_with = told(StopReason.END).split("\n")
    assert line == "877 tokens · 30.4 tok/s · first after 0.17 s · 1,234 reused"
    assert ran_with == "Qwen3-8B · all on the card, 8k context · 60 tokens read"


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (None, "stopped"),
        (StopReason.LENGTH, "cut at the limit"),
        (StopReason.STOP, "ended at a stop word"),
    ],
)
def test_that_an_answer_that_did_not_end_by_itself_says_why(
    stop: StopReason | None, says: str
) -> None:
    assert told(stop).split("\n")[0].endswith(f" · {says}")


def test_that_what_is_used_and_what_is_left_of_a_context_are_told_in_the_same_thousands() -> None:
    assert words.count(8192) == "8k"
    assert words.count(8192 - 60) == "7.9k"
    assert words.count(1000) == "1000"
    assert words.count(131072) == "128k"
    assert words.count(200_000) == "195k"


def test_that_a_whole_number_is_told_with_its_places() -> None:
    assert words.speed(0) == "0.0 tok/s"
