"""Vulkan's pack, all the way: packed, offered, fetched, proven, loaded, answered with, removed.

No card of AMD's or Intel's is needed: Mesa's llvmpipe is a processor that plays one, when it is
asked to by its number. The plugin is built by
`python -m installers.engine.build --vulkan --alone --into build/vulkan`.
"""

import os
import sys
from collections.abc import Generator
from contextlib import aclosing
from pathlib import Path

import pytest

from engine.chat import ChatRequest, Message, Piece, Role, Sampling
from engine.config import EngineConfig, Home, LoadWish
from engine.doctor.gathering import Proving
from engine.engine import Engine
from engine.hardware.others import OtherCard
from engine.host.children import own_parts
from engine.pack.place import this_version
from engine.pack.values import PackKind, PackState
from installers.engine.pack import make
from tests.support.hub import Hub

# Packing its 30 MB well takes a minute of a processor.
pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
LLAMA = ROOT / "build" / "engine"
PLUGIN = ROOT / "build" / "vulkan" / "llama_cpp" / "lib" / "libggml-vulkan.so"
LAVAPIPE = Path("/usr/share/vulkan/icd.d")
REPOSITORY = "fullbore/vulkan"
GIBIBYTE = 1 << 30


@pytest.fixture(autouse=True)
def dynamic_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers take the build for every processor, to which plugins can be added."""
    if sys.platform != "linux" or not any(LAVAPIPE.glob("lvp_icd*.json")):
        pytest.skip("Mesa's llvmpipe is not there: apt install mesa-vulkan-drivers")
    if not (LLAMA / "llama_cpp").is_dir():
        pytest.skip("build/engine was not built: python -m installers.engine.build")
    if not PLUGIN.exists():
        how = "python -m installers.engine.build --vulkan --alone --into build/vulkan"
        pytest.skip(f"the Vulkan plugin was not built: {how}")
    monkeypatch.setenv("PYTHONPATH", f"{LLAMA}{os.pathsep}{ROOT}")


@pytest.fixture
def release(tmp_path: Path) -> Generator[str]:
    """The address of a release that has the pack, as `installers.engine.pack` makes it."""
    (tmp_path / "dist").mkdir()
    made = make([PLUGIN], tmp_path / "dist", PackKind.VULKAN, "linux")
    with Hub() as hub:
        files = {file.name: file.read_bytes() for file in made.parent.iterdir()}
        hub.add(REPOSITORY, files)
        yield f"{hub.address}/content/{REPOSITORY}"


async def test_that_a_processor_that_plays_a_card_is_never_used_unasked(tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / PLUGIN.name).symlink_to(PLUGIN)
    worker = (sys.executable, "-m", "engine.worker", "--pack", str(pack))
    found = await Proving(worker).prove(quick=False)
    assert (found.failure, found.pack_skipped) == ("", "")
    assert [device.is_card for device in found.devices] == [False]


async def test_that_the_pack_goes_all_the_way_to_an_answer(
    home: Home, model_file: Path, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = OtherCard(name="AMD GPU", memory_bytes=8 * GIBIBYTE)
    monkeypatch.setattr("engine.hardware.probe.other_cards", lambda: (card,))
    monkeypatch.setenv("GGML_VK_VISIBLE_DEVICES", "0")
    (home.models / model_file.name).symlink_to(model_file)
    config = EngineConfig(serve=False, pack_source=release)
    engine = Engine(home, config, parts=own_parts(home.root))
    try:
        await engine.start()
        offered = await engine.pack.settled()
        assert (offered.state, offered.kind) == (PackState.OFFERED, PackKind.VULKAN)
        assert not engine.machine().gpus
        await engine.pack.install()
        assert engine.pack.look().state is PackState.READY
        (gpu,) = engine.machine().gpus
        assert "llvmpipe" in gpu.name
        assert gpu.memory_bytes is not None
        assert gpu.memory_bytes > GIBIBYTE
        (model,) = await engine.refresh_models()
        plan = await engine.plan(model.id, LoadWish())
        assert plan.layout.cards == (0,)
        await engine.load(model.id, LoadWish(context_tokens=512, streams=1))
        (loaded,) = engine.residents()
        assert loaded.card_bytes > model.size_bytes // 2
        assert await answered(engine) > 0
        await engine.unload()
        await engine.pack.remove()
        assert not engine.machine().gpus
        mark = home.root / "gpu-pack" / f"{this_version()}.ready"
        assert not mark.exists()
    finally:
        await engine.close()


async def answered(engine: Engine) -> int:
    """How many characters came of a short answer."""
    count = 0
    request = ChatRequest(
        messages=(Message(role=Role.USER, content="Say hello."),),
        sampling=Sampling(temperature=0.0),
        max_tokens=8,
    )
    async with aclosing(engine.generate(request)) as answer:
        async for part in answer:
            if isinstance(part, Piece):
                count += len(part.text)
    return count
