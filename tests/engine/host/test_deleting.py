"""What goes to the bin, and what is refused: real files, and a bin that is a folder."""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.library.files import Origin, Soundness
from tests.support.desk import HUB_ID, Desk, put, unheard
from tests.support.gguf_bytes import TINY, gguf_bytes

pytestmark = pytest.mark.anyio

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


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
