import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.downloads import MIRROR, DownloadsPresenter
from engine.download.values import Download, DownloadPhase
from tests.support.engine import FakeEngine


def waiting(name: str, phase: DownloadPhase = DownloadPhase.QUEUED) -> Download:
    return Download(id=name, phase=phase, received_bytes=0, total_bytes=4_000_000)


@pytest.fixture
def downloads(bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot) -> DownloadsPresenter:
    """Three that a start before this one left in the queue."""
    engine.downloads.add(
        waiting("a/a:Q4", DownloadPhase.RUNNING), waiting("b/b:Q4"), waiting("c/c:Q4")
    )
    presenter = DownloadsPresenter(bridge)
    bridge.start()
    qtbot.waitUntil(lambda: len(presenter.downloads) == 3)
    return presenter


def order(downloads: DownloadsPresenter) -> list[str]:
    return [row.id for row in downloads.downloads]


def phase(downloads: DownloadsPresenter, name: str) -> DownloadPhase:
    return next(row.phase for row in downloads.downloads if row.id == name)


def test_that_facts_move_the_rows_and_their_sums(
    downloads: DownloadsPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.tell(lambda _: engine.downloads.advance("a/a:Q4", 2_000_000, 2e6))
    qtbot.waitUntil(lambda: downloads.bytes_per_second == 2e6)
    assert downloads.fraction == pytest.approx(2 / 12)
    assert downloads.seconds_left == pytest.approx(5.0)


def test_that_one_is_paused_goes_on_and_is_stopped(
    downloads: DownloadsPresenter, qtbot: QtBot
) -> None:
    downloads.pause("a/a:Q4")
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is DownloadPhase.PAUSED)
    downloads.resume("a/a:Q4")
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is not DownloadPhase.PAUSED)
    downloads.cancel("a/a:Q4")
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is DownloadPhase.CANCELLED)


def test_that_all_are_paused_and_go_on(downloads: DownloadsPresenter, qtbot: QtBot) -> None:
    downloads.pause_all()
    qtbot.waitUntil(lambda: not downloads.can_pause)
    assert downloads.can_resume
    assert downloads.seconds_left is None
    downloads.resume_all()
    qtbot.waitUntil(lambda: not downloads.can_resume)


def test_that_the_queue_is_put_in_another_order(
    downloads: DownloadsPresenter, qtbot: QtBot
) -> None:
    downloads.move("c/c:Q4", 0)
    qtbot.waitUntil(lambda: order(downloads) == ["c/c:Q4", "a/a:Q4", "b/b:Q4"])
    downloads.move("c/c:Q4", -1)  # it is the first already
    downloads.move("a/a:Q4", 99)
    qtbot.waitUntil(lambda: order(downloads) == ["c/c:Q4", "b/b:Q4", "a/a:Q4"])


def test_that_one_that_is_removed_stays_away(downloads: DownloadsPresenter, qtbot: QtBot) -> None:
    downloads.remove("b/b:Q4")
    qtbot.waitUntil(lambda: order(downloads) == ["a/a:Q4", "c/c:Q4"])
    downloads.remove("a/a:Q4")  # its last fact comes after its answer, and brings nothing back
    qtbot.waitUntil(lambda: order(downloads) == ["c/c:Q4"])


def test_that_complete_ones_are_taken_off(
    downloads: DownloadsPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.tell(lambda _: engine.downloads.finish("a/a:Q4"))
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is DownloadPhase.DONE)
    downloads.clear_done()
    qtbot.waitUntil(lambda: order(downloads) == ["b/b:Q4", "c/c:Q4"])


def test_that_a_mirror_is_offered_where_the_hub_cannot_be_reached(
    downloads: DownloadsPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    bridge.tell(lambda _: engine.downloads.lose_network("a/a:Q4"))
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is DownloadPhase.FAILED)
    assert downloads.mirror_would_help(downloads.downloads[0])
    assert not downloads.mirror_would_help(downloads.downloads[1])
    downloads.use_mirror("a/a:Q4")
    qtbot.waitUntil(lambda: phase(downloads, "a/a:Q4") is not DownloadPhase.FAILED)
    assert engine.config.hub_endpoint == MIRROR


def test_that_pace_holds_at_once_and_is_kept(
    downloads: DownloadsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    downloads.set_limit(5_000_000)
    qtbot.waitUntil(lambda: downloads.limit_bytes_per_second == 5_000_000)
    downloads.set_at_once(3)
    qtbot.waitUntil(lambda: downloads.at_once == 3)
    assert (engine.downloads.limit, engine.downloads.at_once) == (5_000_000, 3)
    assert engine.config.download_bytes_per_second == 5_000_000
    downloads.set_limit(None)
    qtbot.waitUntil(lambda: downloads.limit_bytes_per_second is None)
