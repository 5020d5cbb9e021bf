"""Orders: from a model on the shelf and a wish to a plan, or to the load it stands for."""

from collections.abc import Awaitable, Callable

from engine.background.words import ModelSource
from engine.config import LoadWish
from engine.fit.plan import Plan
from engine.host.ladder import LoadOrder
from engine.host.load_spec import load_order
from engine.library.shelf_model import ShelfModel
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present


class Orders:
    """Plans loads for the machine as it is, and lets `outcomes` know what was planned.

    `find` gives the model of a name that can be loaded.
    """

    def __init__(
        self,
        planner: Planner,
        outcomes: Outcomes,
        present: Callable[[], Present],
        find: Callable[[str], Awaitable[ShelfModel]],
    ) -> None:
        self._find = find
        self._planner = planner
        self._outcomes = outcomes
        self._present = present

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

    async def order(self, model: ShelfModel, wish: LoadWish) -> LoadOrder:
        """Plan it for the memory that is free now; with cards, llama.cpp confirms the bytes."""
        source, present = await self._source(model, wish), self._present()
        if present.machine.gpus:
            placed = await self._planner.exact(source, model.files, wish)
        else:
            placed = (await self._planner.plan((source,), wish)).placed[0]
        self._outcomes.planned(model.id, placed)
        return load_order(
            model.files,
            placed,
            wish,
            threads=self._present().threads,
            draft=source.draft[0] if source.draft else None,
        )

    async def _source(self, model: ShelfModel, wish: LoadWish) -> ModelSource:
        if wish.draft is None or wish.speculation is False:
            return ModelSource(id=model.id, files=model.files)
        draft = await self._find(wish.draft)
        return ModelSource(id=model.id, files=model.files, draft=draft.files)
