"""Own ways of sampling and own prompts, over the real store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.presenters.presets import PresetsPresenter
from app.presenters.snippets import SnippetsPresenter
from app.store.chats import ChatStore
from engine.chat import Sampling

COLD = Sampling(temperature=0.1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChatStore]:
    store = ChatStore(tmp_path / "chats.sqlite")
    yield store
    store.close()


@pytest.fixture
def presets(store: ChatStore) -> PresetsPresenter:
    return PresetsPresenter(store)


@pytest.fixture
def snippets(store: ChatStore) -> SnippetsPresenter:
    return SnippetsPresenter(store)


def test_that_presets_are_made_named_changed_and_deleted(
    presets: PresetsPresenter, store: ChatStore
) -> None:
    made = presets.add("Cold", COLD)
    assert made is not None
    presets.change(made.id, replace(COLD, seed=3))
    presets.rename(made.id, "  Very   cold ")
    again = PresetsPresenter(store)
    assert [(one.name, one.sampling.seed) for one in again.presets] == [("Very cold", 3)]
    presets.rename(made.id, " ")
    assert presets.presets[0].name == "Very cold"
    presets.delete(made.id)
    assert presets.presets == ()
    assert presets.preset(made.id) is None


def test_that_a_name_that_is_taken_gets_a_number(presets: PresetsPresenter) -> None:
    names = [made.name for made in (presets.add("Cold", COLD) for _ in range(3)) if made]
    assert names == ["Cold", "Cold 2", "Cold 3"]
    blank = presets.add(" ", COLD)
    assert blank is not None
    assert blank.name == "Preset"


def test_that_prompts_are_found_by_name_first(snippets: SnippetsPresenter) -> None:
    for name, text in (("plain", "review me"), ("Review", "Look at this"), ("other", "else")):
        assert snippets.add(name, text) is not None
    assert [one.name for one in snippets.matching("re")] == ["Review", "plain"]
    assert [one.name for one in snippets.matching("")] == ["other", "plain", "Review"]
    assert snippets.matching("usr/bin") == ()


def test_that_a_prompt_s_name_is_one_word(snippets: SnippetsPresenter) -> None:
    made = snippets.add(" /code review ", "Look")
    assert made is not None
    assert made.name == "code-review"


def test_that_a_prompt_without_name_or_text_or_with_another_s_name_is_refused(
    snippets: SnippetsPresenter,
) -> None:
    told: list[str] = []
    snippets.failed.connect(told.append)
    assert snippets.add("", "text") is None
    assert snippets.add("name", " ") is None
    first = snippets.add("name", "text")
    assert first is not None
    assert snippets.add("NAME", "text") is None
    assert len(told) == 3
    assert snippets.amend(replace(first, text="other"))
    assert snippets.snippets[0].text == "other"
    snippets.delete(first.id)
    assert snippets.snippets == ()
