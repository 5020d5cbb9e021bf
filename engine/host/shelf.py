"""Shelf: which models there are, and which of them is meant."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from engine.background.background import Background
from engine.chat import ChatRequest, CompletionRequest
from engine.errors import ModelError, ModelNotFound
from engine.host.choose import choose, meant
from engine.host.purpose import require
from engine.host.uses import Uses
from engine.library.files import Details, Folder
from engine.library.shelf_model import ShelfModel
from engine.protocol.failures import failure_of
from engine.protocol.load import Purpose

Request = TypeVar("Request", ChatRequest, CompletionRequest)


class Shelf:
    """The models under some folders, as they were last seen, and guests from elsewhere.

    Looks in the background process, in the folders there are by then; `changed` is called when
    models came or went, or were used. `aliases` are the person's own names of models.
    """

    def __init__(
        self,
        background: Background,
        folders: Callable[[], Sequence[Folder]],
        uses: Uses,
        changed: Callable[[], None],
        aliases: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._background = background
        self._folders = folders
        self._uses = uses
        self._guests = uses.guests
        self._changed = changed
        self._aliases = aliases
        self._models: tuple[ShelfModel, ...] = ()
        self._first_look: asyncio.Task[tuple[ShelfModel, ...]] | None = None

    @property
    def models(self) -> tuple[ShelfModel, ...]:
        """What was last seen."""
        return self._models

    def open(self) -> None:
        """Take a first look, which is not waited for."""
        self._first_look = asyncio.create_task(self.look(), name="first look at the shelf")
        self._first_look.add_done_callback(_heard)

    async def close(self) -> None:
        """Give up the first look, if it still goes on."""
        if self._first_look is not None:
            self._first_look.cancel()
            await asyncio.wait({self._first_look})

    async def look(self) -> tuple[ShelfModel, ...]:
        """Look at the folders again. Raises EngineError."""
        found = await self._background.scan((*self._folders(), *self._guests.folders))
        self._show(tuple(self._dated(model) for model in found))
        return self._models

    async def peek(self, folder: Folder) -> tuple[ShelfModel, ...]:
        """The models in a folder that is not on the shelf. Raises EngineError."""
        return await self._background.scan((folder,))

    async def describe(self, name: str) -> Details:
        """All that the headers of the model of that name tell. Raises EngineError."""
        model = await self.find(name)
        return await self._background.describe(model.id, model.files)

    def used(self, id_: str) -> None:
        """That model is loaded."""
        self._uses.now(id_)
        for model in self._models:
            if model.id == id_:
                self._guests.keep(model.files)
        self._show(tuple(self._dated(model) for model in self._models))

    async def find(self, name: str) -> ShelfModel:
        """The model of that name; the folders are searched again before it is not found."""
        if self._first_look is not None:
            await asyncio.wait({self._first_look})
        name = meant(name, self._models, self._aliases())
        try:
            return choose(name, self._models)
        except ModelNotFound:
            file = await asyncio.to_thread(_file_of, name)
            if file is not None:
                self._guests.welcome(file)
            return choose(name, await self.look())

    async def made_for(self, name: str, asked: Purpose) -> str:
        """The id of the model of that name. Raises WrongPurpose if it is for something else."""
        model = await self.find(name)
        if model.broken is None:  # else its load says why it cannot be used
            require(model.id, model.purpose, asked)
        return model.id

    async def named(self, request: Request) -> Request:
        """The request with its model's id, if it names one. Raises WrongPurpose likewise."""
        if request.model is None:
            return request
        return replace(request, model=await self.made_for(request.model, Purpose.TEXT))

    async def sound(self, name: str) -> ShelfModel:
        """The model of that name, if its header says that it can be loaded. Raises ModelError."""
        model = await self.find(name)
        if model.broken is not None:
            await self.look()  # its download may have ended since the folders were last seen
            model = await self.find(name)
        if model.broken is not None:
            sentence = f"{model.id} cannot be loaded."
            raise failure_of(model.broken_code or ModelError.code, sentence, remedy=model.broken)
        return model

    def _dated(self, model: ShelfModel) -> ShelfModel:
        return replace(model, used_at=self._uses.at(model.id))

    def _show(self, models: tuple[ShelfModel, ...]) -> None:
        before, self._models = self._models, models
        if before != models:
            self._changed()

    def at(self, path: Path) -> ShelfModel:
        """The model that this file belongs to. Raises ModelNotFound."""
        real = path.resolve()
        for model in self._models:
            if any(file.resolve() == real for file in model.files):
                return model
        raise ModelNotFound(f"{path.name} was downloaded, but is no model.")


def _heard(task: asyncio.Task[tuple[ShelfModel, ...]]) -> None:
    # Whoever asks for a model looks again, and hears the failure.
    if not task.cancelled():
        task.exception()


def _file_of(name: str) -> Path | None:
    path = Path(name).absolute()
    return path if name.lower().endswith(".gguf") and path.is_file() else None
