"""Discovery with the real client, the real background process and a Hub on this machine."""

import asyncio
import gc
import socket
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.background.background import Background
from engine.config import LoadWish, RankWish
from engine.download.downloads import Downloads
from engine.download.values import Quantization, RepositoryPage, SearchWish
from engine.errors import (
    BadRequest,
    DownloadError,
    GatedRepository,
    HubUnreachable,
    NotAModel,
    RepositoryNotFound,
)
from engine.planner.discovery import Discovery
from engine.planner.estimate import Fit
from tests.engine.planner.test_planner import GB, planner_of, present
from tests.support.ghosts import write_ghost
from tests.support.hub import Hub
from tests.support.keyrings import BACKEND, FILE, kept
from tests.support.pace import allowed, spent

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/Ghost-8B-GGUF"
LABELS = ("Q2_K", "Q4_K_M", "Q8_0")
COMMAND = (sys.executable, "-m", "engine.download")
SHORT, WISH, LONG, LONGER = (
    RankWish(load=LoadWish(context_tokens=tokens)) for tokens in (2048, 4096, 8192, 16_384)
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def own_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"))
    yield background
    await background.close()


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, int]]:
    """By label, the beginning of a model's file and the size of the whole."""
    path = tmp_path_factory.mktemp("ghosts") / "ghost.gguf"
    found: dict[str, tuple[bytes, int]] = {}
    for label in LABELS:
        size = write_ghost(f"llama-8b:{label}", path, whole=False)
        with path.open("rb") as file:
            found[label] = (file.read(4 << 20), size)
    return found


@pytest.fixture
def hub(headers: dict[str, tuple[bytes, int]]) -> Generator[Hub]:
    with Hub() as hub:
        files = {f"ghost-{label}.gguf": body for label, (body, _) in headers.items()}
        whole = hub.add(REPOSITORY, {**files, "README.md": b"# Ghost"})
        whole.announced_bytes = {f"ghost-{name}.gguf": size for name, (_, size) in headers.items()}
        yield hub


Open = Callable[[], Discovery]


@pytest.fixture
def where(hub: Hub) -> list[str]:
    """The Hub's address, as the settings have it."""
    return [f"{hub.address}/"]


@pytest.fixture
async def anew(
    hub: Hub, where: list[str], background: Background, tmp_path: Path
) -> AsyncIterator[Open]:
    """Opens a Discovery as a new start of the program would; all share one home."""
    opened: list[tuple[Discovery, Downloads]] = []

    def make() -> Discovery:
        downloads = Downloads(hub.address, tmp_path / "models", print, cache=tmp_path / "cache")
        discovery = Discovery(
            planner_of(background, tmp_path / "cache", present()),
            downloads,
            endpoint=lambda: where[0],
            cache=tmp_path / "cache",
            command=COMMAND,
        )
        opened.append((discovery, downloads))
        return discovery

    yield make
    for discovery, downloads in opened:
        await discovery.close()
        await downloads.close()


async def settled(discovery: Discovery) -> RepositoryPage:
    """The page, with nothing asked beside it any more."""
    page = await discovery.page(REPOSITORY)
    await discovery.close()
    return page


def nameless(page: RepositoryPage) -> list[Quantization]:
    """The same without hashes."""
    return [replace(one, hashes=()) for one in page.quantizations]


def never(read: int, total: int) -> None:
    pytest.fail(f"{read} of {total} headers were read again")


async def test_that_the_second_rank_asks_the_hub_nothing(anew: Open, hub: Hub) -> None:
    discovery = anew()
    page = await settled(discovery)
    told: list[tuple[int, int]] = []

    def hear(read: int, total: int) -> None:
        told.append((read, total))

    first = await discovery.rank(REPOSITORY, page.quantizations, WISH, on_header=hear)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert {one.plan.model for one in first.placed} == {f"{REPOSITORY}:{name}" for name in LABELS}
    assert first.advised in {one.plan.model for one in first.placed}
    assert first.advice
    asked = len(hub.paths)
    longer = await discovery.rank(
        REPOSITORY,
        page.quantizations,
        RankWish(load=LoadWish(context_tokens=16_384)),
        on_header=never,
    )
    elsewhere = await discovery.rank(
        REPOSITORY, page.quantizations[:1], replace(WISH, machine="2x RTX 4090, 64 GB DDR5-5600")
    )
    assert len(hub.paths) == asked
    assert all(one.plan.layout.context_tokens == 16_384 for one in longer.placed)
    assert elsewhere.placed[0].plan.machine.startswith("2 × RTX 4090")
    assert elsewhere.advised == elsewhere.placed[0].plan.model  # the only one there is


async def test_that_what_was_seen_stands_in_where_nobody_answers(anew: Open, hub: Hub) -> None:
    page = await settled(anew())
    await anew().rank(REPOSITORY, page.quantizations, WISH)
    hub.faults.status = 503
    later = anew()
    again = await settled(later)
    assert again.cached
    assert not page.cached
    assert (again.card, again.quantizations) == ("# Ghost", page.quantizations)
    ranked = await later.rank(REPOSITORY, again.quantizations, LONG)
    assert len(ranked.placed) == len(LABELS)
    with pytest.raises(HubUnreachable) as refused:
        await later.search(SearchWish(words="ghost"))
    assert "huggingface.co" in refused.value.remedy
    with pytest.raises(HubUnreachable):
        await later.page("owner/never-seen")


async def test_that_bytes_whose_hash_nobody_told_are_looked_at_again(anew: Open, hub: Hub) -> None:
    offered = nameless(await settled(anew()))
    await anew().rank(REPOSITORY, offered, WISH)
    asked = len(hub.paths)
    await anew().rank(REPOSITORY, offered, WISH)
    assert len(hub.paths) > asked
    hub.faults.status = 503
    assert len((await anew().rank(REPOSITORY, offered, WISH)).placed) == len(LABELS)


async def test_that_a_file_that_is_no_model_is_told_beside_the_others(anew: Open, hub: Hub) -> None:
    hub.repositories[REPOSITORY].files["ghost-IQ1_S.gguf"] = b"not a model" * 99
    discovery = anew()
    page = await settled(discovery)
    ranked = await discovery.rank(REPOSITORY, page.quantizations, WISH)
    assert [one.id for one in ranked.unplanned] == [f"{REPOSITORY}:IQ1_S"]
    assert len(ranked.placed) == len(LABELS)
    broken = [one for one in page.quantizations if one.label == "IQ1_S"]
    with pytest.raises(NotAModel):
        await discovery.rank(REPOSITORY, broken, WISH)
    assert (await discovery.rank(REPOSITORY, (), WISH)).placed == ()


async def test_that_a_blueprint_that_was_swept_away_is_read_again(
    anew: Open, tmp_path: Path
) -> None:
    discovery = anew()
    page = await settled(discovery)
    await discovery.rank(REPOSITORY, page.quantizations, WISH)
    for place in (tmp_path / "cache" / "blueprints").iterdir():
        place.unlink()
    assert len((await discovery.rank(REPOSITORY, page.quantizations, WISH)).placed) == 3


async def test_that_two_who_rank_at_once_ask_once_and_one_may_leave(anew: Open, hub: Hub) -> None:
    discovery = anew()
    page = await settled(discovery)
    before = len(hub.paths)
    tasks = [
        asyncio.create_task(discovery.rank(REPOSITORY, page.quantizations, WISH)) for _ in range(2)
    ]
    assert len((await tasks[0]).placed) == len((await tasks[1]).placed) == 3
    versions = [path for path in hub.paths[before:] if path.startswith("/api/models/")]
    assert len(versions) == 1  # looked up once for both
    hub.faults.hold_after_bytes = 0
    leaving = asyncio.create_task(anew().rank(REPOSITORY, nameless(page), WISH))
    staying = asyncio.create_task(discovery.rank(REPOSITORY, page.quantizations, WISH))
    assert len((await staying).placed) == 3
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_that_wishes_that_cannot_be_are_refused(anew: Open) -> None:
    discovery = anew()
    page = await settled(discovery)
    with pytest.raises(BadRequest):
        await discovery.rank(REPOSITORY, page.quantizations, replace(WISH, machine="an abacus"))
    with pytest.raises(RepositoryNotFound):
        await discovery.page("../../etc")
    with pytest.raises(RepositoryNotFound):
        await discovery.page("owner/absent")


async def test_that_a_gate_is_told_and_a_token_opens_it_only_where_it_belongs(
    anew: Open, hub: Hub
) -> None:
    whole = hub.repositories[REPOSITORY]
    whole.gated, whole.token = True, "hf_right"
    discovery = anew()
    await discovery.set_token("hf_right")  # huggingface.co's
    page = await settled(discovery)
    assert page.hit.gated
    with pytest.raises(GatedRepository) as refused:
        await discovery.rank(REPOSITORY, page.quantizations, WISH)
    assert "No token is sent to a mirror" in refused.value.remedy
    assert set(hub.authorizations) == {None}
    await discovery.set_token("hf_right", trusted_endpoint=hub.address)
    assert len((await discovery.rank(REPOSITORY, page.quantizations, WISH)).placed) == 3
    content = [i for i, path in enumerate(hub.paths) if path.startswith("/content/")]
    assert {hub.authorizations[i] for i in content} == {None}  # the login ends at the Hub


async def test_that_the_systems_proxy_carries_what_is_asked(
    anew: Open, hub: Hub, where: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repositories["owner/Beyond-GGUF"] = hub.repositories[REPOSITORY]
    where[0] = "http://hub.invalid"
    monkeypatch.setenv("HTTP_PROXY", hub.address)  # the test Hub answers as a proxy would
    monkeypatch.setenv("http_proxy", hub.address)
    hits = await anew().search(SearchWish(words="beyond"))
    assert [hit.id for hit in hits] == ["owner/Beyond-GGUF"]
    assert hub.paths[-1].startswith("http://hub.invalid/api/models?")


async def test_that_a_hub_that_is_asked_too_often_says_so(anew: Open, hub: Hub) -> None:
    hub.faults.status = 429
    with pytest.raises(DownloadError, match="asked too often"):
        await anew().search(SearchWish(words="ghost"))


async def test_that_two_hundred_repositories_are_held_cheaply(anew: Open, hub: Hub) -> None:
    discovery = anew()
    page = await settled(discovery)
    for number in range(5):
        hub.repositories[f"owner/number-{number}"] = hub.repositories[REPOSITORY]
    await discovery.rank("owner/number-0", page.quantizations, WISH)
    tracemalloc.start()
    try:
        for number in range(1, 5):
            await discovery.rank(f"owner/number-{number}", page.quantizations, WISH)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    lines = 4 * len(page.quantizations)
    assert held / lines * 200 * 30 < 60_000_000


async def test_that_thirty_quantizations_are_ranked_in_three_seconds_and_forty_megabytes(
    anew: Open, hub: Hub, headers: dict[str, tuple[bytes, int]]
) -> None:
    whole = hub.repositories[REPOSITORY]
    body, size = headers["Q4_K_M"]
    labels = [
        f"UD-Q{bits}_K_{letter}" for bits in range(2, 8) for letter in ("S", "M", "L", "XL", "XXL")
    ]
    whole.files = {f"ghost-{label}.gguf": body for label in labels}
    whole.announced_bytes = dict.fromkeys(whole.files, size)
    discovery = anew()
    page = await settled(discovery)
    assert len(page.quantizations) == 30
    tracemalloc.start()
    try:
        await discovery.rank(REPOSITORY, page.quantizations, WISH)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40_000_000
    began = time.perf_counter()
    ranked = await discovery.rank(REPOSITORY, page.quantizations, SHORT)
    assert time.perf_counter() - began < 3
    assert len(ranked.placed) == 30


async def test_that_a_token_is_set_through_the_child_and_remembered(
    anew: Open, tmp_path: Path
) -> None:
    discovery = anew()
    assert not discovery.has_token
    await discovery.set_token("hf_secret")
    assert discovery.has_token
    assert kept() == {"fullbore huggingface": "hf_secret"}
    later = anew()
    assert later.has_token  # before the keyring is asked
    assert await later.find_token()
    assert not any(
        b"hf_secret" in place.read_bytes()
        for place in (tmp_path / "cache").rglob("*")
        if place.is_file()
    )
    await later.set_token(None)
    assert not later.has_token
    with pytest.raises(DownloadError, match="not an access token"):
        await later.set_token("two words")


async def test_that_an_endpoint_is_tried_out(anew: Open, hub: Hub) -> None:
    assert "speaks the Hub's API" in str(await anew().test_endpoint(hub.address))
    with pytest.raises(DownloadError):
        await anew().test_endpoint("ftp://hub")


async def test_that_a_hub_that_takes_calls_and_says_nothing_is_not_waited_for(
    background: Background, tmp_path: Path
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))  # the system takes the calls, nobody answers
    address = f"http://127.0.0.1:{silent.getsockname()[1]}"
    discovery = Discovery(
        planner_of(background, tmp_path / "cache", present()),
        Downloads(address, tmp_path / "models", print, cache=tmp_path / "cache"),
        endpoint=lambda: address,
        cache=tmp_path / "cache",
        command=COMMAND,
    )
    discovery.patience_seconds = 0.5
    began = time.monotonic()
    try:
        with pytest.raises(HubUnreachable, match="has not answered") as refused:
            await discovery.search(SearchWish(words="anything"))
    finally:
        await discovery.close()
        silent.close()
    assert time.monotonic() - began < 8
    assert "huggingface.co" in refused.value.remedy


async def test_that_sizes_are_estimated_for_lists(anew: Open) -> None:
    discovery = anew()  # 8 GB on one card, 64 GB of RAM
    assert discovery.estimate(4 * GB) is Fit.CARDS
    assert discovery.estimate(30 * GB) is Fit.RAM
    assert discovery.estimate(90 * GB) is Fit.NEITHER
    assert str(discovery.estimate(4 * GB)) == "cards"
    assert spent(lambda: [discovery.estimate(size) for size in range(6000)]) < allowed(0.3)


async def test_that_the_first_page_is_the_same_for_the_same_machine(anew: Open) -> None:
    shown = anew().curated()
    assert shown == anew().curated()
    assert anew().estimate(shown[0].size_bytes) is not Fit.NEITHER
