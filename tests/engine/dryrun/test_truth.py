"""The real dry run against the real load, byte by byte."""

import random
import struct
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from engine.dryrun.dryrun import DryRuns
from engine.errors import (
    EngineError,
    LoadFailed,
    ModelNotFound,
    NoSuchCard,
    NotAModel,
    TruncatedModel,
    UnknownArchitecture,
)
from engine.protocol.load import CacheType, CpuExperts
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.ghost_dimensions import DIMENSIONS
from tests.support.ghosts import part_path, write_ghost
from tests.support.real_loads import loaded, spec

pytestmark = [pytest.mark.journey, pytest.mark.anyio]

# What is packed for its tiles takes a little more room: 1.3 to 2.4 % of a whole model.
HAS_AMX = sys.platform == "linux" and "amx_tile" in Path("/proc/cpuinfo").read_text("utf-8")
TINY_ONES = [name for name in DIMENSIONS if name.startswith("tiny")]
LARGE_ONES = [name for name in DIMENSIONS if not name.startswith("tiny")]


@pytest.fixture
async def runs() -> AsyncGenerator[DryRuns]:
    async with DryRuns((sys.executable, "-m", "engine.worker", "--dry-run")) as runs:
        yield runs


@pytest.mark.parametrize(
    "wishes",
    [
        {"context_tokens": 2048, "streams": 1},
        {"context_tokens": 4096, "streams": 4, "cache_type": CacheType.Q8_0},
        {"context_tokens": 4096, "streams": 4, "unified_kv": False, "micro_batch_tokens": 128},
    ],
)
async def test_that_it_is_the_real_load_to_the_byte(
    wishes: dict[str, object], model_file: Path, runs: DryRuns
) -> None:
    asked = spec(model_file, **wishes)
    answer = await runs.ask(asked)
    assert answer.exact
    assert replace(answer, seconds=0) == loaded(asked)


@pytest.mark.parametrize("name", TINY_ONES)
async def test_that_every_kind_of_model_loads_as_its_dry_run_said(
    name: str, tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    size = write_ghost(name, path)
    assert path.stat().st_size == size
    asked = spec(path, context_tokens=1024, streams=2)
    answer = await runs.ask(asked)
    assert replace(answer, seconds=0) == loaded(asked)


@pytest.mark.parametrize("name", TINY_ONES)
async def test_that_a_header_and_a_hole_answer_like_the_whole_file(
    name: str, tmp_path: Path, runs: DryRuns
) -> None:
    whole, hollow = tmp_path / "whole.gguf", tmp_path / "hollow.gguf"
    assert write_ghost(name, whole) == write_ghost(name, hollow, whole=False)
    first, second = await runs.ask(spec(whole)), await runs.ask(spec(hollow))
    assert replace(first, seconds=0) == replace(second, seconds=0)


@pytest.mark.parametrize("name", [*LARGE_ONES, "deepseek-r1-671b:IQ1_S", "deepseek-r1-671b:Q2_K"])
async def test_that_the_large_ghosts_are_models_llama_cpp_knows(
    name: str, tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    size = write_ghost(name, path, whole=False)
    answer = await runs.ask(spec(path, streams=1))
    # The layers that only foretell tokens are left out; a tied output is there twice.
    low = 0.95 if name.startswith("glm") else 0.995
    high = (1.05 if name.startswith("gemma") else 1.0) * (1.025 if HAS_AMX else 1.0)
    assert low * size < answer.host.weights < high * size


async def test_that_a_split_set_answers_like_one_file(tmp_path: Path, runs: DryRuns) -> None:
    one, first = tmp_path / "one.gguf", tmp_path / "set-00001-of-00003.gguf"
    write_ghost("tiny-moe", one)
    write_ghost("tiny-moe", first, whole=False, parts=3)
    answers = [await runs.ask(spec(path)) for path in (one, first)]
    assert replace(answers[0], seconds=0) == replace(answers[1], seconds=0)
    part_path(first, 1, 3).unlink()
    with pytest.raises(LoadFailed):
        await runs.ask(spec(first, context_tokens=512, gpu_layers=1))


async def test_that_another_context_on_the_same_model_is_another_answer(
    tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-dense", path, whole=False)
    small, large = [await runs.ask(spec(path, context_tokens=n)) for n in (1024, 4096)]
    assert large.kv == 4 * small.kv
    assert large.host.weights == small.host.weights


async def test_that_experts_named_for_ram_change_nothing_where_all_is_in_ram(
    tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-gpt-oss", path, whole=False)
    usual = await runs.ask(spec(path))
    moved = await runs.ask(
        spec(path, cpu_experts=tuple(CpuExperts(layer=layer) for layer in range(4)))
    )
    assert moved.host.weights == usual.host.weights


async def test_that_a_card_that_is_not_there_is_a_typed_refusal(
    tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-dense", path, whole=False)
    with pytest.raises(NoSuchCard, match="no card 99"):
        await runs.ask(spec(path, gpu_layers=2, devices=(99,)))
    assert (await runs.ask(spec(path))).exact


async def test_that_what_is_no_model_is_refused_as_by_a_load(tmp_path: Path, runs: DryRuns) -> None:
    strange, cut, text = (tmp_path / name for name in ("strange.gguf", "cut.gguf", "text.gguf"))
    strange.write_bytes(gguf_bytes({**TINY, "general.architecture": "nobody-knows"}))
    write_ghost("tiny-dense", cut)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    text.write_text("Hello.", encoding="utf-8")
    for path, kind in (
        (strange, UnknownArchitecture),
        (cut, TruncatedModel),
        (text, NotAModel),
        (tmp_path / "none.gguf", ModelNotFound),
    ):
        with pytest.raises(kind):
            await runs.ask(spec(path))


async def test_that_mutated_headers_answer_or_are_refused_and_hurt_nobody(
    tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-mla", path, whole=False)
    body = path.read_bytes()
    dice = random.Random(3)
    for _ in range(40):
        mutant = bytearray(body)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(4, 24_000)
            mutant[place : place + 8] = struct.pack(
                "<Q", dice.getrandbits(dice.choice((8, 31, 64)))
            )
        path.write_bytes(mutant)
        with suppress(EngineError):  # any other failure is ours
            await runs.ask(spec(path, context_tokens=512))
    path.write_bytes(body)
    assert (await runs.ask(spec(path))).exact
