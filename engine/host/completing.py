"""Texts that are gone on with as they stand, without a chat template."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from engine.chat import CompletionRequest, Delta
from engine.errors import BadRequest
from engine.host.host import Host
from engine.host.quiet import Quiet
from engine.host.shelf import Shelf
from engine.host.worker_process import Prompt
from engine.protocol.dialects import DialectName
from engine.protocol.messages import Ready


class Completing:
    """What the port's older dialect asks for."""

    def __init__(self, host: Host, shelf: Shelf, quiet: Quiet) -> None:
        self._host = host
        self._shelf = shelf
        self._quiet = quiet

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Delta]:
        """Go on with that text; closing cancels. Loads `request.model` on demand."""
        request = await self._shelf.named(request)
        async with self._quiet.answering():
            text = request.prompt
            if request.suffix is not None:
                text = filled(request, await self._host.facts(request.model))
            prompt = Prompt(
                text=text,
                tokens=request.tokens,
                dialect=DialectName.RAW,
                sampling=request.sampling,
                max_tokens=request.max_tokens,
                stop=request.stop,
                min_tokens=request.min_tokens,
                ignore_end=request.ignore_end,
                logprobs=request.logprobs,
                rolls=request.rolls,
                adapters=request.adapters,
            )
            async with aclosing(self._host.complete(request.model, prompt)) as answer:
                async for delta in answer:
                    yield delta


def filled(request: CompletionRequest, ready: Ready) -> str:
    """The prompt whose answer is the middle between prompt and suffix. Raises BadRequest.

    Beginning, end, middle: the order that these tokens are usually taught in.
    """
    if request.tokens:
        raise BadRequest("A suffix needs a prompt that is text, not tokens.")
    if ready.fill is None:
        raise BadRequest(
            "This model was not taught to fill in a text's middle, so it takes no suffix.",
            remedy="Leave `suffix` out, or choose a model for code that was.",
        )
    before, after, middle = ready.fill
    return f"{before}{request.prompt}{after}{request.suffix}{middle}"
