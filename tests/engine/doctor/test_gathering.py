"""What hangs or dies costs its own step; the real children tell what is true of this machine."""

import asyncio
import socket
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from engine.config import EngineConfig, Home
from engine.doctor.doctor import Doctor, Resting
from engine.doctor.facts import Asked, FoldersFacts, Lost, PortFacts, ReadingFacts
from engine.doctor.gathering import Gathering, Proving
from engine.doctor.steps import ALL, QUICK, Steps
from engine.host.children import own_parts
from tests.support.doctor_nvml import DoctorNvml
from tests.support.nvml import rtx_4090
from tests.support.waiting import until

pytestmark = pytest.mark.anyio


def fake(name: str, *words: str) -> tuple[str, ...]:
    # As a module, so that it finds `engine` from the child's working folder.
    return (sys.executable, "-m", f"tests.support.{name}", *words)


def question(home: Path, *steps: str, file: Path | None = None, port: int = 1) -> Asked:
    return Asked(
        folders={"home": str(home), "models": str(home / "models")},
        secrets=(),
        host="127.0.0.1",
        port=port,
        file=None if file is None else str(file),
        own_pids=(),
        steps=steps,
    )


def silent(step: str) -> None:
    pass


@pytest.mark.parametrize(("does", "how"), [("hang", "hung"), ("die", "died"), ("babble", "failed")])
async def test_that_a_step_that_hangs_or_dies_costs_itself_alone(
    tmp_path: Path, does: str, how: str
) -> None:
    gathering = Gathering(fake("fake_examiner", "driver", does), limits={"driver": 0.3})
    found = await gathering.gather(question(tmp_path, "memory", "driver", "port"), silent)
    assert list(found) == ["memory", "driver", "port"]
    assert found["driver"] == Lost(step="driver", how=how)
    assert isinstance(found["port"], PortFacts)


async def test_that_a_child_that_cannot_start_is_told_and_nothing_raised(tmp_path: Path) -> None:
    gathering = Gathering((str(tmp_path / "nothing"),))
    found = await gathering.gather(question(tmp_path, "memory", "port"), silent)
    assert all(isinstance(fact, Lost) for fact in found.values())


async def test_that_cancelling_ends_the_child(tmp_path: Path) -> None:
    gathering = Gathering(fake("fake_examiner", "driver", "hang"))
    begun: list[str] = []
    task = asyncio.create_task(gathering.gather(question(tmp_path, "driver"), begun.append))
    await until(lambda: begun == ["driver"])
    children = psutil.Process().children()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children
    assert not any(child.is_running() and child.status() != "zombie" for child in children)


@pytest.mark.parametrize("how", ["die", "hang"])
async def test_that_a_card_that_takes_its_worker_down_leaves_the_others_to_be_tried(
    how: str,
) -> None:
    proving = Proving(fake("fake_prover", "0,1", how), limit_seconds=2.0)
    library = await proving.prove(quick=False)
    assert [device.died for device in library.devices] == [True, True, False]
    assert library.devices[2].flops == 1e12
    assert library.failure == ""


async def test_that_a_library_that_does_not_start_is_told_in_its_own_words() -> None:
    library = await Proving(fake("fake_prover", "0", "mute")).prove(quick=False)
    assert library.devices == ()
    assert "libcudart.so.12" in library.failure


async def test_that_this_machine_computes_rightly() -> None:
    library = await Proving(own_parts().worker).prove(quick=False)
    assert library.failure == ""
    assert library.devices
    for device in library.devices:
        assert device.error is not None
        assert device.error < 0.02
        assert device.flops is not None
        assert device.flops > 1e8


async def test_that_an_examination_says_something_sane_of_this_machine(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    parts: list[float] = []
    doctor = Doctor(home, own_parts(), Resting(config=EngineConfig(), shelf=()))
    found = await doctor.examine(parts.append, quick=True)
    names = {check.name for check in found.checks}
    assert {"driver", "library", "system", "memory", "folders", "disk", "port"} <= names
    assert "reading" not in names
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert str(tmp_path) not in found.report
    assert socket.gethostname() not in found.report


async def test_that_a_port_in_use_is_not_free(tmp_path: Path) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        facts = Steps(question(tmp_path, port=port), {}).take("port")["port"]
    assert facts == PortFacts(port=port, free=False, answers=False)


def test_that_a_model_is_read_and_nothing_is_left_behind(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    file = models / "a.gguf"
    file.write_bytes(bytes(48 << 20))
    steps = Steps(question(tmp_path, file=file), {})
    reading = steps.take("reading")["reading"]
    assert isinstance(reading, ReadingFacts)
    assert reading.bytes_per_second > 0
    assert not reading.written
    assert "opening" in steps.take("opening")
    assert list(models.iterdir()) == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps folders shut by itself")
@pytest.mark.parametrize(("mode", "told"), [(0o600, False), (0o644, True)])
def test_that_a_secret_others_can_read_is_told(mode: int, told: bool) -> None:
    # Not pytest's folder, which is shut to others.
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        secret = folder / "engine.toml"
        secret.write_text("api_key = 'x'", "utf-8")
        secret.chmod(mode)
        asked = replace(question(folder), secrets=(str(secret),))
        found = Steps(asked, {}).take("folders")["folders"]
        assert isinstance(found, FoldersFacts)
        assert bool(found.open_secrets) is told


def test_that_a_step_that_raises_is_lost_and_no_more(tmp_path: Path) -> None:
    steps = Steps(question(tmp_path, file=tmp_path / "gone.gguf"), {})
    assert steps.take("opening") == {"lost": Lost(step="opening", how="failed")}


@pytest.mark.parametrize("step", QUICK)
def test_that_each_quick_step_finds_something(tmp_path: Path, step: str) -> None:
    steps = Steps(question(tmp_path), {}, library=DoctorNvml(cards=[rtx_4090()]))
    assert steps.take(step)[step] is not None
    assert step in ALL
