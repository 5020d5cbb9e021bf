"""Plans of this machine, with the real background process and a dry run that is a real child."""

import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.background.words import ModelSource, Placed
from engine.config import LoadWish
from engine.download.values import Quantization, RemoteHeader
from engine.dryrun.dryrun import DryRuns
from engine.errors import BadRequest
from engine.fit.rigs import HEADLESS_RESERVE_BYTES
from engine.gguf.blueprint import blueprint_of
from engine.hardware.machine import Cpu, Gpu, GpuReading, Machine, Reading
from engine.planner.planner import Planner, Present
from tests.engine.planner.rehearsing import COMPUTE_BYTES, KV_BYTES
from tests.support.ghosts import write_ghost

pytestmark = pytest.mark.anyio

GB = 10**9
CARD_BYTES = 8 * GB
LAYERS = 33  # the output's counts
LAYER_BYTES = 150_000_000  # about what they are
WISH = LoadWish(context_tokens=4096, cache_type="f16")
MACHINE = Machine(
    gpus=(
        Gpu(
            index=0,
            name="NVIDIA GeForce RTX 3070",
            uuid="GPU-1",
            memory_bytes=CARD_BYTES,
            compute_capability=(8, 6),
            pcie_generation=4,
            pcie_width=16,
            power_limit_watts=220.0,
        ),
    ),
    cpu=Cpu(name="Some processor", physical_cores=8, logical_cores=16),
    memory_bytes=64 * GB,
    disks=(),
    driver="580",
    cuda=(13, 0),
    system="Linux",
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"))
    yield background
    await background.close()


@pytest.fixture(scope="module")
def ghost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A header and a hole."""
    path = tmp_path_factory.mktemp("ghost") / "ghost-Q4_K_M.gguf"
    write_ghost("llama-8b:Q4_K_M", path, whole=False)
    return path


def reading(used: int) -> Reading:
    card = GpuReading(
        index=0,
        name="NVIDIA GeForce RTX 3070",
        memory_total_bytes=CARD_BYTES,
        memory_used_bytes=used,
        utilization=None,
        temperature_celsius=None,
        power_watts=None,
        power_limit_watts=None,
    )
    return Reading(
        at_seconds=0.0,
        cpu=0.1,
        memory_total_bytes=64 * GB,
        memory_used_bytes=8 * GB,
        gpus=(card,),
    )


def present(*, used: int = 0, held: int = 0, machine: Machine = MACHINE) -> Present:
    return Present(
        machine=machine,
        reading=reading(used),
        calibration=None,
        held={0: held} if held else {},
    )


def planner_of(
    background: Background, cache: Path, now: Present, dry_runs: Callable[[], DryRuns] | None = None
) -> Planner:
    return Planner(
        background,
        lambda: now,
        dry_runs=dry_runs or (lambda: DryRuns(("nobody",))),
        cache=cache,
        streams=4,
    )


def rehearsal(asked: Path, layer_bytes: int = LAYER_BYTES) -> Callable[[], DryRuns]:
    script = Path(__file__).with_name("rehearsing.py")
    options = ("--layer-bytes", str(layer_bytes), "--asked", str(asked))
    return lambda: DryRuns((sys.executable, str(script), *options, "--dry-run"))


def misfortune(how: str) -> Callable[[], DryRuns]:
    command = (sys.executable, "tests/support/fake_dry_run.py", "--how", how, "--dry-run")
    return lambda: DryRuns(command, timeout_seconds=0.3 if how == "hang" else 20.0)


async def exact(planner: Planner, ghost: Path, wish: LoadWish = WISH) -> Placed:
    return await planner.exact(ModelSource(id="ghost", files=(ghost,)), (ghost,), wish)


async def test_that_a_dry_run_confirms_the_plan_with_its_own_bytes(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    planner = planner_of(background, tmp_path, present(), rehearsal(asked))
    placed = await exact(planner, ghost)
    assert asked.read_text("utf-8").split() == [str(LAYERS)]
    (card,) = placed.plan.footprint.cards
    assert (card.weights, card.kv, card.compute) == (LAYERS * LAYER_BYTES, KV_BYTES, COMPUTE_BYTES)
    assert placed.plan.exact
    assert placed.plan.fits
    assert (placed.layers, placed.plan.layout.gpu_layers) == (LAYERS - 1, LAYERS)


async def test_that_what_a_dry_run_misses_is_kept_free_and_planned_anew(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    planner = planner_of(background, tmp_path, present(), rehearsal(asked, 220_000_000))
    placed = await exact(planner, ghost)
    layers = [int(line) for line in asked.read_text("utf-8").split()]
    assert layers[0] == LAYERS
    assert sorted(layers, reverse=True) == layers
    assert placed.plan.layout.gpu_layers == layers[-1] < LAYERS
    (card,) = placed.plan.footprint.cards
    assert card.weights == layers[-1] * 220_000_000
    assert card.reserve == HEADLESS_RESERVE_BYTES  # nobody asked for more
    assert placed.plan.exact
    assert placed.plan.fits


async def test_that_what_cannot_be_made_to_fit_is_told_as_it_is(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    planner = planner_of(
        background, tmp_path, present(), rehearsal(tmp_path / "asked", 400_000_000)
    )
    placed = await exact(planner, ghost, WISH.model_copy(update={"gpu_layers": LAYERS}))
    assert placed.plan.exact
    assert not placed.plan.fits
    assert placed.plan.layout.gpu_layers == LAYERS


@pytest.mark.parametrize("how", ["hang", "die", "babble", "nonsense", "refuse"])
async def test_that_a_dry_run_that_fails_leaves_the_closed_forms_plan(
    background: Background, ghost: Path, tmp_path: Path, how: str
) -> None:
    planner = planner_of(background, tmp_path, present(), misfortune(how))
    source = ModelSource(id="ghost", files=(ghost,))
    (reckoned,) = (await planner.plan((source,), WISH)).placed
    assert await exact(planner, ghost) == reckoned
    assert not reckoned.plan.exact


async def test_that_a_dry_run_that_cannot_start_leaves_the_closed_forms_plan(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    planner = planner_of(background, tmp_path, present())
    assert not (await exact(planner, ghost)).plan.exact


def test_that_what_our_own_workers_hold_is_given_back(tmp_path: Path) -> None:
    nobody = Background(("nobody",))
    (card,) = planner_of(nobody, tmp_path, present(used=5 * GB, held=4 * GB)).rig(LoadWish()).cards
    assert card.used_bytes == 1 * GB
    (card,) = planner_of(nobody, tmp_path, present(used=3 * GB, held=4 * GB)).rig(LoadWish()).cards
    assert card.used_bytes == 0


def test_that_a_card_whose_use_is_not_told_stays_untold(tmp_path: Path) -> None:
    now = present(held=GB)
    assert now.reading is not None
    silent = replace(now.reading.gpus[0], memory_used_bytes=None)
    now = replace(now, reading=replace(now.reading, gpus=(silent,)))
    (card,) = planner_of(Background(("nobody",)), tmp_path, now).rig(LoadWish()).cards
    assert card.used_bytes == 0


def test_that_a_reserve_is_kept_here_and_on_a_machine_that_is_only_named(tmp_path: Path) -> None:
    planner = planner_of(Background(("nobody",)), tmp_path, present())
    wish = LoadWish(reserve_bytes={0: 3 * GB})
    (card,) = planner.rig(wish).cards
    assert card.reserve_bytes == 3 * GB
    first, second = planner.rig(wish, "2x RTX 4090, 128 GB DDR5-5600").cards
    assert (first.reserve_bytes, second.reserve_bytes) == (3 * GB, HEADLESS_RESERVE_BYTES)
    assert first.name == "RTX 4090"


def test_that_a_named_machine_is_not_this_one(tmp_path: Path) -> None:
    planner = planner_of(Background(("nobody",)), tmp_path, present(used=GB))
    assert planner.rig(LoadWish()).owned
    named = planner.rig(LoadWish(), "RTX 3090, 32 GB")
    assert not named.owned
    assert named.cards[0].used_bytes < GB
    with pytest.raises(BadRequest, match="Voodoo"):
        planner.rig(LoadWish(), "2x Voodoo 5, 32 GB")


async def test_that_a_header_from_the_hub_is_kept_once_and_shows_the_repositorys_label(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    planner = planner_of(background, tmp_path, present())
    offered = Quantization(
        label="UD-Q4_K_XL", files=("UD/ghost-UD-Q4_K_XL.gguf",), size_bytes=5 * GB
    )
    header = RemoteHeader(quantization=offered, commit="c0ffee", blueprint=blueprint_of((ghost,)))
    sources = [planner.source("owner/ghost", header) for _ in range(2)]
    assert sources[0] == sources[1]
    assert sources[0].id == "owner/ghost:UD-Q4_K_XL"
    assert len(list((tmp_path / "blueprints").iterdir())) == 1
    (placed,) = (await planner.plan(sources[:1], WISH)).placed
    assert placed.plan.quantization == "UD-Q4_K_XL"
    assert placed.plan.model == "owner/ghost:UD-Q4_K_XL"


async def test_that_a_name_that_tells_no_quantization_leaves_it_to_the_header(
    background: Background, ghost: Path, tmp_path: Path
) -> None:
    planner = planner_of(background, tmp_path, present())
    offered = Quantization(label="ghost", files=("ghost.gguf",), size_bytes=5 * GB)
    header = RemoteHeader(quantization=offered, commit="c0ffee", blueprint=blueprint_of((ghost,)))
    source = planner.source("owner/ghost", header)
    (placed,) = (await planner.plan((source,), WISH)).placed
    assert placed.plan.quantization == "Q4_K_M"
