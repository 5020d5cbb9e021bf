"""The Engine's desks: the shelf's keeper, the transfers, and settings that change meanwhile."""

import sys
from collections.abc import AsyncIterator, Generator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, read_config
from engine.download.values import DownloadPhase, SearchWish
from engine.engine import Engine, own_parts
from engine.errors import BadRequest, DownloadError, ModelError
from engine.library.files import Origin, Soundness
from engine.terminal.keep import remove, verify
from tests.support.fake_worker import fake_worker
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.hub import Hub
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REPOSITORY = "someone/tiny-GGUF"
ID = f"{REPOSITORY}:Q4_0"
HOME_VARIABLE = "USERPROFILE" if sys.platform == "win32" else "HOME"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[Hub]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    with Hub() as hub:
        hub.add(REPOSITORY, {"tiny-Q4_0.gguf": gguf_bytes()})
        yield hub


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    home = Home(tmp_path / "home", environment={HOME_VARIABLE: str(tmp_path)})
    home.make()
    (home.models / "tiny.gguf").write_bytes(gguf_bytes())
    config = EngineConfig(serve=False, hub_endpoint="http://127.0.0.1:9")
    engine = Engine(home, config, parts=replace(own_parts(), worker=fake_worker()))
    await engine.start()
    yield engine
    await engine.close()


async def test_that_a_model_in_use_is_not_deleted_until_it_is_unloaded(engine: Engine) -> None:
    await engine.load("tiny")
    with pytest.raises(ModelError, match="tiny is loaded"):
        await engine.keeper.delete("tiny")
    (model,) = engine.models()
    assert model.files[0].exists()
    assert model.used_at is not None
    await engine.unload()
    verified = await engine.keeper.verify("tiny", lambda _: None)
    assert verified.soundness is Soundness.UNKNOWN


async def test_that_a_terminal_beside_it_deletes_nothing_it_has_loaded(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await engine.load("tiny")
    home = Home(tmp_path / "home")
    with pytest.raises(ModelError, match="tiny is loaded"):
        await remove(home, EngineConfig(), "tiny", yes=True, as_json=False)
    await verify(home, EngineConfig(), "tiny", as_json=False)
    assert capsys.readouterr().out.startswith("tiny: readable")
    assert (home.models / "tiny.gguf").exists()


async def test_that_a_change_of_settings_reaches_the_desks_and_the_file(
    engine: Engine, hub: Hub, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError):
        await engine.discovery.search(SearchWish(words="tiny"))
    await engine.configure(hub_endpoint=hub.address, downloads_at_once=1)
    assert engine.config.hub_endpoint == hub.address
    assert [hit.id for hit in await engine.discovery.search(SearchWish(words="tiny"))] == [
        REPOSITORY
    ]
    kept = read_config(tmp_path / "home" / "engine.toml")
    assert (kept.hub_endpoint, kept.downloads_at_once, kept.serve) == (hub.address, 1, True)
    with pytest.raises(BadRequest, match="download_bytes_per_second"):
        await engine.configure(download_bytes_per_second=1)


async def test_that_folders_and_programs_appear_when_they_are_configured(
    engine: Engine, tmp_path: Path
) -> None:
    mine = tmp_path / "mine" / "m.gguf"
    theirs = tmp_path / ".lmstudio" / "models" / "o" / "r" / "x-Q4_0.gguf"
    for number, file in enumerate((mine, theirs)):
        file.parent.mkdir(parents=True)
        file.write_bytes(gguf_bytes({**TINY, "number": number}))
    await engine.configure(folders=(mine.parent,), foreign=("lm_studio",))
    assert {model.id: model.origin for model in engine.models()} == {
        "m": Origin.FOLDER,
        "o/r:Q4_0": Origin.LM_STUDIO,
        "tiny": Origin.FULLBORE,
    }
    await engine.load("o/r:Q4_0")
    assert engine.loaded == "o/r:Q4_0"
    await engine.configure(foreign=())
    assert {model.id for model in engine.models()} == {"m", "tiny"}
    assert theirs.exists()


async def test_that_what_was_enqueued_comes_to_the_shelf_with_its_hash(
    engine: Engine, hub: Hub, tmp_path: Path
) -> None:
    await engine.configure(hub_endpoint=hub.address)
    page = await engine.discovery.page(REPOSITORY)
    begun = await engine.downloads.enqueue(REPOSITORY, page.quantizations[0])
    assert begun.phase in {DownloadPhase.QUEUED, DownloadPhase.RUNNING}
    await engine.downloads.wait(begun.id)
    told = tmp_path / "home" / "state" / "hashes.json"
    digest = sha256(gguf_bytes()).hexdigest()
    await until(lambda: told.exists() and digest in told.read_text("utf-8"))
    assert ID in {model.id for model in engine.models()}
    hub.faults.status = 503
    verified = await engine.keeper.verify(ID, lambda _: None)
    assert (verified.soundness, verified.hashes) == (Soundness.SOUND, (digest,))
