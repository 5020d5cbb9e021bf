"""Many plans at once, in the background process that may die."""

import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from psutil import Process

from engine.background.background import Background
from engine.background.planning import Planning
from engine.background.words import ModelSource, PlanModels
from engine.config import LoadWish
from engine.errors import (
    EngineError,
    ModelNotFound,
    NotAModel,
    UnknownArchitecture,
)
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.ghosts import write_ghost

pytestmark = pytest.mark.anyio

RIG = parse_rig("RTX 4090, 64 GB DDR5-5600", read_catalogue())
QUANTIZATIONS = ("Q8_0", "Q4_K_M", "Q2_K")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def background() -> AsyncIterator[Background]:
    background = Background((sys.executable, "-m", "engine.background"))
    yield background
    await background.close()


@pytest.fixture(scope="module")
def ghosts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelSource, ...]:
    """Three quantizations of one model: headers and holes."""
    folder = tmp_path_factory.mktemp("ghosts")
    for label in QUANTIZATIONS:
        write_ghost(f"llama-8b:{label}", folder / f"{label}.gguf", whole=False)
    return tuple(
        ModelSource(id=label, files=(folder / f"{label}.gguf",)) for label in QUANTIZATIONS
    )


def broken(folder: Path, body: bytes) -> ModelSource:
    path = folder / "broken.gguf"
    path.write_bytes(body)
    return ModelSource(id="broken", files=(path,))


def odd(folder: Path) -> ModelSource:
    """Sound to the reader, and no model all the same."""
    tensors = {"token_embd.weight": (1, (64, 32)), "blk.0.ffn_up_exps.weight": (1, (64, 32, 4))}
    path = folder / "odd.gguf"
    path.write_bytes(gguf_bytes(TINY, tensors=tensors))
    return ModelSource(id="odd", files=(path,))


async def test_that_one_model_has_a_plan_with_its_alternatives(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    planned = await background.plan(ghosts[1:2], RIG, LoadWish(), streams=4)
    (placed,) = planned.placed
    assert placed.plan.fits
    assert placed.plan.model == "Q4_K_M"
    assert placed.plan.reasons
    assert placed.plan.alternatives
    assert placed.plan.layout.streams == 4
    assert placed.kind == "gpu"
    assert placed.decode_at_start > placed.plan.pace.decode_tps.expected
    assert (placed.layers, placed.expert_layers) == (32, ())


async def test_that_many_models_are_ranked_and_one_is_advised(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    planned = await background.plan(ghosts[::-1], RIG, LoadWish(), streams=4)
    assert [placed.plan.model for placed in planned.placed] == list(QUANTIZATIONS)
    assert planned.advised in QUANTIZATIONS[:2]
    assert planned.advice
    assert not planned.unplanned


async def test_that_cards_worth_buying_are_told_where_they_are_asked_for(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    small = parse_rig("RTX 4060 Laptop, 32 GB DDR5-5600", read_catalogue())
    told: list[set[str]] = []
    for upgrades in (False, True):
        planned = await background.plan(ghosts[:1], small, LoadWish(), streams=4, upgrades=upgrades)
        told.append({str(change.what) for change in planned.placed[0].plan.changes})
    assert "RTX 3090 in place of RTX 4060 Laptop" in told[1] - told[0]


async def test_that_the_wish_reaches_the_plan(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    wish = LoadWish(context_tokens=2048, gpu_layers=7, cache_type="q8_0", streams=2)
    (placed,) = (await background.plan(ghosts[:1], RIG, wish, streams=4)).placed
    layout = placed.plan.layout
    assert (layout.context_tokens, layout.gpu_layers, layout.streams) == (2048, 7, 2)
    assert layout.cache_type == "q8_0"
    assert placed.kind == "layers"


async def test_that_broken_headers_among_many_are_rows_that_say_so(
    background: Background, ghosts: tuple[ModelSource, ...], tmp_path: Path
) -> None:
    bad = (broken(tmp_path, b"GGUF"), odd(tmp_path))
    gone = ModelSource(id="gone", files=(tmp_path / "gone.gguf",))
    planned = await background.plan((*bad, gone, *ghosts), RIG, LoadWish(), streams=4)
    assert [placed.plan.model for placed in planned.placed] == list(QUANTIZATIONS)
    codes = {one.id: one.code for one in planned.unplanned}
    assert codes == {
        "broken": NotAModel.code,
        "odd": EngineError.code,
        "gone": ModelNotFound.code,
    }
    assert all(one.sentence.endswith(".") for one in planned.unplanned)
    assert planned.advised in QUANTIZATIONS


async def test_that_a_lonely_broken_header_is_refused_in_its_own_words(
    background: Background, tmp_path: Path
) -> None:
    nobody = gguf_bytes({**TINY, "general.architecture": "nobody"})
    with pytest.raises(UnknownArchitecture, match="'nobody'"):
        await background.plan((broken(tmp_path, nobody),), RIG, LoadWish(), streams=4)
    with pytest.raises(NotAModel):
        await background.plan((broken(tmp_path, bytes(64)),), RIG, LoadWish(), streams=4)
    with pytest.raises(EngineError, match="odd cannot be planned: its header is unlike"):
        await background.plan((odd(tmp_path),), RIG, LoadWish(), streams=4)


async def test_that_no_model_at_all_is_an_empty_plan(background: Background) -> None:
    planned = await background.plan((), RIG, LoadWish(), streams=4)
    assert planned.placed == planned.unplanned == ()
    assert planned.advised is None


async def test_that_a_child_that_was_killed_is_asked_again(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    before = await background.plan(ghosts, RIG, LoadWish(), streams=4)
    assert background.pid is not None
    Process(background.pid).kill()
    assert await background.plan(ghosts, RIG, LoadWish(), streams=4) == before


async def test_that_planning_that_takes_too_long_is_given_up(
    ghosts: tuple[ModelSource, ...],
) -> None:
    command = (sys.executable, "-m", "engine.background")
    background = Background(command, plan_seconds=0.01)
    with pytest.raises(EngineError, match=r"Planning took longer than 0\.01 s"):
        await background.plan(ghosts, RIG, LoadWish(), streams=4)
    await background.close()


def test_that_a_file_that_changed_is_read_again(
    ghosts: tuple[ModelSource, ...], tmp_path: Path
) -> None:
    planning, path = Planning(), tmp_path / "model.gguf"
    task = PlanModels(
        models=(ModelSource(id="model", files=(path,)),), rig=RIG, wish=LoadWish(), streams=4
    )
    labels: list[str | None] = []
    for source in ghosts[:2]:
        source.files[0].rename(path)
        labels.append(planning.answer(task).placed[0].plan.quantization)
        path.rename(source.files[0])
    assert labels == list(QUANTIZATIONS[:2])
    slower = replace(RIG, cards=())
    assert (
        not planning.answer(replace(task, models=ghosts[:1], rig=slower))
        .placed[0]
        .plan.layout.cards
    )


async def test_that_a_plan_tells_what_twice_the_context_would_take_more(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    planned = await background.plan(
        ghosts[1:2], RIG, LoadWish(context_tokens=8192, cache_type="f16"), streams=4
    )
    (placed,) = planned.placed
    (card,) = placed.plan.footprint.cards
    assert placed.longer_bytes.keys() == {card.number}
    # The cache doubles; so do the masks, which are little beside it.
    assert card.kv <= placed.longer_bytes[card.number] < 1.1 * card.kv


async def test_that_a_draft_model_beside_it_takes_its_part_of_the_card(
    background: Background, ghosts: tuple[ModelSource, ...]
) -> None:
    big, _, small = ghosts
    wish = LoadWish(context_tokens=4096)
    alone = (await background.plan((big,), RIG, wish, streams=1)).placed[0].plan
    beside = replace(big, draft=small.files)
    both = (await background.plan((beside,), RIG, wish, streams=1)).placed[0].plan
    more = both.footprint.cards[0].total - alone.footprint.cards[0].total
    assert more > alone.footprint.cards[0].kv, "its weights and its own cache"


def test_that_rows_of_many_are_planned_as_one_is_but_for_what_only_a_loaded_one_tells(
    ghosts: tuple[ModelSource, ...],
) -> None:
    planning, wish = Planning(), LoadWish(context_tokens=12_288)
    rows = planning.answer(PlanModels(models=ghosts, rig=RIG, wish=wish, streams=8)).placed
    assert {row.plan.model for row in rows} == {ghost.id for ghost in ghosts}
    for row in rows:
        source = next(ghost for ghost in ghosts if ghost.id == row.plan.model)
        task = PlanModels(models=(source,), rig=RIG, wish=wish, streams=8)
        alone = planning.answer(task).placed[0]
        assert row.plan == replace(alone.plan, alternatives=(), changes=())
        assert not row.longer_bytes
        assert alone.longer_bytes
