from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.worker.dialect import Dialect

bodies = st.text(alphabet="ab<>/think \n", max_size=30).filter(lambda text: "</think>" not in text)
words = st.text(alphabet="ab<>k", min_size=1, max_size=12)
cuts = st.lists(st.integers(0, 120))


def split(text: str, at: list[int], prompt: str = "") -> tuple[str, str]:
    borders = [0, *sorted(min(place, len(text)) for place in at), len(text)]
    dialect = Dialect(prompt)
    said = [dialect.feed(text[a:b]) for a, b in pairwise(borders)]
    said.append(dialect.finish())
    return "".join(part.answer for part in said), "".join(part.reasoning for part in said)


def test_that_a_continued_answer_is_told_as_it_comes() -> None:
    dialect = Dialect("<think>Hm.</think>So", continues=True)
    assert dialect.feed(" <think> is a tag").answer == " <think> is a tag"


def test_that_continued_reasoning_keeps_its_white_space_and_ends_at_its_tag() -> None:
    dialect = Dialect("Why?<think>Hm", continues=True)
    said = [dialect.feed(" so"), dialect.feed(" it is.</think>\n\nBe"), dialect.feed("cause")]
    assert "".join(part.reasoning for part in said) == " so it is."
    assert "".join(part.answer for part in said) == "Because"


@given(bodies, words, cuts)
def test_that_reasoning_is_split_from_the_answer_however_it_is_cut(
    thought: str, answer: str, at: list[int]
) -> None:
    text = f"\n<think>\n{thought}\n</think>\n\n{answer}"
    assert split(text, at) == (answer, thought.strip())


@given(bodies, words, cuts)
def test_that_a_tag_opened_in_the_prompt_begins_with_reasoning(
    thought: str, answer: str, at: list[int]
) -> None:
    prompt = "<|assistant|>\n<think>\n"
    assert split(f"{thought}</think>\n\n{answer}", at, prompt) == (answer, thought.strip())


@given(bodies, cuts)
def test_that_unfinished_reasoning_is_reasoning(thought: str, at: list[int]) -> None:
    assert split(f"<think>{thought}", at) == ("", thought.strip())


@given(bodies.filter(lambda text: not text.lstrip().startswith("<think>")), cuts)
def test_that_an_answer_without_reasoning_is_left_alone(answer: str, at: list[int]) -> None:
    assert split(answer, at) == (answer, "")


def test_that_a_tag_later_in_the_answer_is_text() -> None:
    assert split("Write <think>x</think>.", []) == ("Write <think>x</think>.", "")


def test_that_reasoning_closed_in_the_prompt_is_over() -> None:
    assert split("Yes.", [], "<think>\n\n</think>\n\n") == ("Yes.", "")


def test_that_reasoning_is_told_as_it_streams() -> None:
    dialect = Dialect("")
    assert dialect.feed("<think>One two").reasoning == "One two"
    assert dialect.feed(" three </th").reasoning == " three"
    assert dialect.feed("ink>\nFour").answer == "Four"
