"""Links are other people's words: each is a value or a refusal, and never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.links import MOST_LINK, ChatLink, LinkRefused, ModelLink, is_link, parse
from tests.support.pace import allowed, spent

REPOSITORY = "bartowski/Qwen2.5-7B-Instruct-GGUF"


@pytest.mark.parametrize(
    ("word", "quantization"),
    [
        (f"fullbore://model/{REPOSITORY}", None),
        (f"fullbore://model/{REPOSITORY}/", None),
        (f"FULLBORE://Model/{REPOSITORY}:Q4_K_M", "Q4_K_M"),
        (f"fullbore://model/{REPOSITORY}%3AQ4_K_M", "Q4_K_M"),
        (f"https://huggingface.co/{REPOSITORY}", None),
        (f"https://hf.co/{REPOSITORY}/tree/main?not-for-all-audiences=true#top", None),
        (f"https://huggingface.co/{REPOSITORY}/blob/main/Qwen%20Q4_K_M.gguf", None),
    ],
)
def test_that_a_link_names_a_repository(word: str, quantization: str | None) -> None:
    assert is_link(word)
    assert parse(word) == ModelLink(repository=REPOSITORY, quantization=quantization)


def test_that_a_link_brings_a_text_as_it_was_written() -> None:
    assert parse("fullbore://chat?text=Hello%2C+world%0A%E4%BD%A0%E5%A5%BD") == ChatLink(
        text="Hello, world\n你好"
    )


@pytest.mark.parametrize(
    "word",
    [
        "fullbore:",
        "fullbore://",
        "fullbore://open?path=/etc/passwd",
        "fullbore://settings?port=1",
        "fullbore://model/",
        "fullbore://model/only-an-owner",
        "fullbore://model/a/b/c",
        "fullbore://model/../b",
        "fullbore://model/a/..",
        "fullbore://model/a..b/c",
        "fullbore://model/a%2F..%2F../b",
        "fullbore://model/a/b:Q4_K_M:more",
        "fullbore://model/a/b?download=now",
        "fullbore://model/a/%ff",
        f"fullbore://model/a/{'b' * 97}",
        "fullbore://model/ä/b",
        "fullbore://user@model/a/b",
        "fullbore://model:80/a/b",
        "fullbore://chat",
        "fullbore://chat?text=",
        "fullbore://chat?text=%00",
        "fullbore://chat?text=a%E2%80%AEb",  # turns what follows around
        "fullbore://chat?text=%F3%A0%81%81",  # a tag: seen by models alone
        "fullbore://chat?text=a&send=1",
        "fullbore://chat?text=a&text=b",
        "fullbore://chat/elsewhere?text=a",
        f"fullbore://chat?text={'a' * 8001}",
        f"fullbore://chat?text={'a' * MOST_LINK}",
        "fullbore://[/a",
        "fullbore://model/a/b\nc",
        "https://huggingface.co/",
        "https://huggingface.co/datasets/a",
        "https://huggingface.co/datasets/a/b",
        "https://user:secret@huggingface.co/a/b",
        "https://huggingface.co.example.org/a/b",
        "https://example.org/a/b",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_that_what_is_not_understood_is_refused_with_a_sentence(word: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        parse(word)
    assert str(refused.value).endswith(".")
    assert refused.value.remedy


@pytest.mark.parametrize("word", ["", "model.gguf", "/opt/me/fullbore.gguf", "C:\\models\\a.gguf"])
def test_that_paths_are_no_links(word: str) -> None:
    assert not is_link(word)


_TAILS = st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1")))
_HEADS = st.sampled_from(
    ["", "fullbore:", "fullbore://model/", "fullbore://chat?text=", "https://huggingface.co/a/"]
)


@given(head=_HEADS, tail=_TAILS)
def test_that_any_words_are_a_link_or_refused(head: str, tail: str) -> None:
    is_link(head + tail)
    try:
        link = parse(head + tail)
    except LinkRefused:
        return
    match link:
        case ModelLink():
            assert link.repository.isascii()
            assert link.repository.count("/") == 1
            assert ".." not in link.repository
        case ChatLink():
            assert link.text.strip()
            assert "\x00" not in link.text


@pytest.mark.parametrize("piece", ["a", "/", "%", "a-", "&text=", "%41", ":", "["])
def test_that_long_links_are_judged_at_once(piece: str) -> None:
    def judge() -> None:
        for head in ("fullbore://model/a/", "fullbore://chat?text=", "https://huggingface.co/a/"):
            word = head + piece * 1_000_000
            is_link(word)
            for told in (word, word[:MOST_LINK]):
                with pytest.raises(LinkRefused):
                    parse(told)

    assert spent(judge) < allowed(1.0)
