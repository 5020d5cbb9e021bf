import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.get_model import GetModelPresenter, repository_in
from engine.download.values import DownloadPhase
from tests.support.engine import FakeEngine

REPOSITORY = "someone/tiny-GGUF"


@pytest.fixture
def getting(bridge: EngineBridge) -> GetModelPresenter:
    presenter = GetModelPresenter(bridge)
    bridge.start()
    return presenter


def offer(getting: GetModelPresenter, qtbot: QtBot) -> None:
    getting.search(REPOSITORY)
    qtbot.waitUntil(lambda: bool(getting.quantizations))


def phase(getting: GetModelPresenter) -> DownloadPhase | None:
    return None if getting.download is None else getting.download.phase


@pytest.mark.parametrize(
    ("text", "repository"),
    [
        ("someone/tiny-GGUF", "someone/tiny-GGUF"),
        ("  https://huggingface.co/someone/tiny-GGUF/ ", "someone/tiny-GGUF"),
        ("https://hf.example/someone/tiny.v1/tree/main", "someone/tiny.v1"),
        ("tiny llama", None),
        ("tiny", None),
        ("and/or what", None),
    ],
)
def test_that_a_repository_is_told_from_a_search(text: str, repository: str | None) -> None:
    assert repository_in(text) == repository


def test_that_a_search_finds_repositories(getting: GetModelPresenter, qtbot: QtBot) -> None:
    getting.search("   ")
    assert not getting.busy
    getting.search("tiny")
    assert getting.busy
    qtbot.waitUntil(lambda: not getting.busy)
    assert [hit.id for hit in getting.hits] == [REPOSITORY]
    assert getting.repository is None


def test_that_only_the_last_question_is_answered(getting: GetModelPresenter, qtbot: QtBot) -> None:
    getting.search("tiny")
    getting.search("no such thing")
    qtbot.waitUntil(lambda: not getting.busy)
    assert getting.hits == ()


def test_that_an_unknown_repository_is_told(getting: GetModelPresenter, qtbot: QtBot) -> None:
    told: list[str] = []
    getting.failed.connect(told.append)
    getting.search("no/such")
    qtbot.waitUntil(lambda: bool(told))
    assert "Check the spelling" in told[0]
    assert not getting.busy


def test_that_a_quantization_comes_and_can_be_chatted_with(
    getting: GetModelPresenter, qtbot: QtBot
) -> None:
    offer(getting, qtbot)
    assert [quantization.label for quantization in getting.quantizations] == ["Q4_K_M", "F16"]
    getting.chat_with_it()  # nothing came yet: nothing happens
    getting.fetch(getting.quantizations[0])
    assert phase(getting) is DownloadPhase.RUNNING
    qtbot.waitUntil(lambda: phase(getting) is DownloadPhase.DONE)
    assert getting.download is not None
    assert getting.download.received_bytes == getting.download.total_bytes
    chosen: list[str] = []
    getting.chosen.connect(chosen.append)
    getting.chat_with_it()
    assert chosen == [f"{REPOSITORY}:Q4_K_M"]


def test_that_a_transfer_is_cancelled_without_complaint_and_resumed(
    getting: GetModelPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.transfer_holds = True
    told: list[str] = []
    getting.failed.connect(told.append)
    offer(getting, qtbot)
    getting.fetch(getting.quantizations[0])
    qtbot.waitUntil(lambda: getting.download is not None and getting.download.received_bytes > 0)
    getting.fetch(getting.quantizations[1])  # one at a time
    getting.cancel()
    qtbot.waitUntil(lambda: phase(getting) is DownloadPhase.CANCELLED)
    assert getting.download is not None
    assert getting.download.id == f"{REPOSITORY}:Q4_K_M"
    engine.transfer_holds = False
    getting.resume()
    assert getting.download.received_bytes > 0  # what has arrived is kept
    qtbot.waitUntil(lambda: getting.model is not None)
    assert told == []
