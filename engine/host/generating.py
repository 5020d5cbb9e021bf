"""Conversations: answered, and weighed."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from engine.chat import ChatRequest, Delta, Finished, Timings, Weight
from engine.errors import ModelNotFound
from engine.host.host import Host
from engine.host.quiet import Quiet
from engine.host.shelf import Shelf


class Generating:
    """What every dialect and the window ask for. `learn` is told what an answer cost that had the
    machine to itself."""

    def __init__(
        self, host: Host, shelf: Shelf, quiet: Quiet, learn: Callable[[str, Timings], None]
    ) -> None:
        self._host = host
        self._shelf = shelf
        self._quiet = quiet
        self._learn = learn

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Answer a conversation; closing cancels. Loads `request.model` on demand."""
        request = await self._shelf.named(request)
        async with self._quiet.answering() as alone, aclosing(self._host.generate(request)) as told:
            model = request.model or self._host.chosen
            async for delta in told:
                if isinstance(delta, Finished) and alone() and model:
                    self._learn(model, delta.timings)
                yield delta

    async def weigh(self, request: ChatRequest, /) -> Weight:
        """What it takes of the context; loads nothing but, perhaps, a vocabulary."""
        name = request.model or self._host.chosen
        if name is None:
            raise ModelNotFound("No model is loaded.")
        chosen = await self._shelf.sound(name)
        return await self._host.weigh(replace(request, model=chosen.id), str(chosen.files[0]))
