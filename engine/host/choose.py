"""Which model on the shelf answers to a name. Pure."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import BadRequest, ModelNotFound
from engine.library.shelf_model import ShelfModel


def choose(name: str, shelf: Sequence[ShelfModel]) -> ShelfModel:
    """The model with that id, that file, or the only one whose id (or its last part) begins so.

    Raises ModelNotFound, or BadRequest when several begin so.
    """
    for model in shelf:
        if name == model.id or _is_file(name, model):
            return model
    start = name.lower()
    found = [
        model
        for model in shelf
        if start
        and (
            model.id.lower().startswith(start)
            or model.id.rpartition("/")[2].lower().startswith(start)
        )
    ]
    if len(found) > 1:
        names = ", ".join(model.id for model in found[:5])
        raise BadRequest(f"{name!r} may mean several models: {names}.", remedy="Write more of it.")
    if not found:
        raise ModelNotFound(f"No model is called {name!r}.")
    return found[0]


def _is_file(name: str, model: ShelfModel) -> bool:
    return name.lower().endswith(".gguf") and Path(name).absolute() in model.files
