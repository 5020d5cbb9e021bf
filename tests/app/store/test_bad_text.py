"""Text that is no text: defined behaviour, and no crash."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.store.chats import ChatStore
from app.store.rows import MOST_CHARACTERS
from app.store.values import Attachment, StoredMessage
from engine.chat import Role
from engine.errors import StoreError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    with closing(ChatStore(tmp_path / "chats.sqlite")) as store:
        yield store


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("half \ud83d of one", "half � of one"),
        ("\udc00", "�"),
        ("whole \ud83d\ude00", "whole 😀"),
        ("nul \0 bell \x07 delete \x7f", "nul \0 bell \x07 delete \x7f"),
        (
            "\u202eright to left\u202c e\u0301\u0301\u0301",
            "\u202eright to left\u202c e\u0301\u0301\u0301",
        ),
    ],
)
def test_that_every_text_is_kept_as_far_as_it_can_be(
    store: ChatStore, written: str, kept: str
) -> None:
    chat = store.new(title=written)
    message = StoredMessage(
        role=Role.ASSISTANT,
        content=written,
        reasoning=written,
        failure=written,
        attachments=(Attachment(name=written, media_type="text/plain", size_bytes=0, body=b""),),
    )
    said = store.append(chat.id, message)
    assert (said.content, said.reasoning, said.failure) == (kept, kept, kept)
    assert said.attachments[0].name == kept
    assert store.messages(chat.id) == (said,)
    store.amend(replace(said, content=written * 2))
    known = store.amend_chat(replace(chat, draft=written, system_prompt=written))
    assert (known.title, known.draft, known.system_prompt) == (kept, kept, kept)
    store.rename(chat.id, written)
    assert store.folders.new(written).name == kept
    assert store.snippets.new(written, written).text == kept
    store.search(written)


def test_that_a_hundred_megabytes_are_kept_and_more_is_refused_in_a_sentence(
    store: ChatStore,
) -> None:
    chat = store.new()
    huge = "needle " + "x" * (MOST_CHARACTERS - 7)
    said = store.append(chat.id, StoredMessage(role=Role.USER, content=huge))
    assert len(store.messages(chat.id)[0].content) == MOST_CHARACTERS
    assert len(store.search("needle")) == 1
    with pytest.raises(StoreError, match="too long"):
        store.amend(replace(said, content=huge + "!"))
    assert store.messages(chat.id) == (said,)
