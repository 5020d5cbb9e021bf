"""Which model on the shelf answers to a name. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import BadRequest, ModelNotFound
from engine.library.shelf_model import ShelfModel


def choose(name: str, shelf: Sequence[ShelfModel]) -> ShelfModel:
    """The model with that id, that file, or the only one whose id (or its last part) begins so.

    A file may be named with its path, or by its name with or without its ending.

    Raises ModelNotFound, or BadRequest when several begin so.
    """
    for model in shelf:
        if name == model.id or _is_file(name, model):
            return model
    named = [model for model in shelf if _has_file_of_that_name(name, model)]
    if len(named) == 1:
        return named[0]
    start = name.lower()
    found = named or [
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


def meant(name: str, shelf: Sequence[ShelfModel], aliases: Mapping[str, str]) -> str:
    """The name itself if a model has it, else what it is an alias of."""
    if any(name == model.id for model in shelf):
        return name
    return aliases.get(name, name)


def _is_file(name: str, model: ShelfModel) -> bool:
    return name.lower().endswith(".gguf") and Path(name).absolute() in model.files


def _has_file_of_that_name(name: str, model: ShelfModel) -> bool:
    first = model.files[0].name.lower()
    return name.lower() in {first, first.removesuffix(".gguf")}
