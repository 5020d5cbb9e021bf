"""The dry run against the real load on real cards, byte by byte.

Skipped where there is no NVIDIA card: `pytest -m gpu -s tests/engine/dryrun`.
"""

import sys
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.dryrun.dryrun import DryRuns, dry_run
from engine.hardware.probe import probe
from engine.protocol.load import CacheType, CpuExperts, ExpertGroup, SplitMode
from tests.support.ghosts import write_ghost
from tests.support.real_loads import loaded, spec

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.anyio,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not probe([]).gpus, reason="there is no NVIDIA card on this machine"),
]

COMMAND = (sys.executable, "-m", "engine.worker", "--dry-run")
ALL_EXPERTS = tuple(CpuExperts(layer=layer) for layer in range(4))
SOME_EXPERTS = (CpuExperts(layer=3), CpuExperts(layer=2, groups=(ExpertGroup.UP,)))


@pytest.fixture
async def runs() -> AsyncGenerator[DryRuns]:
    async with DryRuns(COMMAND) as runs:
        yield runs


@pytest.mark.parametrize(
    "wishes",
    [
        {"gpu_layers": None},
        {"gpu_layers": None, "context_tokens": 8192, "micro_batch_tokens": 2048},
        {"gpu_layers": None, "cache_type": CacheType.Q8_0, "streams": 8},
        {"gpu_layers": 2},
        {"gpu_layers": 0},
        {"gpu_layers": None, "cpu_experts": ALL_EXPERTS},
        {"gpu_layers": None, "cpu_experts": SOME_EXPERTS, "context_tokens": 8192},
    ],
)
@pytest.mark.parametrize("name", ["tiny-dense", "tiny-moe", "tiny-gpt-oss", "tiny-next"])
async def test_that_a_card_takes_what_its_dry_run_said(
    name: str, wishes: dict[str, object], tmp_path: Path, runs: DryRuns
) -> None:
    path = tmp_path / "ghost.gguf"
    write_ghost(name, path)
    asked = spec(path, **wishes)
    answer = await runs.ask(asked)
    real = loaded(asked)
    print(name, wishes, answer.cards, real.cards)
    assert replace(answer, seconds=0) == real


@pytest.mark.parametrize(
    "wishes",
    [
        {"tensor_split": (1.0, 1.0)},
        {"tensor_split": (3.0, 1.0)},
        {"devices": (1,)},
        {"devices": (1,), "split_mode": SplitMode.NONE},
        {"tensor_split": (1.0, 1.0), "cpu_experts": ALL_EXPERTS},
    ],
)
async def test_that_two_cards_take_what_their_dry_run_said(
    wishes: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GGML_CUDA_DEVICES", "2")  # of one card, if there is only one
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-moe", path)
    asked = spec(path, gpu_layers=None, **wishes)
    answer = await dry_run(COMMAND, asked)
    assert replace(answer, seconds=0) == loaded(asked)
    if asked.devices:
        assert [card.card for card in answer.cards] == list(asked.devices)


async def test_that_tensor_split_takes_what_the_shares_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GGML_CUDA_DEVICES", "2")
    path = tmp_path / "ghost.gguf"
    write_ghost("tiny-dense", path)
    asked = spec(path, gpu_layers=None, split_mode=SplitMode.TENSOR, tensor_split=(1.0, 1.0))
    answer, real = await dry_run(COMMAND, asked), loaded(asked)
    print(answer, real)
    assert not answer.exact
    assert [card.card for card in real.cards] == [0, 1]
    for told, held in zip(answer.cards, real.cards, strict=True):
        assert told.kv == pytest.approx(held.kv, rel=0.02)
        assert told.weights == pytest.approx(held.weights, rel=0.1)  # norms lie on both
