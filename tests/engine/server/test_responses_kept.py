"""What is kept of conversations, and when it is forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chat import ChatRequest, Finished, Piece, StopReason, Timings
from engine.server.errors import UnknownResponse
from engine.server.openai.conversations import Conversations, kept_items, read_items
from engine.server.openai.responses_events import writing_of
from engine.server.openai.responses_said import Response
from engine.server.openai.responses_schema import ResponsesBody

TIMINGS = Timings(
    prompt_tokens=1,
    reused_tokens=0,
    answer_tokens=1,
    queue_seconds=0,
    prompt_seconds=0,
    decode_seconds=0,
)


def answered(text: str) -> Response:
    body = ResponsesBody.model_validate({"input": "Hi"})
    writing = writing_of(body, ChatRequest(messages=()), "m")
    for delta in (Piece(text=text, tokens=1), Finished(reason=StopReason.END, timings=TIMINGS)):
        for _ in writing.hear(delta):
            pass
    return writing.response


def turn(conversations: Conversations, text: str, *, after: str | None = None) -> str:
    earlier = conversations.thread(after) if after else ()
    asked = kept_items([{"role": "user", "content": text}])
    response = answered(f"about {text}")
    conversations.keep(response, (*earlier, *asked))
    return response["id"]


def said(conversations: Conversations, id_: str) -> list[str]:
    return [item.content.text for item in read_items(conversations.thread(id_))]


def test_that_the_oldest_are_forgotten_and_the_threads_of_others_stay_whole() -> None:
    conversations = Conversations(most_responses=2)
    first = turn(conversations, "one")
    second = turn(conversations, "two", after=first)
    third = turn(conversations, "three", after=second)
    assert len(conversations) == 2
    with pytest.raises(UnknownResponse, match="forgotten"):
        conversations.thread(first)
    assert said(conversations, third) == [
        "one",
        "about one",
        "two",
        "about two",
        "three",
        "about three",
    ]


def test_that_what_two_share_counts_once() -> None:
    conversations = Conversations()
    first = turn(conversations, "a" * 10_000)
    one = conversations.size
    second = turn(conversations, "b", after=first)
    assert conversations.size < 1.2 * one
    conversations.forget(first)
    assert conversations.size > 10_000
    assert said(conversations, second)[0] == "a" * 10_000
    conversations.forget(second)
    assert conversations.size == 0


def test_that_bytes_are_a_limit_too() -> None:
    conversations = Conversations(most_bytes=50_000)
    ids = [turn(conversations, "x" * 10_000) for _ in range(6)]
    assert 0 < len(conversations) < 5
    assert conversations.size <= 50_000
    assert said(conversations, ids[-1])[0] == "x" * 10_000
    huge = turn(conversations, "y" * 60_000)
    assert len(conversations) == 0
    with pytest.raises(UnknownResponse):
        conversations.response(huge)


def test_that_an_id_that_clients_choose_hides_no_bytes() -> None:
    conversations = Conversations(most_bytes=50_000)
    for _ in range(6):
        asked = kept_items([{"role": "user", "content": "z" * 10_000, "id": "mine"}])
        conversations.keep(answered("yes"), asked)
    assert len(conversations) < 5
    assert conversations.size <= 50_000


def test_that_what_one_owner_keeps_is_not_there_for_another() -> None:
    conversations = Conversations()
    secret = kept_items([{"role": "user", "content": "secret", "id": "msg_1"}])
    mine, other = answered("a"), kept_items([{"role": "user", "content": "plain", "id": "msg_1"}])
    conversations.keep(mine, secret, owner="me")
    conversations.keep(answered("b"), other, owner="you")
    for owner in ("you", None):
        with pytest.raises(UnknownResponse):
            conversations.thread(mine["id"], owner=owner)
        with pytest.raises(UnknownResponse):
            conversations.forget(mine["id"], owner=owner)
    assert conversations.item("msg_1", owner="me") == secret[0]
    assert conversations.item("msg_1", owner="you") == other[0]
    assert conversations.item("msg_1") is None
    conversations.forget(mine["id"], owner="me")
    assert conversations.item("msg_1", owner="me") is None
    assert conversations.item("msg_1", owner="you") == other[0]


@given(moves=st.lists(st.tuples(st.sampled_from(["begin", "follow", "forget"]), st.integers(0, 9))))
def test_that_the_count_of_bytes_is_that_of_what_is_there(moves: list[tuple[str, int]]) -> None:
    conversations = Conversations(most_responses=4, most_bytes=8_000)
    ids: list[str] = []
    for move, number in moves:
        known = [each for each in ids if _is_kept(conversations, each)]
        if move == "begin" or not known:
            ids.append(turn(conversations, "t" * number * 50))
        elif move == "follow":
            ids.append(turn(conversations, "t", after=known[number % len(known)]))
        else:
            conversations.forget(known[number % len(known)])
        assert len(conversations) <= 4
        assert conversations.size <= 8_000
    for each in ids:
        if _is_kept(conversations, each):
            conversations.forget(each)
    assert conversations.size == 0


def _is_kept(conversations: Conversations, id_: str) -> bool:
    try:
        conversations.response(id_)
    except UnknownResponse:
        return False
    return True
