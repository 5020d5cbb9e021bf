"""What the window may rely on: held to by the real keeper and by the one its tests have."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.surface import KeeperSurface
from engine.errors import ModelError, ModelNotFound
from engine.library.files import Origin
from engine.library.shelf_model import ShelfModel
from tests.support.desk import Desk, put
from tests.support.keeper import FakeKeeper
from tests.support.things import shelf_model

pytestmark = pytest.mark.anyio


class Either:
    """A keeper with one model of Fullbore's own and one in a folder of one's own."""

    def __init__(self) -> None:
        self.loaded: str | None = None
        self.shelf: tuple[ShelfModel, ...] = (
            shelf_model("own"),
            replace(shelf_model("mine"), origin=Origin.FOLDER),
        )
        self.keeper: KeeperSurface = FakeKeeper(lambda: self.shelf, self._put, lambda: self.loaded)

    def ids(self) -> set[str]:
        return {model.id for model in self.shelf}

    def load(self, model: str) -> None:
        self.loaded = model

    def _put(self, models: tuple[ShelfModel, ...]) -> None:
        self.shelf = models


class Real(Either):
    """The same over a disk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.keeper = desk.keeper

    def ids(self) -> set[str]:
        return {model.id for model in self.desk.shelf.models}

    def load(self, model: str) -> None:
        self.desk.loaded = model


@pytest.fixture(params=["real", "fake"])
async def either(request: pytest.FixtureRequest, desk: Desk, tmp_path: Path) -> Either:
    if request.param == "fake":
        return Either()
    put(desk.home.models / "own.gguf")
    put(tmp_path / "mine" / "mine.gguf", b"")
    await desk.keeper.add_folder(tmp_path / "mine")
    await desk.keeper.remove_folder(tmp_path / "nowhere")
    return Real(desk)


async def test_that_nobody_is_not_found(either: Either) -> None:
    with pytest.raises(ModelNotFound):
        await either.keeper.delete("nobody")
    with pytest.raises(ModelNotFound):
        await either.keeper.verify("nobody", lambda _: None)
    with pytest.raises(ModelNotFound):
        await either.keeper.details("nobody")


async def test_that_a_loaded_model_stays(either: Either) -> None:
    either.load("own")
    with pytest.raises(ModelError, match="is loaded"):
        await either.keeper.delete("own", sure=True)
    assert either.ids() == {"own", "mine"}


async def test_that_what_is_not_ones_own_goes_only_when_sure(either: Either) -> None:
    with pytest.raises(ModelError):
        await either.keeper.delete("mine")
    assert either.ids() == {"own", "mine"}
    await either.keeper.delete("mine", sure=True)
    await either.keeper.delete("own")
    assert either.ids() == set()


async def test_that_a_check_tells_how_far_it_came_and_a_hash(either: Either) -> None:
    heard: list[float] = []
    verified = await either.keeper.verify("own", heard.append)
    assert heard
    assert all(0 <= fraction <= 1 for fraction in heard)
    assert [len(hash_) for hash_ in verified.hashes] == [64]


async def test_that_details_name_the_model_and_its_tensors(either: Either) -> None:
    details = await either.keeper.details("own")
    assert details.model == "own"
    assert details.tensors
    assert details.bits_per_weight > 0


async def test_that_folders_are_added_once_and_removed(either: Either, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    before = either.keeper.folders
    await either.keeper.add_folder(more)
    await either.keeper.add_folder(more)
    assert either.keeper.folders == (*before, more)
    await either.keeper.remove_folder(more)
    assert either.keeper.folders == before
