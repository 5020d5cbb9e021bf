"""Stretches of files: patience that ends, and what is kept of them."""

import os
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from engine.download import spans as spans_module
from engine.download.failures import foreseen
from engine.download.kept import Kept
from engine.download.spans import Spans
from engine.download.wire import Look
from engine.errors import HubUnreachable, NotAModel
from tests.support.hub import Hub

REPOSITORY = "owner/some-GGUF"
FILE = "some-Q4_0.gguf"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Hub]:
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    with Hub() as hub:
        hub.add(REPOSITORY, {FILE: bytes(range(256)) * 4096})
        yield hub


def spans(hub: Hub, folder: Path) -> Spans:
    return Spans(
        Look(repository=REPOSITORY, endpoint=hub.address, quantizations=(), cache=str(folder))
    )


def test_that_stretches_come_as_asked_and_the_second_time_from_disk(
    hub: Hub, tmp_path: Path
) -> None:
    first, second = spans(hub, tmp_path), spans(hub, tmp_path)
    assert first.fetch(FILE, 300, 500) == (bytes(range(256)) * 4)[300:800]
    assert second.fetch(FILE, 300, 500) == (bytes(range(256)) * 4)[300:800]
    assert len(hub.served) == 1


def test_that_a_file_is_found_at_its_host_only_once(hub: Hub, tmp_path: Path) -> None:
    some = spans(hub, tmp_path)
    for start in (0, 1000, 2000):
        some.fetch(FILE, start, 10)
    assert sum("/resolve/" in path for path in hub.paths) == 1


def test_that_silence_is_not_waited_out_for_long(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans_module, "_TIMEOUT", httpx2.Timeout(0.2))
    some = spans(hub, tmp_path)
    hub.faults.hold_after_bytes = 0
    with pytest.raises(httpx2.TimeoutException) as caught:
        some.fetch(FILE, 0, 1 << 16)
    hub.resume()
    assert isinstance(foreseen(caught.value, REPOSITORY), HubUnreachable)


def test_that_a_trickle_is_given_up(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans_module, "_PIECE_SECONDS", 0.1)
    hub.faults.bytes_per_second = 200_000
    with pytest.raises(HubUnreachable, match="too slowly"):
        spans(hub, tmp_path).fetch(FILE, 0, 1 << 20)


def test_that_no_repository_makes_it_fetch_without_end(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans_module, "_MOST_BYTES", 1000)
    some = spans(hub, tmp_path)
    some.fetch(FILE, 0, 600)
    with pytest.raises(NotAModel, match="larger than any"):
        some.fetch(FILE, 600, 600)


def test_that_only_the_latest_commit_of_a_repository_is_kept(tmp_path: Path) -> None:
    Kept(tmp_path, "some", "a" * 40).put(FILE, 0, b"old")
    latest = Kept(tmp_path, "some", "b" * 40)
    latest.put(FILE, 0, b"new")
    assert latest.get(FILE, 0, 3) == b"new"
    assert latest.get(FILE, 0, 4) is None
    assert Kept(tmp_path, "some", "b" * 40).get(FILE, 0, 3) == b"new"
    assert [path.name for path in (tmp_path / "some").iterdir()] == ["b" * 16]


def test_that_repositories_longest_unused_are_forgotten(tmp_path: Path) -> None:
    for number in range(80):
        Kept(tmp_path, f"some-{number}", "a" * 40)
        os.utime(tmp_path / f"some-{number}", (number, number))
    Kept(tmp_path, "some-0", "a" * 40)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"some-0", "some-79"} <= left
    assert "some-1" not in left
    assert len(left) <= 64


def test_that_a_disk_that_cannot_be_written_costs_only_the_second_fetch(tmp_path: Path) -> None:
    occupied = tmp_path / "cache"
    occupied.write_bytes(b"a file where a folder should be")
    kept = Kept(occupied, "some", "a" * 40)
    kept.put(FILE, 0, b"new")
    assert kept.get(FILE, 0, 3) is None
