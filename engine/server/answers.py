"""What the port needs of the engine behind it."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from engine.chat import ChatRequest, CompletionRequest, Delta, Weight
from engine.download.pulling import Pulled
from engine.embedding import Embeddings, Rank
from engine.events import Event
from engine.host.facts import Residence
from engine.library.files import Details
from engine.library.shelf_model import ShelfModel
from engine.monitor.values import Alert


class Alarms(Protocol):
    """What is wrong."""

    @property
    def raised(self) -> tuple[Alert, ...]:
        """What is wrong now, the oldest first."""
        ...


class Answers(Protocol):
    """Where answers come from. All of it is called on the event loop that runs the port."""

    @property
    def loaded(self) -> str | None:
        """The id of the model that is loaded, or being loaded."""
        ...

    def residents(self) -> tuple[Residence, ...]:
        """Every model that is loaded, or being loaded."""
        ...

    async def load(self, model: str, *, keep_seconds: float) -> None:
        """Load it as for a request, beside the others, and keep it so long without one."""
        ...

    async def unload(self, model: str) -> None:
        """End that model's workers."""
        ...

    async def keep(self, model: str, seconds: float) -> None:
        """Keep it so long without a request; negative: for ever, 0: until it is idle."""
        ...

    def generate(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer one conversation, loading its model on demand; closing cancels."""
        ...

    def complete(self, request: CompletionRequest) -> AsyncGenerator[Delta, None]:
        """Go on with a text as it stands, in the same way."""
        ...

    async def embed(
        self,
        model: str | None,
        texts: Sequence[str | Sequence[int]],
        *,
        dimensions: int | None = None,
        truncate: bool = False,
    ) -> Embeddings:
        """A vector for each text, or each text's tokens."""
        ...

    async def rerank(
        self,
        model: str | None,
        query: str,
        documents: Sequence[str],
        *,
        truncate: bool = False,
    ) -> tuple[Rank, ...]:
        """The documents, the best first."""
        ...

    async def tokens(
        self, model: str | None, text: str, *, special: bool = False, parses: bool = True
    ) -> tuple[int, ...]:
        """The text's tokens; with `special` those that a text begins or ends with, too."""
        ...

    async def pieces(self, model: str | None, tokens: Sequence[int]) -> tuple[bytes, ...]:
        """What each token stands for, perhaps a part of a character."""
        ...

    async def text(self, model: str | None, tokens: Sequence[int]) -> str:
        """What the tokens stand for."""
        ...

    async def render(self, request: ChatRequest, /) -> str:
        """The prompt that the model's template makes of it."""
        ...

    async def weigh(self, request: ChatRequest, /) -> Weight:
        """What a conversation takes of the context, in tokens; loads no model."""
        ...

    def models(self) -> tuple[ShelfModel, ...]:
        """The models on the shelf."""
        ...

    async def refresh_models(self) -> tuple[ShelfModel, ...]:
        """The same, looked at again."""
        ...

    @property
    def alerts(self) -> Alarms:
        """What is wrong with the engine or its machine."""
        ...

    def events(self) -> AsyncGenerator[Event]:
        """Every fact from this call on."""
        ...

    async def describe(self, model: str, /) -> Details:
        """All that a model's headers tell."""
        ...

    def pull(self, repository: str, label: str | None) -> AsyncGenerator[Pulled, None]:
        """Bring a quantization from the Hub, telling how far it is; closing pauses it."""
        ...
