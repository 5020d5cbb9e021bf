"""Texts and tokens, each as the other; and a conversation as the model reads it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.background.background import Background
from engine.chat import ChatRequest
from engine.errors import BadRequest, Dismissed, WorkerDied
from engine.host.hearing import Whole
from engine.host.host import Host
from engine.host.quiet import Quiet
from engine.host.shelf import Shelf
from engine.host.weigher import conversation_of
from engine.protocol.messages import Spell, Spelled, Tokenize, Tokenized

_MOST_TEXT_BYTES = 2 << 20
_MOST_TOKENS = 1 << 20
_PICTURE = "<picture>"


class Texts:
    """The engine's verbs. `model` None means the one loaded; another is loaded on demand."""

    def __init__(self, host: Host, shelf: Shelf, quiet: Quiet, background: Background) -> None:
        self._host = host
        self._shelf = shelf
        self._quiet = quiet
        self._background = background

    async def tokens(
        self, model: str | None, text: str, *, special: bool = False, parses: bool = True
    ) -> tuple[int, ...]:
        """The text's tokens; with `special` also those that the model's texts begin or end with.

        Names of special tokens are read as these, unless `parses` forbids it. Raises EngineError.
        """
        if len(text.encode("utf-8", "replace")) > _MOST_TEXT_BYTES:
            raise BadRequest(f"The text is longer than {_MOST_TEXT_BYTES >> 20} MiB.")
        answer = await self._ask(
            model,
            lambda identity: Tokenize(id=identity, text=text, special=special, parses=parses),
        )
        assert isinstance(answer, Tokenized)
        return answer.tokens

    async def pieces(self, model: str | None, tokens: Sequence[int]) -> tuple[bytes, ...]:
        """What each token stands for, perhaps a part of a character. Raises EngineError."""
        if len(tokens) > _MOST_TOKENS:
            raise BadRequest(f"There are {len(tokens):,} tokens; {_MOST_TOKENS:,} at most can be.")
        answer = await self._ask(model, lambda identity: Spell(id=identity, tokens=tuple(tokens)))
        assert isinstance(answer, Spelled)
        return answer.pieces

    async def text(self, model: str | None, tokens: Sequence[int]) -> str:
        """What the tokens stand for. Raises EngineError."""
        return b"".join(await self.pieces(model, tokens)).decode("utf-8", "replace")

    async def render(self, request: ChatRequest, /) -> str:
        """The prompt that the model's template makes of it; a picture is <picture> there.

        Loads the model on demand: its template is known from then on. Raises EngineError.
        """
        request = await self._shelf.named(request)
        async with self._quiet.answering():
            ready = await self._host.facts(request.model)
            # A format that cannot be honoured is the answer's concern, not the prompt's.
            plain = replace(request, format=None)
            return await self._background.render(
                ready.template, conversation_of(plain, ready, picture=_PICTURE)
            )

    async def _ask(self, model: str | None, command: Callable[[int], Tokenize | Spell]) -> Whole:
        chosen = (await self._shelf.find(model)).id if model is not None else None
        async with self._quiet.answering(), self._host.working(chosen) as bring:
            worker = await bring()
            try:
                return await worker.ask(command)
            except Dismissed:
                raise
            except WorkerDied:  # another's request may have killed it: once more, in a fresh one
                worker = await bring()
                return await worker.ask(command)
