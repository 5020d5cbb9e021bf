"""A request that says nothing: load that model, or unload it."""

from typing import Literal

from engine.errors import ModelNotFound
from engine.host.choose import choose
from engine.server.ollama.names import naming
from engine.server.situation import Situation

_USUAL_SECONDS = 300.0  # as Ollama keeps a model that nobody said more of


async def moved(
    situation: Situation, name: str, model: str, keep_alive: float | None
) -> Literal["load", "unload"]:
    """What was done with the model that the client calls `name`. Raises EngineError."""
    with naming(name):
        if keep_alive == 0:
            await _unload(situation, model)
            return "unload"
        seconds = _USUAL_SECONDS if keep_alive is None else keep_alive
        await situation.answers.load(model, keep_seconds=seconds)
        return "load"


async def _unload(situation: Situation, model: str) -> None:
    """At once, if nobody uses it, whoever loaded it; else when its answers are written."""
    residents = situation.answers.residents()
    try:
        id_ = choose(model, situation.answers.models()).id
    except ModelNotFound:  # the engine knows more names: the person's own
        id_ = None
    busy = {one.model for one in residents if one.streams or one.queued}
    if id_ is None or id_ in busy:
        await situation.answers.keep(model, 0)
    else:
        await situation.answers.unload(id_)


def shelf_ids(situation: Situation) -> list[str]:
    """The names that models have here."""
    return [model.id for model in situation.answers.models()]
