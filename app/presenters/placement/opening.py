"""What the engine knows of a model when its placement is opened."""

from dataclasses import dataclass

from app.bridge import EngineSurface
from engine.config import LoadWish
from engine.hardware.machine import Machine
from engine.host.outcome import Outcome
from engine.library.shelf_model import ShelfModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """All that is asked at once, before the first plan."""

    known: ShelfModel | None
    wish: LoadWish
    machine: Machine
    outcome: Outcome | None
    loaded: bool


async def opened(engine: EngineSurface, model: str) -> Opened:
    """Ask on the engine's own thread."""
    return Opened(
        known=next((known for known in engine.models() if known.id == model), None),
        wish=engine.wish_for(model),
        machine=engine.machine(),
        outcome=engine.outcome(model),
        loaded=engine.loaded == model,
    )
