"""A request that says nothing: load that model, or unload it."""

from typing import Literal

from engine.server.ollama.names import naming
from engine.server.situation import Situation

_USUAL_SECONDS = 300.0  # as Ollama keeps a model that nobody said more of


async def moved(
    situation: Situation, name: str, model: str, keep_alive: float | None
) -> Literal["load", "unload"]:
    """What was done with the model that the client calls `name`. Raises EngineError."""
    with naming(name):
        if keep_alive == 0:
            await situation.answers.unload(model)
            return "unload"
        seconds = _USUAL_SECONDS if keep_alive is None else keep_alive
        await situation.answers.load(model, keep_seconds=seconds)
        return "load"


def shelf_ids(situation: Situation) -> list[str]:
    """The names that models have here."""
    return [model.id for model in situation.answers.models()]
