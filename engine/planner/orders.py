"""Orders: from a model on the shelf and a wish to a plan, or to the load it stands for."""

from collections.abc import Awaitable, Callable

from engine.background.words import ModelSource
from engine.config import LoadWish
from engine.fit.plan import Plan
from engine.library.shelf_model import ShelfModel
from engine.planner.wanted import PlannedLoad, Situation


class Orders:
    """Plans loads for the machine as it is. `find` gives the model of a name that can be loaded."""

    def __init__(
        self,
        situation: Situation,
        find: Callable[[str], Awaitable[ShelfModel]],
    ) -> None:
        self._situation = situation
        self._planner = situation.planner
        self._find = find

    async def plan(
        self,
        model: ShelfModel,
        wish: LoadWish,
        *,
        machine: str | None = None,
        exact: bool = False,
        upgrades: bool = False,
    ) -> Plan:
        """How it would be loaded here, or on a `machine` that is only named. Raises EngineError.

        `exact` has llama.cpp confirm the bytes by a dry run; `upgrades`, without it, looks for
        cards worth buying as well.
        """
        source = await self._source(model, wish)
        if exact and machine is None:
            return (await self._planner.exact(source, model.files, wish)).plan
        planned = await self._planner.plan((source,), wish, machine=machine, upgrades=upgrades)
        return planned.placed[0].plan

    async def wanted(self, model: ShelfModel, wish: LoadWish) -> PlannedLoad:
        """Its load, to be planned for the memory there is when its turn has come."""
        source = await self._source(model, wish)
        return PlannedLoad(source, wish, self._situation, size_bytes=model.size_bytes)

    async def _source(self, model: ShelfModel, wish: LoadWish) -> ModelSource:
        if wish.draft is None or wish.speculation is False:
            return ModelSource(id=model.id, files=model.files)
        draft = await self._find(wish.draft)
        return ModelSource(id=model.id, files=model.files, draft=draft.files)
