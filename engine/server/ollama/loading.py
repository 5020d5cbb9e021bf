"""A request that says nothing: load that model, or unload it."""

from typing import Literal

from starlette.types import Scope

from engine.access import Scope as KeyScope
from engine.server.auth import check_scope
from engine.server.ollama.names import naming
from engine.server.situation import Situation

_USUAL_SECONDS = 300.0  # as Ollama keeps a model that nobody said more of


async def moved(
    situation: Situation, scope: Scope, name: str, model: str, keep_alive: float | None
) -> Literal["load", "unload"]:
    """What was done with the model that the client calls `name`. Raises EngineError.

    Whoever may ask may have a model loaded, but not take it from others.
    """
    with naming(name):
        if keep_alive == 0:
            check_scope(scope, KeyScope.MODELS)
            await _unload(situation, model)
            return "unload"
        seconds = _USUAL_SECONDS if keep_alive is None else keep_alive
        await situation.answers.load(model, keep_seconds=seconds)
        return "load"


async def _unload(situation: Situation, model: str) -> None:
    """At once, if nobody uses it, whoever loaded it; else when its answers are written."""
    id_ = (await situation.answers.describe(model)).model  # `model` may be an alias
    residents = situation.answers.residents()
    if any(one.model == id_ and (one.streams or one.queued) for one in residents):
        await situation.answers.keep(id_, 0)
    else:
        await situation.answers.unload(id_)


def shelf_ids(situation: Situation) -> list[str]:
    """The names that models have here."""
    return [model.id for model in situation.answers.models()]
