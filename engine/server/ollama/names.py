"""Model names, as Ollama's clients write them."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from engine.errors import ContextExceeded, ModelNotFound
from engine.server.named import model_id

_LATEST = ":latest"
_HUBS = ("hf.co/", "huggingface.co/")


def meant(name: str, shelf: Iterable[str]) -> str:
    """The name as the engine knows it. Raises ModelNotFound, in Ollama's words.

    Clients add `:latest` to names without a tag, and write where a model was pulled from.
    """
    known = set(shelf)
    for one in (name, without_hub(name), without_hub(name).removesuffix(_LATEST)):
        if one in known:
            return one
    with naming(name):
        found = model_id(without_hub(name).removesuffix(_LATEST))
    if found is None:
        raise _not_found(name)
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
    """A model that is missing is told of under the name that the client used.

    The sentence is what Ollama's clients look for.
    """
    try:
        yield
    except ModelNotFound:
        raise _not_found(name) from None


@contextmanager
def owning_up(num_ctx: int | None) -> Generator[None]:
    """A prompt that is longer than the context is told why it does not hold what was asked for."""
    try:
        yield
    except ContextExceeded as error:
        if num_ctx is not None and num_ctx > error.context_tokens:
            error.remedy = (
                f"The {num_ctx:,} of `num_ctx` were not loaded: a model's context is chosen in"
                " Fullbore. Choose a longer one there, or shorten the conversation."
            )
        raise


def _not_found(name: str) -> ModelNotFound:
    return ModelNotFound(
        f"model '{name[:200]}' not found.",
        remedy="Try pulling it first: hf.co/OWNER/REPOSITORY:QUANT.",
    )
