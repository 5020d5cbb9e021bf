"""A download that somebody waits for, with the real client against a Hub on this machine."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from engine.download.downloads import Downloads
from engine.download.pulling import Pulled, Pulling, choose_quantization
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import BadRequest, DownloadCancelled, RepositoryNotFound
from tests.support.gguf_bytes import gguf_bytes
from tests.support.hub import Hub

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/tiny-GGUF"
ID = f"{REPOSITORY}:F16"
CONTENT = gguf_bytes(tensors={"token_embd.weight": (1, (1024, 512))})


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        hub.add(REPOSITORY, {"tiny-F16.gguf": CONTENT})
        yield hub


class Bench:
    """Downloads, and those who wait for them."""

    def __init__(self, endpoint: str, models: Path) -> None:
        self.downloads = Downloads(endpoint, models, self._moved)
        self.pulling = Pulling(self.downloads)

    def _moved(self, download: Download) -> None:
        self.pulling.hear(download)

    def phase(self) -> DownloadPhase:
        return self.downloads.all()[0].phase


@asynccontextmanager
async def bench(hub: Hub, models: Path) -> AsyncGenerator[Bench]:
    it = Bench(hub.address, models)
    try:
        yield it
    finally:
        await it.downloads.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


async def arrived(steps: AsyncGenerator[Pulled, None], least: int) -> None:
    """Listen until so many bytes are there."""
    async with asyncio.timeout(20):
        async for step in steps:
            if step.download.received_bytes >= least:
                return


async def test_that_a_pull_tells_how_far_it_is_until_it_is_there(hub: Hub, tmp_path: Path) -> None:
    async with bench(hub, tmp_path) as it:
        steps = [step async for step in it.pulling.pull(REPOSITORY, None)]
        again = [step async for step in it.pulling.pull(REPOSITORY, "f16")]
    assert steps[-1].download.phase is DownloadPhase.DONE
    assert steps[-1].download.received_bytes == len(CONTENT)
    assert steps[0].digest is not None
    assert again[-1].download.phase is DownloadPhase.DONE
    assert (tmp_path / "owner" / "tiny-GGUF" / "tiny-F16.gguf").read_bytes() == CONTENT


async def test_that_leaving_pauses_it_and_the_next_one_goes_on(hub: Hub, tmp_path: Path) -> None:
    hub.faults.hold_after_bytes = 1 << 19
    async with bench(hub, tmp_path) as it:
        async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as steps:
            await arrived(steps, 1 << 18)
        await until(lambda: it.phase() is DownloadPhase.PAUSED)
        kept = it.downloads.all()[0].received_bytes
        assert kept > 0
        hub.resume()
        before = hub.served_bytes
        async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as steps:
            await arrived(steps, len(CONTENT))
        assert hub.served_bytes - before <= len(CONTENT) - kept // 2


async def test_that_it_goes_on_while_another_waits_or_another_began_it(
    hub: Hub, tmp_path: Path
) -> None:
    hub.faults.hold_after_bytes = 1 << 19
    async with bench(hub, tmp_path) as it:
        async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as first:
            await arrived(first, 1 << 18)
            async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as second:
                await anext(second)
            assert it.phase() is DownloadPhase.RUNNING
        await until(lambda: it.phase() is DownloadPhase.PAUSED)
        it.downloads.resume(ID)  # a person wants it
        await until(lambda: it.phase() is DownloadPhase.RUNNING)
        async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as third:
            await anext(third)
        assert it.phase() is DownloadPhase.RUNNING
        hub.resume()
        await it.downloads.wait(ID)


async def test_that_what_a_person_cancels_fails_and_what_is_missing_is_told(
    hub: Hub, tmp_path: Path
) -> None:
    hub.faults.hold_after_bytes = 1 << 19
    async with bench(hub, tmp_path) as it:
        async with aclosing(it.pulling.pull(REPOSITORY, "F16")) as steps:
            await arrived(steps, 1 << 18)
            it.downloads.cancel(ID)
            with pytest.raises(DownloadCancelled):
                await arrived(steps, len(CONTENT))
        for name in ("nobody/nothing", "no repository"):
            async with aclosing(it.pulling.pull(name, None)) as steps:
                with pytest.raises(RepositoryNotFound):
                    await anext(steps)
        async with aclosing(it.pulling.pull(REPOSITORY, "Q9")) as steps:
            with pytest.raises(BadRequest, match="no quantization 'Q9'") as raised:
                await anext(steps)
        assert "F16" in raised.value.remedy


@pytest.mark.parametrize(
    ("labels", "wanted", "chosen"),
    [
        (("Q4_0", "Q8_0"), "q8_0", "Q8_0"),
        (("Q2_K", "Q4_K_M", "Q8_0"), None, "Q4_K_M"),
        (("F16",), None, "F16"),
        (("Q4_0", "Q8_0"), None, None),
        ((), None, None),
    ],
)
def test_that_the_usual_quantization_is_taken_where_none_is_named(
    labels: tuple[str, ...], wanted: str | None, chosen: str | None
) -> None:
    offered = [Quantization(label=label, files=(), size_bytes=1) for label in labels]
    if chosen is None:
        with pytest.raises(BadRequest):
            choose_quantization(REPOSITORY, wanted, offered)
    else:
        assert choose_quantization(REPOSITORY, wanted, offered).label == chosen
