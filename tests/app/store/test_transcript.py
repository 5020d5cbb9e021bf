"""What was said, in memory and on disk, and what a model is told of it."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.chats import ChatStore
from app.store.telling import cleaned, quoted, request_messages, text_of
from app.store.transcript import Terms, Transcript, plain_title
from app.store.values import Attachment, StoredMessage
from engine.chat import Message, Role, ToolCall

HELLO = StoredMessage(role=Role.USER, content="Hello")
ANSWER = StoredMessage(role=Role.ASSISTANT, content="Grüß Gott 你好", reasoning="They greet me.")
NOTE = Attachment(name="a.py", media_type="text/plain", size_bytes=5, body=b"x = 1")
PICTURE = Attachment(name="a.png", media_type="image/png", size_bytes=4, body=b"\x89PNG")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(tmp_path / "chats.sqlite")) as store:
        yield store


@pytest.fixture
def talk(store: ChatStore) -> Transcript:
    transcript = Transcript(store, terms=Terms(system_prompt="Be brief."))
    transcript.add(HELLO)
    transcript.add(ANSWER)
    transcript.save()
    return transcript


def test_that_a_new_chat_comes_on_disk_with_its_terms(talk: Transcript, store: ChatStore) -> None:
    assert talk.chat is not None
    assert talk.chat.system_prompt == "Be brief."
    again = Transcript(store, store.chat(talk.chat.id))
    assert again.terms == talk.terms
    assert again.messages == talk.messages
    assert [message.parent_id for message in again.messages] == [None, talk.messages[0].id]


def test_that_what_is_cut_is_another_version(talk: Transcript, store: ChatStore) -> None:
    before = talk.messages
    talk.cut(1)
    assert talk.branched
    talk.add(StoredMessage(role=Role.ASSISTANT, content="Good day"))
    talk.save()
    assert not talk.branched
    last = talk.last
    assert last is not None
    assert last.id is not None
    assert before[1].id is not None
    assert talk.versions == {last.id: (before[1].id, last.id)}
    talk.turn_to(before[1].id)
    assert talk.messages == before
    assert talk.chat is not None
    assert store.messages(talk.chat.id) == before


def test_that_what_is_hidden_comes_back(talk: Transcript) -> None:
    before = talk.messages
    assert before[0].id is not None
    talk.hide(before[0].id)
    assert talk.messages == ()
    talk.unhide(before[0].id)
    assert talk.messages == before


def test_that_changes_are_numbered(talk: Transcript) -> None:
    seen = [talk.revision]
    talk.amend(ANSWER)
    seen.append(talk.revision)
    talk.add(HELLO)
    seen.append(talk.revision)
    talk.cut(0)
    seen.append(talk.revision)
    assert len(set(seen)) == 4


def test_that_a_chat_of_files_alone_is_named_after_the_first() -> None:
    assert plain_title(StoredMessage(role=Role.USER, content="", attachments=(NOTE,))) == "a.py"


def test_that_a_model_is_told_alternating_turns_and_no_empty_answers() -> None:
    empty = StoredMessage(role=Role.ASSISTANT, content="", failure="It died.")
    again = StoredMessage(role=Role.USER, content="Are you there?")
    assert request_messages((HELLO, empty, again, ANSWER), system_prompt="Be brief.") == (
        Message(role=Role.SYSTEM, content="Be brief."),
        Message(role=Role.USER, content="Hello\n\nAre you there?"),
        Message(role=Role.ASSISTANT, content="Grüß Gott 你好", reasoning="They greet me."),
    )


def test_that_files_stand_before_the_question_and_pictures_beside_it() -> None:
    asked = StoredMessage(role=Role.USER, content="Look", attachments=(PICTURE, NOTE))
    (told,) = request_messages((asked,))
    assert told.content == "`a.py`:\n```py\nx = 1\n```\n\nLook"
    assert told.images == (b"\x89PNG",)
    (joined,) = request_messages((asked, asked))
    assert joined.images == (b"\x89PNG", b"\x89PNG")


def test_that_calls_of_tools_and_their_results_stand_alone() -> None:
    call = ToolCall(id="1", name="add", arguments="{}")
    calls = StoredMessage(role=Role.ASSISTANT, content="", tool_calls=(call,))
    result = StoredMessage(role=Role.TOOL, content="3", tool_call_id="1")
    told = request_messages((HELLO, calls, result, result, ANSWER))
    assert [message.role for message in told] == ["user", "assistant", "tool", "tool", "assistant"]
    assert told[1].tool_calls == (call,)
    assert told[2].tool_call_id == "1"


@given(st.text(alphabet="`a\n", max_size=40))
def test_that_no_text_closes_its_own_fence(text: str) -> None:
    block = quoted("evil`\n.py", text)
    title, opening, *lines, closing_line = block.split("\n")
    assert title == "`evil' .py`:"
    fence = opening.removesuffix("py")
    assert closing_line == fence
    assert set(fence) == {"`"}
    longest = max(map(len, re.findall("`+", text)), default=0)
    assert len(fence) > longest
    assert "\n".join(lines).rstrip("\n") == text.rstrip("\n")


def test_that_a_text_file_may_be_anything() -> None:
    assert text_of("\ufeffGrüß\r\nGott\x00".encode()) == "Grüß\nGott"
    assert text_of(b"\xff\xfe") == "\ufffd\ufffd"
    assert cleaned("  \ud800 \x1b[31mred\r") == "? [31mred"
