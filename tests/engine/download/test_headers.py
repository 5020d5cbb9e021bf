"""Headers from the Hub, with the real client in its real child process: few bytes, and no trust."""

import asyncio
import os
import struct
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from engine.download.downloads import Downloads
from engine.download.values import Quantization, RemoteHeader
from engine.errors import (
    DownloadError,
    GatedRepository,
    HubUnreachable,
    ModelError,
    RepositoryNotFound,
)
from engine.gguf.blueprint import blueprint_of
from tests.support.gguf_bytes import (
    TINY,
    Plain,
    gguf_bytes,
    padded,
    pair,
    split_bytes,
    tensor_bytes,
    tensor_line,
)
from tests.support.hub import Hub
from tests.support.waiting import until

pytestmark = pytest.mark.anyio

REPOSITORY = "owner/some-GGUF"
# Label, general.file_type, type of the large tensors.
KINDS = [
    ("Q2_K", 10, 10),
    ("Q3_K_M", 12, 11),
    ("Q4_0", 2, 2),
    ("Q4_K_M", 15, 12),
    ("Q5_K_M", 17, 13),
    ("Q6_K", 18, 14),
    ("Q8_0", 7, 8),
    ("F16", 1, 1),
]
VOCABULARY = 152_064


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub() -> Generator[Hub]:
    with Hub() as hub:
        yield hub


@asynccontextmanager
async def speaking(hub: Hub, folder: Path) -> AsyncGenerator[Downloads]:
    downloads = Downloads(hub.address, folder / "models", lambda _: None, cache=folder / "cache")
    try:
        yield downloads
    finally:
        await downloads.close()


def tensors_of(kind: int, layers: int = 2) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Those of a model with 256 numbers a token."""
    tensors: dict[str, tuple[int, tuple[int, ...]]] = {
        "token_embd.weight": (kind, (256, 512)),
        "output_norm.weight": (0, (256,)),
    }
    for layer in range(layers):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up"):
            tensors[f"blk.{layer}.{name}.weight"] = (kind, (256, 256))
    return tensors


def metadata_of(file_type: int, **more: Plain) -> dict[str, Plain]:
    first = {key: one for key, one in TINY.items() if key != "general.file_type"}
    words = [f"word{number}" for number in range(20_000)]
    return {**first, "tokenizer.ggml.tokens": words, **more, "general.file_type": file_type}


def small_family(hub: Hub, **more: Plain) -> dict[str, bytes]:
    files = {
        f"some-{label}.gguf": gguf_bytes(metadata_of(number, **more), tensors=tensors_of(kind))
        for label, number, kind in KINDS
    }
    hub.add(REPOSITORY, files)
    return files


def on_disk(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / name for name in files]
    for path in paths:
        path.write_bytes(files[path.name])
    return paths


async def looked(downloads: Downloads) -> tuple[RemoteHeader, ...]:
    return await downloads.headers(REPOSITORY, await downloads.quantizations(REPOSITORY))


async def test_that_headers_are_what_the_files_would_tell(hub: Hub, tmp_path: Path) -> None:
    files = small_family(hub)
    heard: list[RemoteHeader] = []
    async with speaking(hub, tmp_path) as downloads:
        offered = await downloads.quantizations(REPOSITORY)
        rows = await downloads.headers(REPOSITORY, offered, on_header=heard.append)
    assert [row.quantization for row in rows] == list(offered)
    assert sorted(row.quantization.label for row in heard) == sorted(k for k, _, _ in KINDS)
    for row, path in zip(rows, on_disk(tmp_path / "here", files), strict=False):
        (name,) = row.quantization.files
        assert row.blueprint == blueprint_of([path.with_name(name)])
        assert row.refusal is None
    # One whole, of each other two stretches.
    largest = len(gguf_bytes(metadata_of(0), tensors={}))
    assert hub.served_bytes < 2 * largest + 30_000 * len(KINDS)


async def test_that_asked_again_only_the_version_is_looked_up(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    async with speaking(hub, tmp_path) as downloads:
        offered = await downloads.quantizations(REPOSITORY)
        first = await downloads.headers(REPOSITORY, offered)
        asked = len(hub.paths)
        assert await downloads.headers(REPOSITORY, offered) == first
        assert hub.paths[asked:] == [f"/api/models/{REPOSITORY}?blobs=true"]


async def test_that_split_quantizations_are_read_from_all_their_files(
    hub: Hub, tmp_path: Path
) -> None:
    files: dict[str, bytes] = {}
    for label, number, kind in KINDS[:4]:
        tensors = tensors_of(kind)
        names = list(tensors)
        parts = [{n: tensors[n] for n in names[at : at + 6]} for at in range(0, len(names), 6)]
        for place, body in enumerate(split_bytes(metadata_of(number), parts), 1):
            files[f"{label}/some-{label}-{place:05}-of-{len(parts):05}.gguf"] = body
    files["some-Q8_0.gguf"] = gguf_bytes(metadata_of(7), tensors=tensors_of(8))
    hub.add(REPOSITORY, files)
    async with speaking(hub, tmp_path) as downloads:
        rows = await looked(downloads)
    assert len(rows) == 5
    for row in rows:
        assert row.blueprint is not None, row.refusal
        assert row.blueprint.label == row.quantization.label
        assert row.blueprint.file_bytes == row.quantization.size_bytes
        assert [one.name for one in row.blueprint.tensors] == list(tensors_of(8))


async def test_that_two_models_in_one_repository_are_not_confused(hub: Hub, tmp_path: Path) -> None:
    files = {
        f"{size}-{label}.gguf": gguf_bytes(
            metadata_of(number, **{"llama.block_count": layers}), tensors=tensors_of(kind, layers)
        )
        for size, layers in (("small", 2), ("large", 3))
        for label, number, kind in KINDS[:3]
    }
    hub.add(REPOSITORY, files)
    async with speaking(hub, tmp_path) as downloads:
        rows = await looked(downloads)
    for row in rows:
        assert row.blueprint is not None
        expected = 3 if "large" in row.quantization.files[0] else 2
        assert row.blueprint.shape.layers == expected


async def test_that_a_file_that_is_no_model_is_told_of_and_the_others_are_read(
    hub: Hub, tmp_path: Path
) -> None:
    files = small_family(hub)
    broken = {"some-Q4_0.gguf": b"PK" * 3000, "some-Q6_K.gguf": files["some-Q6_K.gguf"][:-999]}
    hub.add(REPOSITORY, {**files, **broken})
    async with speaking(hub, tmp_path) as downloads:
        rows = {row.quantization.label: row for row in await looked(downloads)}
        with pytest.raises(ModelError, match="GGUF format"):
            await downloads.header_file(REPOSITORY, rows["Q4_0"].quantization)
    refused = {label: row.refusal for label, row in rows.items() if row.blueprint is None}
    assert set(refused) == {"Q4_0", "Q6_K"}
    assert "ends before its tensors do" in str(refused["Q6_K"])


async def test_that_header_files_are_sparse_and_tell_the_same(hub: Hub, tmp_path: Path) -> None:
    tensors = tensors_of(8)
    names = list(tensors)
    parts = [{n: tensors[n] for n in names[:9]}, {n: tensors[n] for n in names[9:]}]
    files = {
        f"some-Q8_0-{place:05}-of-00002.gguf": body
        for place, body in enumerate(split_bytes(metadata_of(7), parts), 1)
    }
    hub.add(REPOSITORY, files)
    async with speaking(hub, tmp_path) as downloads:
        (offered,) = await downloads.quantizations(REPOSITORY)
        paths = await downloads.header_file(REPOSITORY, offered)
        assert await downloads.header_file(REPOSITORY, offered) == paths
    assert [path.name for path in paths] == list(files)
    assert [path.stat().st_size for path in paths] == [*map(len, files.values())]
    assert blueprint_of(paths) == blueprint_of(on_disk(tmp_path / "here", files))


async def test_that_a_header_file_of_many_gigabytes_takes_little_room(
    hub: Hub, tmp_path: Path
) -> None:
    tensors = {f"blk.0.ffn_up_exps.{n}": (12, (4096, 4096, 128)) for n in range(30)}
    whole_bytes = sum(tensor_bytes(*tensor) for tensor in tensors.values())
    lines = [
        tensor_line(name, *tensor, tensor_bytes(*tensor) * place)
        for place, (name, tensor) in enumerate(tensors.items())
    ]
    pairs = [pair(key, one) for key, one in metadata_of(15).items()]
    header = b"GGUF" + struct.pack("<IQQ", 3, len(lines), len(pairs)) + b"".join([*pairs, *lines])
    body = header.ljust(padded(len(header)), b"\0")
    repository = hub.add(REPOSITORY, {"some-Q4_K_M.gguf": body})
    repository.announced_bytes["some-Q4_K_M.gguf"] = len(body) + whole_bytes
    async with speaking(hub, tmp_path) as downloads:
        (offered,) = await downloads.quantizations(REPOSITORY)
        (path,) = await downloads.header_file(REPOSITORY, offered)
    assert path.stat().st_size == len(body) + whole_bytes > 30 << 30
    assert blueprint_of([path]).file_bytes == path.stat().st_size
    if os.name == "posix":
        assert path.stat().st_blocks * 512 < 4 << 20


async def test_that_a_server_without_ranges_is_refused_at_once(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    repository = hub.repositories[REPOSITORY]
    repository.files["some-Q8_0.gguf"] += bytes(64 << 20)
    hub.faults.ignore_ranges = True
    async with speaking(hub, tmp_path) as downloads:
        offered = await downloads.quantizations(REPOSITORY)
        started = time.monotonic()
        with pytest.raises(DownloadError, match="whole files only"):
            await downloads.headers(REPOSITORY, offered)
        with pytest.raises(DownloadError, match="whole files only"):
            await downloads.header_file(REPOSITORY, offered[-1])
        assert time.monotonic() - started < 10
    # What a socket swallows before its end is noticed.
    assert hub.served_bytes < 24 << 20


async def test_that_a_server_that_sends_other_bytes_is_refused(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    async with speaking(hub, tmp_path) as downloads:
        hub.faults.shift_ranges = 1
        with pytest.raises(DownloadError, match="another part"):
            await looked(downloads)
        hub.faults.shift_ranges, hub.faults.short_ranges = 0, True
        with pytest.raises(DownloadError, match="another part"):
            await looked(downloads)
        hub.faults.short_ranges = False
        assert all(row.blueprint for row in await looked(downloads))


async def test_that_a_passing_failure_is_overcome_and_a_lasting_one_is_said(
    hub: Hub, tmp_path: Path
) -> None:
    small_family(hub)
    async with speaking(hub, tmp_path) as downloads:
        hub.faults.content_status = [503, 429, 200, 403]
        assert all(row.blueprint for row in await looked(downloads))
    async with speaking(hub, tmp_path / "other") as downloads:
        hub.faults.content_status = [404]
        with pytest.raises(DownloadError):
            await looked(downloads)


async def test_that_broken_connections_are_taken_up_again(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    hub.faults.drop_after_bytes = [1000, 0]
    async with speaking(hub, tmp_path) as downloads:
        assert all(row.blueprint for row in await looked(downloads))


async def test_that_gated_absent_and_unreachable_are_told_apart(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    hub.repositories[REPOSITORY].gated = True
    gone = Quantization(label="Q9", files=("gone.gguf",), size_bytes=1)
    async with speaking(hub, tmp_path) as downloads:
        with pytest.raises(GatedRepository):
            await looked(downloads)
        with pytest.raises(RepositoryNotFound):
            await downloads.headers("owner/none", [gone])
        with pytest.raises(RepositoryNotFound, match=r"gone\.gguf"):
            await downloads.headers(REPOSITORY, [gone])
        tricky = Quantization(label="Q9", files=("../gone.gguf",), size_bytes=1)
        with pytest.raises(DownloadError, match="written anywhere"):
            await downloads.header_file(REPOSITORY, tricky)
        assert await downloads.headers(REPOSITORY, []) == ()
        hub.faults.page = b"<html>Please log in</html>"
        with pytest.raises(HubUnreachable):
            await downloads.headers(REPOSITORY, [gone])


async def test_that_cancelling_ends_the_child(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    before = set(psutil.Process().children())
    async with speaking(hub, tmp_path) as downloads:
        offered = await downloads.quantizations(REPOSITORY)
        hub.faults.hold_after_bytes = 1 << 14
        looking = asyncio.ensure_future(downloads.headers(REPOSITORY, offered))
        await until(lambda: hub.served_bytes > 0)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert not set(psutil.Process().children()) - before
    hub.resume()


async def test_that_a_spoiled_cache_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    small_family(hub)
    async with speaking(hub, tmp_path) as downloads:
        rows = await looked(downloads)
        for piece in (tmp_path / "cache").rglob("*.piece"):
            body = bytearray(piece.read_bytes())
            body[len(body) // 2] ^= 1
            piece.write_bytes(body)
        answers = len(hub.served)
        assert await looked(downloads) == rows
    assert len(hub.served) == 2 * answers


def large_family() -> tuple[dict[str, bytes], dict[str, int]]:
    """Thirty quantizations of a 7B with a vocabulary of 152,064: headers alone, and full sizes."""
    words = [f"<{number}>".ljust(9, "w") for number in range(VOCABULARY)]
    start = [pair(key, one) for key, one in TINY.items() if "tokens" not in key]
    start = [one for one in start if b"file_type" not in one]
    start.append(pair("tokenizer.ggml.tokens", words))
    start.append(pair("tokenizer.ggml.merges", words))
    common = b"".join(start)
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (3584, VOCABULARY)}
    for layer in range(28):
        shapes[f"blk.{layer}.attn_norm.weight"] = (3584,)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up"):
            shapes[f"blk.{layer}.{name}.weight"] = (3584, 3584)
    bodies: dict[str, bytes] = {}
    sizes: dict[str, int] = {}
    for number in range(30):
        label, file_type, kind = KINDS[number % len(KINDS)]
        own = [pair("general.file_type", file_type), pair("quantize.note", "x" * 13 * number)]
        lines: list[bytes] = []
        place = 0
        for name, shape in shapes.items():
            type_number = kind if len(shape) > 1 else 0
            lines.append(tensor_line(name, type_number, shape, place))
            place += padded(tensor_bytes(type_number, shape))
        counts = struct.pack("<IQQ", 3, len(lines), len(start) + len(own))
        header = b"GGUF" + counts + common + b"".join([*own, *lines])
        name = f"{number:02}-{label}.gguf"
        bodies[name] = header.ljust(padded(len(header)), b"\0")
        sizes[name] = len(bodies[name]) + place
    return bodies, sizes


async def test_that_thirty_quantizations_cost_less_than_forty_megabytes(
    hub: Hub, tmp_path: Path
) -> None:
    bodies, sizes = large_family()
    assert min(map(len, bodies.values())) > 5_000_000
    hub.add(REPOSITORY, bodies).announced_bytes.update(sizes)
    async with speaking(hub, tmp_path) as downloads:
        offered = await downloads.quantizations(REPOSITORY)
        started = time.monotonic()
        rows = await downloads.headers(REPOSITORY, offered)
        seconds = time.monotonic() - started
    assert len(rows) == 30
    for row in rows:
        assert row.blueprint is not None, row.refusal
        assert row.blueprint.label == row.quantization.files[0][3:-5]
        assert row.blueprint.shape.vocabulary == VOCABULARY
        assert row.blueprint.file_bytes == sizes[row.quantization.files[0]]
    print(f"\n30 quantizations: {hub.served_bytes:,} bytes in {seconds:.2f} s")
    assert hub.served_bytes < 12_000_000
