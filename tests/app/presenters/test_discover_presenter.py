from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.discover import DiscoverPresenter, repository_in
from engine.download.values import SortBy
from engine.errors import HubUnreachable
from tests.support.engine import FakeEngine

TINY = "someone/tiny-GGUF"
GATED = "someone/gated-GGUF"


@pytest.fixture
def discover(bridge: EngineBridge, qtbot: QtBot) -> DiscoverPresenter:
    presenter = DiscoverPresenter(bridge)
    bridge.start()
    qtbot.waitUntil(lambda: bool(presenter.worthy_list.rows))
    return presenter


def found(discover: DiscoverPresenter) -> list[str]:
    return [find.hit.id for find in discover.finds_list.rows]


@pytest.mark.parametrize(
    ("text", "repository"),
    [
        (TINY, TINY),
        (f"  https://huggingface.co/{TINY}/ ", TINY),
        ("https://hf.example/someone/tiny.v1/tree/main", "someone/tiny.v1"),
        ("tiny llama", None),
        ("tiny", None),
        ("and/or what", None),
    ],
)
def test_that_a_repository_is_told_from_a_search(text: str, repository: str | None) -> None:
    assert repository_in(text) == repository


def test_that_what_is_worth_knowing_is_there_with_where_it_would_run(
    discover: DiscoverPresenter,
) -> None:
    assert [row.room for row in discover.worthy_list.rows] == ["cards", "neither"]
    assert not discover.searching


def test_that_typing_searches_once_the_hand_rests(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    for words in ("t", "ti", "tiny"):
        discover.type(words)
    qtbot.waitUntil(lambda: found(discover) == [TINY])
    assert [wish.words for wish in engine.discovery.searched] == ["tiny"]
    discover.type("")
    qtbot.waitUntil(lambda: not discover.searching)


def test_that_an_earlier_question_is_given_up(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.search_holds = True
    discover.type("huge")
    discover.search_now()
    qtbot.waitUntil(lambda: len(engine.discovery.searched) == 1)
    engine.discovery.search_holds = False
    discover.sift(replace(discover.sieve, words="gated"))
    qtbot.waitUntil(lambda: found(discover) == [GATED])
    assert engine.discovery.given_up <= 1
    assert not discover.busy


def test_that_a_search_can_be_stopped(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.search_holds = True
    discover.type("huge")
    discover.search_now()
    qtbot.waitUntil(lambda: discover.busy and bool(engine.discovery.searched))
    discover.cancel()
    assert not discover.busy
    qtbot.waitUntil(lambda: engine.discovery.given_up == 1)
    assert found(discover) == []


def test_that_what_does_not_fit_or_asks_for_a_login_can_be_left_out(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    discover.sift(replace(discover.sieve, sort=SortBy.DOWNLOADS))
    qtbot.waitUntil(lambda: len(found(discover)) == 3)
    discover.sift(replace(discover.sieve, fits=True))
    assert found(discover) == [TINY, GATED]
    discover.sift(replace(discover.sieve, open_only=True))
    assert found(discover) == [TINY]
    assert len(engine.discovery.searched) == 1


def test_that_without_a_network_it_is_said_once_and_tried_again(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    told: list[None] = []
    discover.failure_changed.connect(lambda: told.append(None))
    engine.discovery.failure = HubUnreachable("huggingface.co did not answer.")
    discover.type("tiny")
    discover.search_now()
    qtbot.waitUntil(lambda: discover.failure is not None)
    assert discover.offline
    assert "mirror" in str(discover.failure)
    engine.discovery.failure = None
    discover.try_again()
    qtbot.waitUntil(lambda: found(discover) == [TINY])
    assert discover.failure is None
    assert len(told) == 2


def test_that_a_typed_repository_opens_and_an_unknown_one_is_told(
    discover: DiscoverPresenter, qtbot: QtBot
) -> None:
    discover.type(TINY)
    discover.search_now()
    qtbot.waitUntil(lambda: discover.page is not None)
    discover.open("no/such")
    assert discover.page is None
    qtbot.waitUntil(lambda: discover.page_failure is not None)
    assert "Check the spelling" in str(discover.page_failure)
    discover.close_page()
    assert discover.repository is None


def test_that_a_gated_repository_opens_with_a_token(
    discover: DiscoverPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.discovery.needs_token = True
    discover.open(GATED)
    qtbot.waitUntil(lambda: discover.page_failure is not None)
    assert discover.gated
    assert not discover.has_token
    discover.set_token(" hf_secret ")
    qtbot.waitUntil(lambda: discover.page is not None)
    assert discover.has_token
    assert engine.discovery.token == "hf_secret"
