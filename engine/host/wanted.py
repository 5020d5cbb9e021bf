"""What is to be loaded, and how, by what else stays loaded."""

from typing import Protocol

from engine.host.ladder import LoadOrder
from engine.host.residency import Room


class Wanted(Protocol):
    """A model that somebody wants. `leaving` are the models whose memory comes back before."""

    async def room(self, leaving: frozenset[str]) -> Room:
        """How much there is for it beside those that stay. Raises EngineError."""
        ...

    async def orders(self, leaving: frozenset[str]) -> tuple[LoadOrder, ...]:
        """The load of each of its replicas. Raises EngineError."""
        ...


class AsOrdered:
    """One load that is what it is, whoever else is there."""

    def __init__(self, order: LoadOrder) -> None:
        self._order = order

    async def room(self, leaving: frozenset[str]) -> Room:
        """The ladder finds out."""
        del leaving
        return Room.WHOLE

    async def orders(self, leaving: frozenset[str]) -> tuple[LoadOrder, ...]:
        """Just that one."""
        del leaving
        return (self._order,)
