"""Messages as a tree on disk: versions, hiding, forks, attachments."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.chats import ChatStore
from app.store.values import Attachment, Chat, StoredMessage
from engine.chat import Role, Sampling, StopReason, ToolCall
from engine.errors import StoreError

PICTURE = Attachment(name="dot.png", media_type="image/png", size_bytes=3, body=b"\x89PN")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chats.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(path)) as store:
        yield store


def say(store: ChatStore, chat: Chat, text: str, parent: int | None = None) -> int:
    role = Role.USER if text.endswith("?") else Role.ASSISTANT
    said = store.append(chat.id, StoredMessage(role=role, content=text, parent_id=parent))
    assert said.id is not None
    return said.id


def shown(store: ChatStore, chat: Chat) -> list[str]:
    return [message.content for message in store.messages(chat.id)]


def test_that_a_version_is_shown_when_it_is_said_and_arrows_lead_back(store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    old = say(store, chat, "Because.", why)
    more = say(store, chat, "And then?", old)
    end = say(store, chat, "The end.", more)
    assert store.versions(chat.id) == {}
    new = say(store, chat, "Who knows.", why)
    assert shown(store, chat) == ["Why?", "Who knows."]
    assert store.versions(chat.id) == {new: (old, new)}
    store.turn_to(chat.id, old)
    assert shown(store, chat) == ["Why?", "Because.", "And then?", "The end."]
    known = store.chat(chat.id)
    assert known is not None
    assert known.leaf_id == end


def test_that_an_edited_first_question_is_a_version_of_it(store: ChatStore) -> None:
    chat = store.new()
    first = say(store, chat, "Wat?")
    say(store, chat, "Hm.", first)
    second = say(store, chat, "What?")
    assert shown(store, chat) == ["What?"]
    assert store.versions(chat.id) == {second: (first, second)}


def test_that_hiding_takes_all_below_and_undo_brings_it_back(store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    answer = say(store, chat, "Because.", why)
    more = say(store, chat, "And?", answer)
    say(store, chat, "So.", more)
    store.hide(more)
    assert shown(store, chat) == ["Why?", "Because."]
    store.hide(answer)
    assert shown(store, chat) == ["Why?"]
    store.unhide(answer)
    assert shown(store, chat) == ["Why?", "Because."]
    store.unhide(more)
    assert shown(store, chat) == ["Why?", "Because.", "And?", "So."]


def test_that_what_lies_below_a_hidden_message_comes_back_with_it(store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    answer = say(store, chat, "Because.", why)
    more = say(store, chat, "And?", answer)
    store.hide(more)
    store.hide(answer)
    store.unhide(more)
    assert shown(store, chat) == ["Why?"]
    say(store, chat, "Too late.", more)
    assert shown(store, chat) == ["Why?"]
    store.unhide(answer)
    assert shown(store, chat) == ["Why?", "Because.", "And?", "Too late."]


def test_that_a_hidden_version_gives_way_to_its_sibling(store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    first = say(store, chat, "One.", why)
    say(store, chat, "Two.", why)
    third = say(store, chat, "Three.", why)
    store.hide(third)
    assert shown(store, chat) == ["Why?", "Two."]
    store.turn_to(chat.id, first)
    store.hide(first)
    assert shown(store, chat) == ["Why?", "Two."]
    store.hide(why)
    assert shown(store, chat) == []
    store.hide(why)  # twice is once
    store.unhide(why)
    assert shown(store, chat) == ["Why?", "Two."]


def test_that_the_hidden_is_gone_with_the_next_opening(path: Path, store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    secret = say(store, chat, "A secret.", why)
    assert len(store.search("secret")) == 1
    store.hide(secret)
    assert store.search("secret") == ()
    store.close()
    with closing(ChatStore(path)) as again:
        again.unhide(secret)
        assert shown(again, chat) == ["Why?"]
        assert again.search("secret") == ()


def test_that_a_fork_has_the_branch_and_is_its_own(store: ChatStore) -> None:
    chat = store.amend_chat(replace(store.new(title="Old", model="tiny"), system_prompt="Be kind."))
    question = StoredMessage(role=Role.USER, content="What is it?", attachments=(PICTURE,))
    asked = store.append(chat.id, question)
    assert asked.id is not None
    answer = say(store, chat, "A dot.", asked.id)
    say(store, chat, "And?", answer)
    fork = store.fork(chat.id, answer)
    assert shown(store, fork) == ["What is it?", "A dot."]
    assert (fork.title, fork.model, fork.system_prompt) == ("Old", "tiny", "Be kind.")
    store.delete(chat.id)
    (kept,) = store.messages(fork.id)[0].attachments
    assert kept.id is not None
    assert store.attachment(kept.id) == PICTURE.body
    with pytest.raises(StoreError):
        store.fork(chat.id, answer)


def test_that_bodies_of_attachments_are_read_when_asked_for(store: ChatStore) -> None:
    chat = store.new()
    said = store.append(
        chat.id, StoredMessage(role=Role.USER, content="Look.", attachments=(PICTURE,) * 2)
    )
    assert [one.body for one in said.attachments] == [None, None]
    assert store.messages(chat.id) == (said,)
    assert said.attachments[1].id is not None
    assert store.attachment(said.attachments[1].id) == b"\x89PN"
    with pytest.raises(StoreError, match="no longer there"):
        store.attachment(10**6)


def test_that_tool_calls_and_their_answers_come_back(store: ChatStore) -> None:
    chat = store.new()
    call = ToolCall(id="c1", name="look_up", arguments='{"word": "字"}')
    asked = store.append(
        chat.id, StoredMessage(role=Role.ASSISTANT, content="", tool_calls=(call,))
    )
    told = store.append(
        chat.id,
        StoredMessage(role=Role.TOOL, content="a word", tool_call_id="c1", parent_id=asked.id),
    )
    assert store.messages(chat.id) == (asked, told)
    assert asked.tool_calls == (call,)


def test_that_what_is_chosen_for_a_chat_is_kept(path: Path, store: ChatStore) -> None:
    folder = store.folders.new("Work")
    preset = store.presets.new("Cold", Sampling(temperature=0, logit_bias={5: -1.5}))
    chat = store.new(folder_id=folder.id)
    leaf = say(store, chat, "Hello?")
    wanted = replace(
        chat,
        title="Mine",
        title_is_own=True,
        model="tiny",
        leaf_id=leaf,
        pinned=True,
        archived=True,
        system_prompt="Be brief.",
        preset_id=preset.id,
        overflow="drop_oldest",
        draft="half a tho",
    )
    assert store.amend_chat(wanted) == wanted
    store.close()
    with closing(ChatStore(path)) as again:
        known = again.chat(chat.id)
        assert known is not None
        assert replace(known, updated_at=wanted.updated_at) == wanted
        assert again.presets.all() == (preset,)


def test_that_the_pinned_stand_first_and_each_place_has_its_own(store: ChatStore) -> None:
    first, second, third = (store.new(title=title) for title in ("first", "second", "third"))
    store.amend_chat(replace(first, pinned=True))
    store.amend_chat(replace(second, archived=True))
    store.trash(third.id)
    assert [chat.title for chat in store.chats()] == ["first"]
    assert [chat.title for chat in store.chats("archive")] == ["second"]
    assert [chat.title for chat in store.chats("trash")] == ["third"]
    store.restore(third.id)
    assert [chat.title for chat in store.chats()] == ["first", "third"]


def test_that_a_stop_reason_of_a_later_version_is_left(store: ChatStore) -> None:
    chat = store.new()
    answer = say(store, chat, "Yes.")
    text = '{"answer_tokens": 3, "stop": "length", "colour": "red"}'
    vars(store)["_connection"].execute("UPDATE messages SET statistics = ?", (text,))
    (message,) = store.messages(chat.id)
    assert message.id == answer
    assert message.statistics is not None
    assert message.statistics.stop is StopReason.LENGTH
    assert message.statistics.answer_tokens == 3


def test_that_a_very_long_chat_is_deleted_like_any_other(store: ChatStore) -> None:
    chat = store.new()
    parent = None
    for number in range(3000):
        parent = say(store, chat, f"{number}", parent)
    assert len(store.messages(chat.id)) == 3000
    store.delete(chat.id)
    assert store.chat(chat.id) is None


def test_that_a_leaf_kept_while_the_chat_went_on_hides_nothing(store: ChatStore) -> None:
    chat = store.new()
    why = say(store, chat, "Why?")
    stale = store.chat(chat.id)
    assert stale is not None
    answer = say(store, chat, "Because.", why)
    say(store, chat, "And?", answer)
    store.amend_chat(replace(stale, pinned=True))
    assert shown(store, chat) == ["Why?", "Because.", "And?"]


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["say", "hide", "unhide", "turn"]), st.integers(0, 30)),
        max_size=40,
    )
)
def test_that_what_is_shown_is_always_one_whole_branch(steps: list[tuple[str, int]]) -> None:
    with closing(ChatStore(Path(":memory:"))) as store:
        chat = store.new()
        parents = dict[int, int | None]()
        for what, at in steps:
            known = list(parents)
            chosen = known[at % len(known)] if known else 0
            visible = {one.id for one in store.tree(chat.id)}
            match what:
                case "say":
                    parent = chosen if chosen in visible and at else None
                    parents[say(store, chat, f"{at}", parent)] = parent
                case "hide":
                    store.hide(chosen)
                case "unhide":
                    store.unhide(chosen)
                case _:
                    store.turn_to(chat.id, chosen)
            branch = store.messages(chat.id)
            visible = {one.id for one in store.tree(chat.id)}
            assert bool(branch) == bool(visible)
            above = [None, *(one.id for one in branch)]
            assert [one.parent_id for one in branch] == above[:-1]
            assert all(
                number in versions and visible.issuperset(versions)
                for number, versions in store.versions(chat.id).items()
            )
