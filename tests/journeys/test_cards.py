"""Load settings on real cards: what was wished is where the driver sees it.

Skipped where there is no NVIDIA card. A model of more than a few layers is wanted:
`FULLBORE_TEST_MODEL=big.gguf pytest -m gpu -s`.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from engine.chat import ChatRequest, Message, Piece, Role, Sampling
from engine.config import EngineConfig, LoadWish
from engine.engine import Engine
from engine.errors import EngineError
from engine.hardware.nvidia import Nvidia, installed_library
from engine.hardware.probe import probe
from tests.support.homes import home_with

CARDS = len(probe([]).gpus)

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.anyio,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CARDS == 0, reason="there is no NVIDIA card on this machine"),
]
WEIGHTS_BYTES = 80 << 20  # the starter model's, the smallest anyone would take
two_cards = pytest.mark.skipif(CARDS < 2, reason="there are not two NVIDIA cards")


async def test_that_a_model_comes_onto_the_card_answers_and_leaves_nothing(
    tmp_path: Path, model_file: Path
) -> None:
    async with engine_for(model_file, tmp_path) as engine:
        before = used_bytes()
        await engine.load(model_file.stem)
        loaded = used_bytes()
        text = await answer(engine)
        await engine.unload()
        after = used_bytes()
    report("all layers", before, loaded, after)
    assert loaded[0] - before[0] > WEIGHTS_BYTES
    assert text
    assert abs(after[0] - before[0]) < 20 << 20


async def test_that_fewer_gpu_layers_take_less_of_the_card(
    tmp_path: Path, model_file: Path
) -> None:
    async with engine_for(model_file, tmp_path) as engine:
        await engine.load(model_file.stem)
        whole = used_bytes()
        await engine.load(model_file.stem, LoadWish(gpu_layers=2))
        part = used_bytes()
        assert await answer(engine)
    report("two layers", whole, part)
    assert part[0] < whole[0]


@two_cards
@pytest.mark.parametrize("share", [(3.0, 1.0), (1.0, 3.0)])
async def test_that_a_tensor_split_puts_more_on_the_card_with_the_larger_share(
    tmp_path: Path, model_file: Path, share: tuple[float, float]
) -> None:
    async with engine_for(model_file, tmp_path) as engine:
        before = used_bytes()
        await engine.load(model_file.stem, LoadWish(split_mode="layer", tensor_split=share))
        loaded = used_bytes()
        assert await answer(engine)
    first, second = (now - then for now, then in zip(loaded, before, strict=True))
    report(f"tensor split {share}", before, loaded)
    assert (first > second) == (share[0] > share[1])


@two_cards
async def test_that_split_mode_tensor_shares_every_layer(tmp_path: Path, model_file: Path) -> None:
    async with engine_for(model_file, tmp_path) as engine:
        before = used_bytes()
        await engine.load(model_file.stem, LoadWish(split_mode="tensor"))
        loaded = used_bytes()
        assert await answer(engine)
    first, second = (now - then for now, then in zip(loaded, before, strict=True))
    report("split mode tensor", before, loaded)
    assert abs(first - second) < 0.2 * max(first, second)


async def test_that_a_context_too_large_for_the_card_is_refused_with_a_remedy(
    tmp_path: Path, model_file: Path
) -> None:
    async with engine_for(model_file, tmp_path) as engine:
        with pytest.raises(EngineError) as refusal:
            await engine.load(model_file.stem, LoadWish(context_tokens=1 << 24))
        print(f"\nrefused: {refusal.value.sentence}")
        await engine.load(model_file.stem, LoadWish(context_tokens=2048))
        assert await answer(engine)


@asynccontextmanager
async def engine_for(model: Path, folder: Path) -> AsyncGenerator[Engine]:
    """The real engine, the port closed."""
    engine = Engine(home_with(model, folder / "home"), EngineConfig(serve=False))
    await engine.start()
    try:
        await engine.refresh_models()
        yield engine
    finally:
        await engine.close()


async def answer(engine: Engine) -> str:
    """A few tokens of an answer."""
    request = ChatRequest(
        messages=(Message(role=Role.USER, content="Say something."),),
        sampling=Sampling(seed=1),
        max_tokens=16,
    )
    return "".join([d.text async for d in engine.generate(request) if isinstance(d, Piece)])


def used_bytes() -> list[int]:
    """What the driver says is used, by card."""
    nvidia = Nvidia(installed_library())
    assert nvidia.open()
    used = [card.memory_used_bytes or 0 for card in nvidia.read()]
    nvidia.close()
    return used


def report(what: str, *states: list[int]) -> None:
    """The numbers, for docs/benchmarks.md."""
    shown = " → ".join(str([n >> 20 for n in state]) for state in states)
    sys.stdout.write(f"\n{what}: MiB used by card {shown}\n")
