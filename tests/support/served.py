"""A real engine behind a real port, for clients that know nothing of either."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anyio.from_thread import start_blocking_portal

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import Engine
from engine.terminal.rivals import free_port
from tests.support.ghost_encoder import CLS, RANK, write_encoder

WRITER = "small"


@dataclass(frozen=True, kw_only=True)
class Served:
    """Where it listens, and the models on its shelf."""

    address: str
    writer: str = WRITER
    embedder: str = "embedder"
    ranker: str = "ranker"

    @property
    def url(self) -> str:
        """As clients of OpenAI's dialect want it."""
        return f"{self.address}/v1"


@contextmanager
def served(folder: Path, model_file: Path) -> Generator[Served]:
    """The engine runs on a thread of its own; other models are loaded on demand."""
    home = Home(folder)
    home.make()
    shutil.copy(model_file, home.models / f"{WRITER}.gguf")
    write_encoder(home.models / "embedder.gguf", pooling=CLS)
    write_encoder(home.models / "ranker.gguf", pooling=RANK)
    with start_blocking_portal("asyncio") as portal:
        engine, address = portal.call(_begin, home)
        try:
            yield Served(address=address)
        finally:
            portal.call(engine.close)


async def _begin(home: Home) -> tuple[Engine, str]:
    engine = Engine(home, EngineConfig(serve=False))
    try:
        await engine.start()
        await engine.load(WRITER, LoadWish(context_tokens=2048, streams=2))
        return engine, await engine.open_port(free_port())
    except BaseException:
        await engine.close()
        raise
