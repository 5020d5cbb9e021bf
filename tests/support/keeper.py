"""A keeper of the shelf without a disk: it hashes, deletes and compares what it is told."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import EngineError, ModelError, ModelNotFound
from engine.library.files import (
    Details,
    ForeignFolder,
    Origin,
    Soundness,
    TensorLine,
    Verified,
)
from engine.library.shelf_model import ShelfModel


class FakeKeeper:
    """Satisfies `app.surface.KeeperSurface`. The shelf and its changes are given by the engine."""

    def __init__(
        self,
        shelf: Callable[[], tuple[ShelfModel, ...]],
        put: Callable[[tuple[ShelfModel, ...]], None],
        loaded: Callable[[], str | None],
    ) -> None:
        self.verdicts = dict[str, Soundness]()
        self.verify_failure: EngineError | None = None
        self.verify_holds = False  # a check stays half way until cancelled or let go
        self.verified: list[str] = []
        self.given_up: list[str] = []
        self.twins: tuple[tuple[str, ...], ...] = ()
        self.newer_ones: frozenset[str] = frozenset()
        self.found: tuple[ForeignFolder, ...] = ()
        self._folders: tuple[Path, ...] = ()
        self._shelf, self._put, self._loaded = shelf, put, loaded

    async def verify(self, model: str, progress: Callable[[float], None], /) -> Verified:
        self._find(model)
        self.verified.append(model)
        progress(0.5)
        try:
            while self.verify_holds:
                await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            self.given_up.append(model)
            raise
        if self.verify_failure is not None:
            raise self.verify_failure
        found = self.verdicts.get(model, Soundness.SOUND)
        return Verified(model=model, soundness=found, hashes=("0" * 64,))

    async def delete(self, model: str, /, *, sure: bool = False) -> None:
        known = self._find(model)
        if self._loaded() == model:
            raise ModelError(f"{model} is loaded.", remedy="Unload it, then delete it.")
        if known.origin is not Origin.FULLBORE and not sure:
            raise ModelError(f"{model} is not Fullbore's own.", remedy="Confirm it.")
        self._put(tuple(one for one in self._shelf() if one.id != model))

    async def details(self, model: str, /) -> Details:
        known = self._find(model)
        return Details(
            model=model,
            files=known.files,
            metadata=(("general.architecture", "llama"), ("llama.block_count", "30")),
            tensors=(
                TensorLine(
                    name="token_embd.weight", type="Q8_0", dimensions=(576, 49152), size_bytes=3000
                ),
                TensorLine(
                    name="blk.0.attn_q.weight", type="Q4_K", dimensions=(576, 576), size_bytes=9000
                ),
            ),
            template="{% for message in messages %}{{ message.content }}{% endfor %}",
            bits_per_weight=4.85,
        )

    async def duplicates(self) -> tuple[tuple[str, ...], ...]:
        return self.twins

    async def newer(self, model: str, /) -> bool | None:
        return model in self.newer_ones

    async def add_folder(self, path: Path, /) -> None:
        if path not in self._folders:
            self._folders = (*self._folders, path)
        self._put(self._shelf())

    async def remove_folder(self, path: Path, /) -> None:
        self._folders = tuple(one for one in self._folders if one != path)
        self._put(self._shelf())

    @property
    def folders(self) -> tuple[Path, ...]:
        return self._folders

    async def foreign(self) -> tuple[ForeignFolder, ...]:
        return self.found

    async def use_foreign(self, origins: Sequence[Origin], /) -> None:
        self.found = tuple(replace(one, used=one.origin in origins) for one in self.found)
        self._put(self._shelf())

    def _find(self, model: str) -> ShelfModel:
        for known in self._shelf():
            if known.id == model:
                return known
        raise ModelNotFound(f"No model is called {model!r}.")


class FakeModelsFolder:
    """Goes wherever it is told, unless it is to fail."""

    def __init__(self) -> None:
        self.path = Path("/models")
        self.failure: EngineError | None = None

    async def change(self, path: Path, /) -> None:
        if self.failure is not None:
            raise self.failure
        self.path = path
