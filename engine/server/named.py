"""What a client may call a model."""

from engine.errors import ModelNotFound

_ENDING = ".gguf"


def model_id(name: str | None) -> str | None:
    """An id, an alias or a file's name; None: the model that is loaded. Raises ModelNotFound.

    The engine also takes paths, from the person's own terminal: those are not for clients.
    """
    if not name or not name.lower().endswith(_ENDING):
        return name or None
    stem = name[: -len(_ENDING)]
    if not stem or "/" in name or "\\" in name:
        raise ModelNotFound(f"No model is called {name[:200]!r}.")
    return stem
