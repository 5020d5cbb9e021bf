"""A draft model, and adapters, from a wish to a real answer."""

from contextlib import aclosing
from pathlib import Path

import pytest

from engine.chat import ChatRequest, Finished, Message, Role, Sampling, Timings
from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.errors import EngineError, ModelNotFound
from tests.support.ghost_adapter import write_adapter

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(240)]


SONG = ("Sing of a rose.", "A rose is a rose" + " is a rose" * 12)  # nobody doubts how it goes on


async def answered(engine: Engine, **wishes: object) -> Timings:
    question, answer = SONG
    request = ChatRequest(
        messages=(
            Message(role=Role.USER, content=question),
            Message(role=Role.ASSISTANT, content=answer),
        ),
        continue_last=True,
        sampling=Sampling(temperature=0),
        max_tokens=40,
        ignore_end=True,
        **wishes,  # pyright: ignore[reportArgumentType]
    )
    async with aclosing(engine.generate(request)) as deltas:
        (timings,) = [delta.timings async for delta in deltas if isinstance(delta, Finished)]
    return timings


async def test_that_a_draft_model_and_an_adapter_of_a_wish_are_real(
    home: Home, model_file: Path, tmp_path: Path
) -> None:
    engine = Engine(home, EngineConfig(serve=False))
    await engine.start()
    try:
        with pytest.raises(ModelNotFound):
            await engine.load(str(model_file), LoadWish(draft="nobody"))
        wish = LoadWish(context_tokens=1024, streams=1, draft=str(model_file))
        await engine.load(str(model_file), wish)
        # The first guess is made blindly; what it costs says how soon another may follow.
        assert (await answered(engine)).accepted_tokens
        adapter = tmp_path / "odd.gguf"
        write_adapter(adapter, seed=3)
        await engine.load(str(model_file), adapters={str(adapter): 0.0})
        assert (await answered(engine, adapters={"odd": 0.2})).answer_tokens == 40
        with pytest.raises(EngineError, match="odd"):
            await answered(engine, adapters={"even": 1.0})
    finally:
        await engine.close()
