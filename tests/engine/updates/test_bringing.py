"""Bringing a release's file: whole and right, or not at all."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.errors import DiskFull, EngineError, UpdateFailed
from engine.updates.bringing import bring
from engine.updates.values import Release
from tests.support.releases import ReleasePlace, asset

pytestmark = pytest.mark.anyio
FULL = Path("/dev/full")
BODY = bytes(range(256)) * 12_000  # 3 MB


@pytest.fixture
def place() -> Iterator[ReleasePlace]:
    with ReleasePlace(files={"/get/fullbore_0.2.0_amd64.deb": BODY}) as place:
        yield place


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def offered(place: ReleasePlace, **instead: object) -> Release:
    told = asset(f"{place.address}/get/fullbore_0.2.0_amd64.deb", BODY, **instead)
    return Release(
        version="0.2.0",
        day=date(2026, 12, 1),
        news="",
        asset=str(told["url"]),
        sha256=str(told["sha256"]),
        size_bytes=int(str(told["size"])),
    )


async def test_that_it_comes_whole_and_tells_how_far_it_is(
    place: ReleasePlace, tmp_path: Path
) -> None:
    steps: list[int] = []
    file = await bring(offered(place), tmp_path / "Downloads", steps.append)
    assert file == tmp_path / "Downloads" / "fullbore_0.2.0_amd64.deb"
    assert file.read_bytes() == BODY
    assert steps == sorted(steps)
    assert steps[-1] == len(BODY)
    await bring(offered(place), file.parent)
    assert len(place.asked) == 1  # it is there already
    assert names_in(file.parent) == [file.name]


async def test_that_a_file_of_that_name_stays(place: ReleasePlace, tmp_path: Path) -> None:
    (tmp_path / "fullbore_0.2.0_amd64.deb").write_bytes(b"the person's own")
    file = await bring(offered(place), tmp_path)
    assert file.name == "fullbore_0.2.0_amd64-2.deb"
    assert (tmp_path / "fullbore_0.2.0_amd64.deb").read_bytes() == b"the person's own"


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        ({"sha256": "00" * 32}, "its hash is another"),
        ({"size": len(BODY) - 1}, "More came"),
        ({"size": len(BODY) + 1}, "Less came"),
        ({"url": ""}, "no file for this system"),
    ],
)
async def test_that_what_is_not_as_told_is_deleted(
    place: ReleasePlace, tmp_path: Path, instead: dict[str, object], says: str
) -> None:
    with pytest.raises(UpdateFailed, match=says):
        await bring(offered(place, **instead), tmp_path)
    assert names_in(tmp_path) == []


async def test_that_an_address_cannot_choose_a_place(place: ReleasePlace, tmp_path: Path) -> None:
    address = "/get/..%2F..%2Fevil%20name"
    place.files[address] = BODY
    file = await bring(offered(place, url=f"{place.address}{address}"), tmp_path)
    assert file.parent == tmp_path
    assert file.name == "evil-name"


async def test_that_a_folder_that_cannot_be_written_is_told(
    place: ReleasePlace, tmp_path: Path
) -> None:
    blocked = tmp_path / "Downloads"
    blocked.write_bytes(b"")
    with pytest.raises(UpdateFailed, match="could not be written"):
        await bring(offered(place), blocked)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
async def test_that_a_full_disk_is_told(place: ReleasePlace, tmp_path: Path) -> None:
    (tmp_path / "fullbore_0.2.0_amd64.deb.part").symlink_to(FULL)
    with pytest.raises(EngineError) as told:
        await bring(offered(place), tmp_path)
    assert isinstance(told.value, DiskFull)
