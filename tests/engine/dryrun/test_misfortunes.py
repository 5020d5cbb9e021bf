"""A child that hangs, dies, babbles: a typed failure, and the next answer is right."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

from engine.dryrun.answer import completed, dry_run_of, place_sum
from engine.dryrun.dryrun import DryRuns, dry_run
from engine.errors import DryRunFailed, NotAModel
from engine.fit.plan import CardBytes, Footprint, HostBytes
from engine.protocol.dry_run import Rehearsed
from engine.protocol.load import LoadSpec
from engine.protocol.messages import DeviceBytes
from tests.support.fake_dry_run import LAST_WORDS, MIB
from tests.support.waiting import is_running, until

pytestmark = pytest.mark.anyio

SPEC = LoadSpec(path="some.gguf", gpu_layers=6, context_tokens=1024)


def child(*options: str) -> tuple[str, ...]:
    return (sys.executable, "tests/support/fake_dry_run.py", *options, "--dry-run")


async def test_that_buffers_are_summed_by_place() -> None:
    answer = await dry_run(child(), SPEC)
    assert answer.exact
    assert [card.card for card in answer.cards] == [0]
    assert (answer.on(0).weights, answer.on(0).compute) == (6 * MIB, MIB)
    assert answer.on(0).kv == answer.kv == 1024 * 64
    assert (answer.host.weights, answer.host.compute) == (4 * MIB, MIB * 3 // 4)
    assert answer.on(1).total == 0


async def test_that_one_child_answers_many_questions() -> None:
    async with DryRuns(child()) as runs:
        answers = [await runs.ask(LoadSpec(path="x", gpu_layers=n)) for n in range(8)]
    assert [answer.on(0).weights for answer in answers] == [n * MIB for n in range(8)]


async def test_that_a_child_that_hangs_is_killed_in_time() -> None:
    began = time.monotonic()
    with pytest.raises(DryRunFailed, match="took longer than"):
        await dry_run(child("--how", "hang"), SPEC, timeout_seconds=0.5)
    assert time.monotonic() - began < 10


async def test_that_a_childs_death_is_told_with_its_last_words() -> None:
    with pytest.raises(DryRunFailed) as failure:
        await dry_run(child("--how", "die"), SPEC)
    assert LAST_WORDS in failure.value.last_words


@pytest.mark.parametrize("how", ["babble", "nonsense"])
async def test_that_nonsense_is_a_failure(how: str) -> None:
    with pytest.raises(DryRunFailed, match="nonsense"):
        await dry_run(child("--how", how), SPEC)


async def test_that_a_command_that_does_not_exist_is_a_failure() -> None:
    with pytest.raises(DryRunFailed, match="could not start"):
        await dry_run(("/nowhere/at-all",), SPEC)


async def test_that_a_refusal_is_the_failure_the_load_would_have() -> None:
    async with DryRuns(child("--how", "refuse")) as runs:
        for _ in range(2):
            with pytest.raises(NotAModel, match="It is no model"):
                await runs.ask(SPEC)


@pytest.mark.parametrize("how", ["hang", "die", "babble", "nonsense"])
async def test_that_after_a_misfortune_a_new_child_answers(how: str, tmp_path: Path) -> None:
    once = str(tmp_path / "once")
    async with DryRuns(child("--how", how, "--once", once), timeout_seconds=2) as runs:
        with pytest.raises(DryRunFailed):
            await runs.ask(SPEC)
        assert (await runs.ask(SPEC)).on(0).weights == 6 * MIB


async def test_that_who_gives_up_leaves_no_child_behind(tmp_path: Path) -> None:
    once = tmp_path / "once"
    async with DryRuns(child("--how", "hang", "--once", str(once))) as runs:
        asking = asyncio.create_task(runs.ask(SPEC))
        await until(lambda: once.exists() and bool(once.read_text(encoding="utf-8")))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not is_running(int(once.read_text(encoding="utf-8")))
        assert (await runs.ask(SPEC)).exact


def test_that_without_the_map_weights_come_from_the_layers_and_kv_keeps_its_total() -> None:
    report = Rehearsed(
        devices=(
            DeviceBytes(name="CUDA0", card=0, weights=0, kv=0, compute=7),
            DeviceBytes(name="CPU", card=None, weights=0, kv=0, compute=3),
        ),
        exact=False,
        kv=400,
        seconds=0.1,
    )
    card = CardBytes(
        number=0,
        name="card",
        weights=1000,
        kv=300,
        compute=99,
        residual_loaded=0,
        residual=0,
        capacity=0,
        used=0,
        reserve=0,
    )
    host = HostBytes(weights=50, kv=100, compute=99, mapped=0, capacity=0, free=0)
    answer = completed(dry_run_of(report), Footprint(cards=(card,), host=host))
    assert not answer.exact
    assert (answer.on(0).weights, answer.on(0).kv, answer.on(0).compute) == (1000, 300, 7)
    assert (answer.host.weights, answer.host.kv, answer.host.compute) == (50, 100, 3)
    assert place_sum((), None).total == 0
