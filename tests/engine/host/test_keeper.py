"""The keeper over real files, a real background process, and a bin that is a folder."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.config import EngineConfig, Home, LoadWish, read_config
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import BadRequest, EngineError, HubUnreachable, ModelError, ModelNotFound
from engine.host.children import own_parts
from engine.host.keeper import Around, Keeper
from engine.host.settings import Settings
from engine.host.shelf import Shelf
from engine.host.uses import Uses
from engine.library.files import Origin, Soundness
from engine.library.folders import shelf_folders
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
HOME_VARIABLE = "USERPROFILE" if sys.platform == "win32" else "HOME"
HUB_ID = "someone/tiny-GGUF:Q4_0"


class Desk:
    """A keeper, and what it meets: a model that runs, a bin, a Hub that may be away."""

    def __init__(self, home: Home, background: Background) -> None:
        self.home = home
        self.loaded: str | None = None
        self.bin = home.root / "bin"
        self.bin.mkdir()
        self.stuck: tuple[str, ...] = ()  # files that another program holds
        self.offers: tuple[Quantization, ...] | None = None
        self.changes = 0
        self.settings = Settings(home.engine_toml, read_config(home.engine_toml))
        self.shelf = Shelf(
            background,
            lambda: shelf_folders(home, self.settings.config),
            Uses(home.state / "used.json"),
            self._changed,
        )
        around = Around(loaded=lambda: self.loaded, offers=self._offers, discard=self._discard)
        self.keeper = Keeper(home, self.shelf, self.settings, around)

    async def ids(self) -> list[str]:
        return [model.id for model in await self.shelf.look()]

    @property
    def binned(self) -> set[str]:
        return {path.name for path in self.bin.iterdir()}

    def _changed(self) -> None:
        self.changes += 1

    async def _offers(self, repository: str) -> Sequence[Quantization]:
        if self.offers is None:
            raise HubUnreachable("The Hub did not answer.")
        assert repository == "someone/tiny-GGUF"
        return self.offers

    def _discard(self, path: Path) -> None:
        if path.name in self.stuck:
            raise PermissionError(13, "it is being used by another process", str(path))
        path.rename(self.bin / path.name)


@asynccontextmanager
async def opened(home: Home) -> AsyncGenerator[Desk]:
    background = Background(own_parts().background)
    desk = Desk(home, background)
    try:
        await desk.shelf.look()
        yield desk
    finally:
        await desk.keeper.close()
        await background.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    home = Home(tmp_path / "home", environment={HOME_VARIABLE: str(tmp_path)})
    home.make()
    async with opened(home) as desk:
        yield desk


def put(path: Path, body: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gguf_bytes() if body is None else body)
    return path


def from_hub(desk: Desk, body: bytes | None = None) -> Path:
    return put(desk.home.models / "someone" / "tiny-GGUF" / "tiny-Q4_0.gguf", body)


def offer(*bodies: bytes) -> Quantization:
    files = ("tiny-Q4_0.gguf",) if len(bodies) == 1 else ("a.gguf", "b.gguf")
    return Quantization(
        label="Q4_0",
        files=files,
        size_bytes=sum(map(len, bodies)),
        hashes=tuple(sha256(body).hexdigest() for body in bodies),
    )


def named(name: str) -> bytes:
    return gguf_bytes({**TINY, "general.name": name})


def unheard(_: float) -> None:
    pass


# --- verify --------------------------------------------------------------------------------


async def test_that_a_hash_nobody_told_leaves_a_model_unknown(desk: Desk) -> None:
    file = put(desk.home.models / "m.gguf")
    heard: list[float] = []
    verified = await desk.keeper.verify("m", heard.append)
    assert verified.soundness is Soundness.UNKNOWN
    assert verified.hashes == (sha256(file.read_bytes()).hexdigest(),)
    assert heard[-1] == 1.0


async def test_that_the_hubs_hash_makes_a_model_sound_and_stays_known_offline(desk: Desk) -> None:
    from_hub(desk)
    desk.offers = (offer(gguf_bytes()),)
    await desk.keeper.arrived(HUB_ID)
    desk.offers = None
    assert (await desk.keeper.verify(HUB_ID, unheard)).soundness is Soundness.SOUND
    file = from_hub(desk, gguf_bytes()[:-1] + b"!")
    verified = await desk.keeper.verify(HUB_ID, unheard)
    assert verified.soundness is Soundness.DAMAGED
    assert verified.hashes == (sha256(file.read_bytes()).hexdigest(),)


async def test_that_a_model_nobody_told_of_is_compared_with_the_hub(desk: Desk) -> None:
    from_hub(desk)
    desk.offers = (offer(b"another version"),)
    assert (await desk.keeper.verify(HUB_ID, unheard)).soundness is Soundness.UNKNOWN
    desk.offers = (offer(gguf_bytes()),)
    assert (await desk.keeper.verify(HUB_ID, unheard)).soundness is Soundness.SOUND


async def test_that_a_truncated_model_is_damaged_though_nobody_told_its_hash(desk: Desk) -> None:
    put(desk.home.models / "m.gguf", gguf_bytes()[:-64])
    assert (await desk.keeper.verify("m", unheard)).soundness is Soundness.DAMAGED


async def test_that_verifying_can_be_given_up(desk: Desk) -> None:
    big = put(desk.home.models / "m.gguf")
    with big.open("r+b") as file:
        file.truncate(3 << 30)  # sparse; hashing it takes seconds
    begun = asyncio.Event()
    task = asyncio.create_task(desk.keeper.verify("m", lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 2)


async def test_that_a_file_that_vanished_is_a_sentence(desk: Desk) -> None:
    file = put(desk.home.models / "m.gguf")
    await desk.shelf.look()
    file.unlink()
    with pytest.raises(ModelError, match="m could not be read"):
        await desk.keeper.verify("m", unheard)
    with pytest.raises(ModelNotFound):
        await desk.keeper.verify("nobody", unheard)


# --- delete --------------------------------------------------------------------------------


async def test_that_a_split_set_goes_to_the_bin_wholly_and_leaves_no_folder(desk: Desk) -> None:
    folder = desk.home.models / "someone" / "tiny-GGUF" / "Q8_0"
    for number in (1, 2):
        body = gguf_bytes({**TINY, "split.no": number - 1, "split.count": 2})
        put(folder / f"tiny-Q8_0-0000{number}-of-00002.gguf", body)
    await desk.shelf.look()
    before = desk.changes
    await desk.keeper.delete("someone/tiny-GGUF:Q8_0")
    assert len(desk.binned) == 2
    assert list(desk.home.models.iterdir()) == []
    assert desk.shelf.models == ()
    assert desk.changes > before


async def test_that_a_loaded_model_is_refused(desk: Desk) -> None:
    file = put(desk.home.models / "m.gguf")
    desk.loaded = "m"
    with pytest.raises(ModelError, match="m is loaded") as refusal:
        await desk.keeper.delete("m", sure=True)
    assert refusal.value.remedy.startswith("Unload it")
    assert file.exists()


async def test_that_a_folder_of_ones_own_is_deleted_from_only_when_sure(
    desk: Desk, tmp_path: Path
) -> None:
    file = put(tmp_path / "mine" / "m.gguf")
    await desk.keeper.add_folder(tmp_path / "mine")
    with pytest.raises(ModelError, match="a folder of your own"):
        await desk.keeper.delete("m")
    assert file.exists()
    await desk.keeper.delete("m", sure=True)
    assert desk.binned == {"m.gguf"}
    assert file.parent.exists()


async def test_that_a_file_in_use_is_a_sentence_and_nothing_is_lost(desk: Desk) -> None:
    file = put(desk.home.models / "m.gguf")
    desk.stuck = ("m.gguf",)
    with pytest.raises(ModelError, match="used by another process") as refusal:
        await desk.keeper.delete("m")
    assert "Close the programs" in refusal.value.remedy
    assert file.exists()
    assert await desk.ids() == ["m"]


async def test_that_a_set_of_which_a_part_is_in_use_says_what_is_gone(desk: Desk) -> None:
    for number in (1, 2):
        body = gguf_bytes({**TINY, "split.no": number - 1, "split.count": 2})
        put(desk.home.models / f"m-0000{number}-of-00002.gguf", body)
    desk.stuck = ("m-00002-of-00002.gguf",)
    with pytest.raises(ModelError, match="could not be moved") as refusal:
        await desk.keeper.delete("m")
    assert "1 of its files" in refusal.value.remedy
    (left,) = desk.shelf.models
    assert left.broken is not None


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="no folder is read-only for this user"
)
async def test_that_a_read_only_folder_is_a_sentence(desk: Desk) -> None:
    file = put(desk.home.models / "m.gguf")
    desk.home.models.chmod(0o500)
    try:
        with pytest.raises(ModelError, match="read-only"):
            await desk.keeper.delete("m")
    finally:
        desk.home.models.chmod(0o700)
    assert file.exists()


@LINKS
async def test_that_a_link_goes_and_what_it_led_to_stays(desk: Desk, tmp_path: Path) -> None:
    file = put(tmp_path / "elsewhere" / "m.gguf")
    link = desk.home.models / "m.gguf"
    link.symlink_to(file)
    await desk.keeper.delete("m")
    assert not link.is_symlink()
    assert file.exists()
    assert not desk.binned


@LINKS
async def test_that_the_caches_blob_goes_with_all_its_links(desk: Desk, tmp_path: Path) -> None:
    repository = tmp_path / ".cache" / "huggingface" / "hub" / "models--someone--tiny-GGUF"
    blob = put(repository / "blobs" / sha256(gguf_bytes()).hexdigest())
    for commit in ("a" * 40, "b" * 40):
        link = repository / "snapshots" / commit / "tiny-Q4_0.gguf"
        link.parent.mkdir(parents=True)
        link.symlink_to(Path("..", "..", "blobs", blob.name))
    await desk.keeper.use_foreign([Origin.HUGGING_FACE])
    assert (await desk.keeper.verify(HUB_ID, unheard)).soundness is Soundness.SOUND
    with pytest.raises(ModelError, match="Hugging Face cache"):
        await desk.keeper.delete(HUB_ID)
    await desk.keeper.delete(HUB_ID, sure=True)
    assert desk.binned == {blob.name}
    assert list(repository.rglob("*.gguf")) == []
    assert await desk.ids() == []


async def test_that_ollamas_manifests_go_with_the_blob(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / ".ollama" / "models"
    digest = sha256(gguf_bytes()).hexdigest()
    layers = [{"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"}]
    put(root / "blobs" / f"sha256-{digest}")
    for tag in ("latest", "8b"):
        manifest = root / "manifests" / "registry.ollama.ai" / "library" / "tiny" / tag
        put(manifest, json.dumps({"layers": layers}).encode())
    await desk.keeper.use_foreign([Origin.OLLAMA])
    assert await desk.ids() == ["tiny:8b"]
    assert (await desk.keeper.verify("tiny", unheard)).soundness is Soundness.SOUND
    await desk.keeper.delete("tiny", sure=True)
    assert desk.binned == {f"sha256-{digest}", "latest", "8b"}
    assert await desk.ids() == []


# --- details, newer, duplicates ------------------------------------------------------------


async def test_that_details_come_from_the_background(desk: Desk) -> None:
    put(desk.home.models / "m.gguf")
    details = await desk.keeper.details("m")
    assert ("general.name", "Tiny") in details.metadata
    put(desk.home.models / "broken.gguf", b"x" * 100)
    with pytest.raises(EngineError, match="GGUF"):
        await desk.keeper.details("broken")


async def test_that_newer_is_told_only_where_it_is_known(desk: Desk) -> None:
    from_hub(desk)
    put(desk.home.models / "m.gguf")
    assert await desk.keeper.newer(HUB_ID) is None  # offline
    desk.offers = (offer(gguf_bytes()),)
    assert await desk.keeper.newer("m") is None  # from nowhere
    assert await desk.keeper.newer(HUB_ID) is None  # of one size, and never hashed
    await desk.keeper.verify(HUB_ID, unheard)
    assert await desk.keeper.newer(HUB_ID) is False
    desk.offers = (offer(named("Tine")),)
    assert await desk.keeper.newer(HUB_ID) is True
    put(desk.home.models / "someone" / "tiny-GGUF" / "tiny-Q4_0.gguf", named("Tint"))
    assert await desk.keeper.newer(HUB_ID) is None  # replaced since it was hashed
    desk.offers = (offer(named("another size" * 9)),)
    assert await desk.keeper.newer(HUB_ID) is True
    desk.offers = ()
    assert await desk.keeper.newer(HUB_ID) is None


async def test_that_duplicates_are_found_by_their_bytes(desk: Desk, tmp_path: Path) -> None:
    put(desk.home.models / "one.gguf", named("same"))
    put(desk.home.models / "deep" / "two.gguf", named("same"))
    put(desk.home.models / "other.gguf", named("else"))
    put(desk.home.models / "long.gguf", named("a longer one"))
    put(tmp_path / "mine" / "three.gguf", named("same"))
    await desk.keeper.add_folder(tmp_path / "mine")
    assert await desk.keeper.duplicates() == (("one", "three", "two"),)


async def test_that_files_which_differ_in_the_middle_are_no_duplicates(desk: Desk) -> None:
    body = bytearray(gguf_bytes(tensors={"t": (1, (64, 32_768))}))
    put(desk.home.models / "one.gguf", bytes(body))
    body[len(body) // 2] = 1
    put(desk.home.models / "two.gguf", bytes(body))
    assert len(await desk.ids()) == 2
    assert await desk.keeper.duplicates() == ()


async def test_that_a_hard_link_is_no_duplicate(desk: Desk) -> None:
    file = put(desk.home.models / "one.gguf")
    (desk.home.models / "two.gguf").hardlink_to(file)
    assert len(await desk.ids()) == 2
    assert await desk.keeper.duplicates() == ()


# --- folders and settings ------------------------------------------------------------------


async def test_that_folders_are_kept_and_their_files_stay(desk: Desk, tmp_path: Path) -> None:
    file = put(tmp_path / "mine" / "m.gguf")
    await desk.keeper.add_folder(tmp_path / "mine")
    await desk.keeper.add_folder(tmp_path / "mine")
    assert desk.keeper.folders == (tmp_path / "mine",)
    assert read_config(desk.home.engine_toml).folders == (tmp_path / "mine",)
    (model,) = desk.shelf.models
    assert (model.id, model.origin) == ("m", Origin.FOLDER)
    await desk.keeper.remove_folder(tmp_path / "mine")
    assert (desk.shelf.models, read_config(desk.home.engine_toml).folders) == ((), ())
    assert file.exists()


async def test_that_a_folder_that_is_none_is_refused(desk: Desk, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", put(tmp_path / "m.gguf")):
        with pytest.raises(BadRequest, match="no folder"):
            await desk.keeper.add_folder(path)
    assert desk.keeper.folders == ()


async def test_that_other_programs_are_offered_and_used_when_chosen(
    desk: Desk, tmp_path: Path
) -> None:
    put(tmp_path / ".lmstudio" / "models" / "o" / "r" / "m-Q4_0.gguf")
    (found,) = [one for one in await desk.keeper.foreign() if one.models]
    assert (found.origin, found.models, found.used) == (Origin.LM_STUDIO, 1, False)
    assert await desk.ids() == []
    await desk.keeper.use_foreign([Origin.LM_STUDIO])
    assert await desk.ids() == ["o/r:Q4_0"]
    assert read_config(desk.home.engine_toml).foreign == ("lm_studio",)
    (found,) = [one for one in await desk.keeper.foreign() if one.models]
    assert found.used
    await desk.keeper.use_foreign([])
    assert await desk.ids() == []


async def test_that_a_download_that_is_done_comes_to_the_shelf(desk: Desk) -> None:
    from_hub(desk)
    desk.offers = (offer(gguf_bytes()),)
    done = Download(id=HUB_ID, phase=DownloadPhase.DONE, received_bytes=1, total_bytes=1)
    desk.keeper.hear(done)
    told = desk.home.state / "hashes.json"
    await until(lambda: told.exists() and sha256(gguf_bytes()).hexdigest() in told.read_text())
    assert [model.id for model in desk.shelf.models] == [HUB_ID]


async def test_that_the_last_use_is_remembered_by_the_next_start(desk: Desk) -> None:
    put(desk.home.models / "m.gguf")
    await desk.shelf.look()
    desk.shelf.used("m")
    assert desk.shelf.models[0].used_at is not None
    again = Uses(desk.home.state / "used.json")
    assert again.at("m") == desk.shelf.models[0].used_at
    assert again.at("other") is None


async def test_that_lost_notes_are_no_loss(desk: Desk) -> None:
    put(desk.home.models / "m.gguf")
    (desk.home.state / "hashes.json").write_text("{", "utf-8")
    (desk.home.state / "used.json").write_bytes(b"\xff")
    assert (await desk.keeper.verify("m", unheard)).soundness is Soundness.UNKNOWN
    desk.shelf.used("m")
    assert await desk.ids() == ["m"]


async def test_that_what_the_command_line_asked_of_one_run_is_not_kept(home: Home) -> None:
    settings = Settings(home.engine_toml, EngineConfig(port=5000, serve=False))
    settings.change({"downloads_at_once": 3})
    settings.remember("m", LoadWish(context_tokens=4096))
    kept = read_config(home.engine_toml)
    assert (kept.port, kept.serve, kept.downloads_at_once) == (11711, True, 3)
    assert (settings.config.port, settings.config.downloads_at_once) == (5000, 3)
    assert kept.loads == settings.config.loads == {"m": LoadWish(context_tokens=4096)}
    with pytest.raises(BadRequest, match="downloads_at_once"):
        settings.change({"downloads_at_once": 99})
    with pytest.raises(BadRequest, match="dance"):
        settings.change({"dance": True})
    assert settings.config.downloads_at_once == 3
