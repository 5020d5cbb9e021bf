"""The keeper over real files and a real background process."""

import asyncio
from hashlib import sha256
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, LoadWish, read_config
from engine.download.values import Download, DownloadPhase
from engine.errors import BadRequest, EngineError, ModelError, ModelNotFound
from engine.host.settings import Settings
from engine.host.uses import Uses
from engine.library.files import Origin, Soundness
from tests.support.desk import HUB_ID, Desk, from_hub, named, offer, put, unheard
from tests.support.gguf_bytes import gguf_bytes
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


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
    again = Uses(desk.home.state)
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
