"""A keeper of the shelf over a real disk; its bin is a folder, and its Hub may be away."""

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from engine.background.background import Background
from engine.config import Home, read_config
from engine.download.values import Quantization
from engine.errors import HubUnreachable
from engine.host.children import own_parts
from engine.host.keeper import Around, Keeper
from engine.host.settings import Settings
from engine.host.shelf import Shelf
from engine.host.uses import Uses
from engine.library.folders import shelf_folders
from tests.support.gguf_bytes import TINY, gguf_bytes

HOME_VARIABLE = "USERPROFILE" if sys.platform == "win32" else "HOME"
HUB_ID = "someone/tiny-GGUF:Q4_0"


class Desk:
    """A keeper, and what it meets: a model that runs, a bin, a Hub that may be away."""

    def __init__(self, home: Home, background: Background) -> None:
        self.home = home
        self.loaded: str | None = None
        self.bin = home.root / "bin"
        self.bin.mkdir()
        self.stuck: tuple[str, ...] = ()  # files that another program holds
        self.offers: tuple[Quantization, ...] | None = None
        self.changes = 0
        self.settings = Settings(home.engine_toml, read_config(home.engine_toml))
        self.shelf = Shelf(
            background,
            lambda: shelf_folders(home, self.settings.config),
            Uses(home.state),
            self._changed,
        )
        around = Around(
            loaded=lambda: () if self.loaded is None else (self.loaded,),
            offers=self._offers,
            discard=self._discard,
        )
        self.keeper = Keeper(home, self.shelf, self.settings, around)

    async def ids(self) -> list[str]:
        return [model.id for model in await self.shelf.look()]

    @property
    def binned(self) -> set[str]:
        return {path.name for path in self.bin.iterdir()}

    def _changed(self) -> None:
        self.changes += 1

    async def _offers(self, repository: str) -> Sequence[Quantization]:
        if self.offers is None:
            raise HubUnreachable("The Hub did not answer.")
        assert repository == "someone/tiny-GGUF"
        return self.offers

    def _discard(self, path: Path) -> None:
        if path.name in self.stuck:
            raise PermissionError(13, "it is being used by another process", str(path))
        path.rename(self.bin / path.name)


@asynccontextmanager
async def opened(home: Home) -> AsyncGenerator[Desk]:
    background = Background(own_parts().background)
    desk = Desk(home, background)
    try:
        await desk.shelf.look()
        yield desk
    finally:
        await desk.keeper.close()
        await background.close()


def put(path: Path, body: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gguf_bytes() if body is None else body)
    return path


def from_hub(desk: Desk, body: bytes | None = None) -> Path:
    return put(desk.home.models / "someone" / "tiny-GGUF" / "tiny-Q4_0.gguf", body)


def offer(*bodies: bytes) -> Quantization:
    files = ("tiny-Q4_0.gguf",) if len(bodies) == 1 else ("a.gguf", "b.gguf")
    return Quantization(
        label="Q4_0",
        files=files,
        size_bytes=sum(map(len, bodies)),
        hashes=tuple(sha256(body).hexdigest() for body in bodies),
    )


def named(name: str) -> bytes:
    return gguf_bytes({**TINY, "general.name": name})


def unheard(_: float) -> None:
    pass
