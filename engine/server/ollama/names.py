"""Model names, as Ollama's clients write them."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from engine.errors import ModelNotFound

_LATEST = ":latest"
_HUBS = ("hf.co/", "huggingface.co/")


class NoSuchModel(ModelNotFound):
    """In the words that Ollama's clients look for."""

    remedy = "Try pulling it first: hf.co/OWNER/REPOSITORY:QUANT."

    def __init__(self, name: str) -> None:
        super().__init__(f"model '{name[:200]}' not found.")


def meant(name: str, shelf: Iterable[str]) -> str:
    """The name as the engine knows it. Raises NoSuchModel.

    Clients add `:latest` to names without a tag, and write where a model was pulled from. The
    engine also takes paths, from the person's own terminal; a client may name ids alone.
    """
    known = set(shelf)
    for one in (name, without_hub(name), without_hub(name).removesuffix(_LATEST)):
        if one in known:
            return one
    found = without_hub(name).removesuffix(_LATEST)
    if not found or found.lower().endswith(".gguf"):
        raise NoSuchModel(name)
    return found


def without_hub(name: str) -> str:
    """The name without the address that it was, or would be, pulled from."""
    bare = name.removeprefix("https://").removeprefix("http://")
    for hub in _HUBS:
        if bare.lower().startswith(hub):
            return bare[len(hub) :].strip("/")
    return name


@contextmanager
def naming(name: str) -> Generator[None]:
    """A model that is missing is told of under the name that the client used."""
    try:
        yield
    except NoSuchModel:
        raise
    except ModelNotFound:
        raise NoSuchModel(name) from None
