"""A model whose weights are no numbers: it says so, and talks no nonsense."""

import os
import shutil
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from engine.background.background import Background
from engine.chat import ChatRequest, Delta, Message, PromptRead, Role, Sampling
from engine.errors import LogitsBroken
from engine.gguf.reader import read_header
from engine.host.host import Host
from engine.host.ladder import LoadOrder
from engine.host.remembered import Remembered
from engine.protocol.load import LoadSpec

pytestmark = [pytest.mark.anyio, pytest.mark.journey, pytest.mark.timeout(240)]


@pytest.fixture
def broken_file(model_file: Path, tmp_path: Path) -> Path:
    """The starter model with an output norm of NaNs."""
    copy = Path(shutil.copy(model_file, tmp_path / "broken.gguf"))
    with copy.open("r+b") as file:
        header = read_header(file)
        norm = next(one for one in header.tensors if one.name == "output_norm.weight")
        file.seek(header.tensors_start + norm.offset)
        file.write(np.full(norm.elements, np.nan, np.float32).tobytes())
    return copy


@pytest.fixture
async def host(broken_file: Path, tmp_path: Path) -> AsyncIterator[Host]:
    background = Background((sys.executable, "-m", "engine.background"), render_seconds=30)

    async def order_for(model: str) -> LoadOrder:
        spec = LoadSpec(path=model, gpu_layers=0, context_tokens=4096, threads=os.cpu_count())
        return LoadOrder(spec=spec, layers=30)

    host = Host(
        worker_command=(sys.executable, "-m", "engine.worker"),
        background=background,
        order_for=order_for,
        remembered=Remembered(tmp_path / "loads.json"),
        tell=lambda _: None,
    )
    await host.load(str(broken_file), await order_for(str(broken_file)))
    yield host
    await host.close()
    await background.close()


def asking(**wishes: float) -> ChatRequest:
    said = (Message(role=Role.USER, content="What is a bicycle?"),)
    return ChatRequest(messages=said, sampling=Sampling(**wishes), max_tokens=8)  # pyright: ignore[reportArgumentType]


async def heard(answer: AsyncGenerator[Delta]) -> None:
    async with aclosing(answer) as deltas:
        async for delta in deltas:
            assert isinstance(delta, PromptRead)


@pytest.mark.parametrize("wishes", [{}, {"top_k": 0}, {"temperature": 0.0}])
async def test_that_an_answer_of_no_numbers_is_refused_with_what_to_do(
    host: Host, wishes: dict[str, float]
) -> None:
    for _ in range(2):
        with pytest.raises(LogitsBroken, match="no number") as refused:
            await heard(host.generate(asking(**wishes)))
        assert "another quantization" in (refused.value.remedy or "")
    assert host.loaded is not None
