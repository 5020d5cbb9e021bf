"""Updates without a network: the same surface as the engine's."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from app.presenters.updates import Own
from engine.config import EngineConfig, Home
from engine.errors import EngineError
from engine.updates.values import Release

ASSETS = Path(__file__).parents[2] / "assets"
NEXT = Release(
    version="9.1.0",
    day=date(2026, 12, 1),
    news="### Added\n* It **sings**.",
    asset="https://updates.example/fullbore_9.1.0_amd64.deb",
    sha256="ab" * 32,
    size_bytes=60_000_000,
)


class FakeUpdates:
    """Knows one release, or none; fails with `failure`; brings half while it `holds`."""

    def __init__(self, config: Callable[[], EngineConfig]) -> None:
        self._config = config
        self.release: Release | None = NEXT
        self.failure: EngineError | None = None
        self.holds = False
        self.checks: list[bool] = []  # whether a person asked, each time
        self.brought: list[Path] = []

    async def check(self, *, now: bool = False) -> Release | None:
        if self._config().updates is not True:
            return None
        self.checks.append(now)
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return self.release

    async def bring(
        self, release: Release, folder: Path, progress: Callable[[int], None] | None = None, /
    ) -> Path:
        if progress is not None:
            progress(release.size_bytes // 2)
        while self.holds:
            await asyncio.sleep(0.001)
        if self.failure is not None:
            raise self.failure
        place = folder / release.asset.rpartition("/")[2]
        self.brought.append(place)
        return place


def own(home: Home, version: str = "0.1.0") -> Own:
    """This program, as its About tells of it."""
    return Own(
        version=lambda: version, assets=ASSETS, home=home.root, downloads=home.root / "Downloads"
    )
