"""Where downloads go, chosen by a person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, read_config
from engine.download.downloads import Downloads
from engine.download.values import Quantization
from engine.errors import BadRequest
from engine.host.models_folder import ModelsFolder
from engine.host.settings import Settings
from engine.library.folders import shelf_folders

pytestmark = pytest.mark.anyio


class Place:
    """A home and its downloads, as an engine holds them."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.settings = Settings(home.engine_toml, read_config(home.engine_toml))
        self.downloads = Downloads(None, home.models, lambda _: None, command=("false",))
        self.looks = 0
        self.folder = ModelsFolder(home, self.settings, self.downloads, self._look)

    @property
    def searched(self) -> list[Path]:
        return [one.path for one in shelf_folders(self.home, self.settings.config)]

    async def _look(self) -> None:
        self.looks += 1


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    home = Home(tmp_path / "home")
    home.make()
    made = Place(home)
    yield made
    await made.downloads.close()


async def test_that_downloads_go_to_the_chosen_folder_from_now_on(
    place: Place, tmp_path: Path
) -> None:
    there = tmp_path / "large disk" / "模型"
    (place.home.models / "tiny.gguf").write_bytes(b"GGUF")
    await place.folder.change(there)
    assert place.folder.path == place.downloads.models == there
    assert place.searched == [there, place.home.own_models]  # what was there is shown all the same
    assert place.looks == 1
    again = Place(Home(place.home.root))  # the next start
    assert again.folder.path == again.downloads.models == there
    await place.folder.change(place.home.own_models)
    assert place.searched == [place.home.own_models]
    assert read_config(place.home.engine_toml).models_folder is None


async def test_that_a_folder_that_is_away_leaves_the_homes_own(
    place: Place, tmp_path: Path
) -> None:
    there = tmp_path / "removable"
    await place.folder.change(there)
    there.rmdir()
    assert Place(Home(place.home.root)).folder.path == place.home.own_models
    there.mkdir()
    assert Place(Home(place.home.root)).folder.path == there


async def test_that_a_place_that_cannot_be_written_is_refused(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(BadRequest, match="Nothing can be written") as told:
        await place.folder.change(tmp_path / "file" / "models")
    assert told.value.remedy == "Choose another folder."
    assert place.folder.path == place.home.own_models
    assert place.settings.config == EngineConfig()


async def test_that_it_stays_while_a_download_is_on_its_way(place: Place, tmp_path: Path) -> None:
    wanted = Quantization(label="Q4_K_M", files=("a-Q4_K_M.gguf",), size_bytes=10, hashes=(None,))
    await place.downloads.enqueue("someone/a-GGUF", wanted)
    with pytest.raises(BadRequest, match="on their way"):
        await place.folder.change(tmp_path / "elsewhere")
    await place.downloads.remove("someone/a-GGUF:Q4_K_M")
    await place.folder.change(tmp_path / "elsewhere")
    assert place.downloads.models == tmp_path / "elsewhere"
