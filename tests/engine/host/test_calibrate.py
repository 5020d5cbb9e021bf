"""A calibration seen from outside: a real child process, cards that a fake driver reports."""

import asyncio
import os
import sys
from pathlib import Path

import psutil
import pytest

from engine.errors import CalibrationFailed
from engine.hardware.machine import Cpu, Gpu, Machine
from engine.host.calibrate import Calibrator, Gathered, calibration_of, matches
from engine.protocol.calibrate import CardFound
from tests.support.fake_calibration import CARD, LAST_WORDS, OWN_BYTES
from tests.support.nvml import FakeCard, FakeNvml
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

FAKE = Path(__file__).parents[2] / "support" / "fake_calibration.py"
OTHERS = 3 << 30


def gpu(index: int, *, name: str = CARD, uuid: str = "GPU-1") -> Gpu:
    return Gpu(
        index=index,
        name=name,
        uuid=uuid,
        memory_bytes=24 << 30,
        compute_capability=(8, 9),
        pcie_generation=4,
        pcie_width=16,
        power_limit_watts=450.0,
    )


def machine(*gpus: Gpu) -> Machine:
    return Machine(
        gpus=gpus,
        cpu=Cpu(name="A processor", physical_cores=4, logical_cores=8),
        memory_bytes=64 << 30,
        disks=(),
        driver="580",
        cuda=(13, 0),
        system="Debian",
    )


def fake(ends: str = "done") -> tuple[str, ...]:
    return (sys.executable, str(FAKE), "--ends", ends)


def silent(step: str, fraction: float) -> None:
    pass


async def test_that_every_figure_told_becomes_part_of_the_calibration() -> None:
    driver = FakeNvml(cards=[FakeCard(used=OTHERS)])
    calibrator = Calibrator(fake(), machine(gpu(0)), library=driver)
    found = await calibrator.run(None, silent)
    assert found.board.threads == 4
    assert found.board.read_rates == {1: 20e9, 4: 45e9}
    assert found.board.disk_bytes_per_second is None
    (card,) = found.cards
    assert (card.uuid, card.name) == ("GPU-1", CARD)
    assert card.bytes_per_second == 850e9
    assert card.link_bytes_per_second == 25e9
    assert card.pageable_bytes_per_second == 12e9
    assert driver.opened == 0


async def test_that_the_drivers_share_is_what_the_card_holds_beyond_others_and_llama_cpp() -> None:
    card = FakeCard(used=OTHERS)

    def taking(step: str, fraction: float) -> None:
        if step == "models":
            card.used = OTHERS + OWN_BYTES + 558_000_000
        if step == "prompts":
            card.used = OTHERS + OWN_BYTES + 700_000_000

    driver = FakeNvml(cards=[card])
    found = await Calibrator(fake(), machine(gpu(0)), library=driver).run(None, taking)
    assert found.cards[0].residual_loaded_bytes == 558_000_000
    assert found.cards[0].residual_peak_bytes == 700_000_000


async def test_that_without_a_driver_the_share_is_not_known() -> None:
    driver = FakeNvml(has_driver=False)
    found = await Calibrator(fake(), machine(), library=driver).run(None, silent)
    assert found.cards[0].residual_loaded_bytes is None
    assert found.cards[0].uuid is None


@pytest.mark.parametrize("ends", ["dies", "nonsense", "hangs"])
async def test_that_what_was_told_before_a_bad_end_is_kept(ends: str) -> None:
    driver = FakeNvml(cards=[FakeCard()])
    calibrator = Calibrator(fake(ends), machine(gpu(0)), library=driver, limit_seconds=2.0)
    found = await calibrator.run(None, silent)
    assert found.board.flops == 5e11
    assert found.cards == ()


async def test_that_a_child_that_tells_nothing_is_a_failure_with_its_last_words() -> None:
    words = (sys.executable, "-c", f"import sys; sys.exit({LAST_WORDS!r})")
    with pytest.raises(CalibrationFailed) as failure:
        await Calibrator(words, machine(), library=FakeNvml(has_driver=False)).run(None, silent)
    assert LAST_WORDS in failure.value.last_words


async def test_that_a_program_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    command = (str(tmp_path / "nothing"),)
    with pytest.raises(CalibrationFailed):
        await Calibrator(command, machine(), library=FakeNvml(has_driver=False)).run(None, silent)


async def test_that_cancelling_ends_the_child() -> None:
    calibrator = Calibrator(fake("hangs"), machine(), library=FakeNvml(has_driver=False))
    task = asyncio.create_task(calibrator.run(None, silent))
    ours = psutil.Process(os.getpid())
    await until(lambda: bool(ours.children()))
    child = ours.children()[0].pid
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_running(child)


def test_that_cards_of_one_name_are_told_apart_by_their_order_on_the_bus() -> None:
    def found(number: int, name: str) -> CardFound:
        return CardFound(number=number, device=f"CUDA{number}", name=name, memory_bytes=1)

    cards = {0: found(0, "A"), 1: found(1, "B"), 2: found(2, "NVIDIA A")}
    gpus = (gpu(0, name="NVIDIA A"), gpu(1, name="NVIDIA B"), gpu(2, name="NVIDIA A"))
    assert {number: one.index for number, one in matches(cards, gpus).items()} == {0: 0, 1: 1, 2: 2}


def test_that_without_the_processors_figures_there_is_no_calibration() -> None:
    assert calibration_of(Gathered(), (), "2026-01-01T00:00:00+00:00") is None
