"""A conversation as a worker is asked it."""

from engine.background.words import Rendered
from engine.chat import ChatRequest
from engine.errors import ImagesNotSupported
from engine.host.purpose import require
from engine.host.worker_process import Prompt
from engine.protocol.load import Purpose
from engine.protocol.messages import Ready


def check(model: str, ready: Ready, images: tuple[bytes, ...]) -> None:
    """Raise WrongPurpose or ImagesNotSupported where that model cannot answer."""
    require(model, ready.purpose, Purpose.TEXT)
    if images and not ready.sees:
        raise ImagesNotSupported(f"{model} cannot see images: it has no projector.")


def prompt_of(
    request: ChatRequest, rendered: Rendered, *, mark: str, images: tuple[bytes, ...]
) -> Prompt:
    """The rendered request; `images` stand where `mark` does."""
    return Prompt(
        text=rendered.text,
        grammar=rendered.grammar,
        triggers=rendered.triggers,
        dialect=rendered.dialect,
        calls=rendered.calls,
        texts=rendered.texts,
        sampling=request.sampling,
        max_tokens=request.max_tokens,
        stop=request.stop,
        continues=request.continue_last,
        picture=mark,
        images=images,
        min_tokens=request.min_tokens,
        ignore_end=request.ignore_end,
        logprobs=request.logprobs,
        rolls=request.rolls,
        adapters=request.adapters,
    )
