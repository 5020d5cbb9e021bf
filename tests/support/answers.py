"""A scripted engine: says the words it was given, as a real one would stream them."""

import asyncio
import struct
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.chat import (
    CallPiece,
    Candidate,
    ChatRequest,
    Chosen,
    CompletionRequest,
    Delta,
    Finished,
    Piece,
    PromptRead,
    StopReason,
    Timings,
    Weight,
)
from engine.download.pulling import Pulled
from engine.download.values import Download, DownloadPhase
from engine.embedding import Embeddings, Rank
from engine.errors import BadRequest, ModelNotFound
from engine.events import Event, Listeners
from engine.host.facts import Phase, Residence
from engine.library.files import Details
from engine.library.shelf_model import ShelfModel
from engine.monitor.values import Alert

QUIET_MODEL = ShelfModel(id="owner/quiet:Q4_K_M", files=(Path("quiet.gguf"),), size_bytes=100)
BROKEN_MODEL = ShelfModel(
    id="broken", files=(Path("broken.gguf"),), size_bytes=1, broken="The file ends early."
)


@dataclass
class ScriptedAlarms:
    """What is said to be wrong."""

    raised: tuple[Alert, ...] = ()


@dataclass
class ScriptedAnswers:
    """Answers every conversation with `thoughts`, then `words`, one piece each, then `calls`.

    It honours max_tokens and stop strings, and tells log probabilities where they are wanted. It
    waits for `may_speak` before the first word and for `may_go_on` after `pause_after` words; it
    raises `failure` after `fail_after` words.
    """

    words: tuple[str, ...] = ("Hello", ",", " world", "!")
    thoughts: tuple[str, ...] = ()
    calls: tuple[CallPiece, ...] = ()
    failure: Exception | None = None
    fail_after: int = 0
    pause_after: int | None = None
    loaded: str | None = QUIET_MODEL.id
    shelf: tuple[ShelfModel, ...] = (QUIET_MODEL, BROKEN_MODEL)
    may_speak: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    requests: list[ChatRequest] = field(default_factory=list[ChatRequest])
    completions: list[CompletionRequest] = field(default_factory=list[CompletionRequest])
    embedded: list[tuple[str | Sequence[int], ...]] = field(
        default_factory=list[tuple[str | Sequence[int], ...]]
    )
    pulled: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    kept: dict[str, float] = field(default_factory=dict[str, float])
    listeners: Listeners = field(default_factory=Listeners)
    alerts: ScriptedAlarms = field(default_factory=ScriptedAlarms)
    running: int = 0
    most_running: int = 0
    all_closed: asyncio.Event = field(default_factory=asyncio.Event)
    pausing: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.may_speak.set()

    def events(self) -> AsyncGenerator[Event]:
        """What the test tells `listeners`."""
        return self.listeners.listen()

    def models(self) -> tuple[ShelfModel, ...]:
        return self.shelf

    async def refresh_models(self) -> tuple[ShelfModel, ...]:
        return self.shelf

    async def describe(self, model: str) -> Details:
        """A llama with a template that knows tools and thinks."""
        if model not in {one.id for one in self.shelf}:
            raise ModelNotFound(f"No model is called {model!r}.")
        return Details(
            model=model,
            files=(Path("/somewhere/quiet.gguf"),),
            metadata=(("general.architecture", "llama"),),
            tensors=(),
            template="{% if tools %}<tool_call>{% endif %}<think></think>",
            bits_per_weight=4.5,
            facts=(
                ("general.architecture", "llama"),
                ("general.license", "mit"),
                ("llama.context_length", 8192),
                ("llama.rope.freq_base", 10000.0),
                ("tokenizer.ggml.add_bos_token", True),
                ("tokenizer.ggml.tokens", None),
            ),
        )

    async def pull(self, repository: str, label: str | None) -> AsyncGenerator[Pulled, None]:
        """Three steps of a download, waiting for `may_go_on` after `pause_after` of them."""
        self.pulled.append((repository, label))
        self.all_closed.clear()
        try:
            await self._fail_or_pause(0)
            for step, phase in enumerate(
                (DownloadPhase.RUNNING, DownloadPhase.VERIFYING, DownloadPhase.DONE), 1
            ):
                download = Download(
                    id=f"{repository}:{label or 'Q4_K_M'}",
                    phase=phase,
                    received_bytes=min(step, 2) * 50,
                    total_bytes=100,
                )
                yield Pulled(download=download, digest="ab" * 32)
                await self._fail_or_pause(step)
        finally:
            self.all_closed.set()

    def residents(self) -> tuple[Residence, ...]:
        """The model that is loaded, if there is one."""
        if self.loaded is None:
            return ()
        seconds = self.kept.get(self.loaded, 3600.0)
        used_at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        return (
            Residence(
                model=self.loaded,
                phase=Phase.READY,
                replicas=1,
                streams=self.running,
                queued=0,
                context_tokens=4096,
                size_bytes=100,
                card_bytes=50,
                pinned=False,
                used_at=used_at,
                leaves_at=None if seconds < 0 else used_at + timedelta(seconds=seconds),
            ),
        )

    async def load(self, model: str, *, keep_seconds: float) -> None:
        self.loaded = model
        self.kept[model] = keep_seconds

    async def unload(self, model: str) -> None:
        if self.loaded == model:
            self.loaded = None

    async def keep(self, model: str, seconds: float) -> None:
        self.kept[model] = seconds

    async def generate(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        self.requests.append(request)
        prompt = sum(len(message.content.split()) for message in request.messages)
        async with aclosing(self._answer(request, prompt)) as answer:
            async for delta in answer:
                yield delta

    async def complete(self, request: CompletionRequest) -> AsyncGenerator[Delta, None]:
        self.completions.append(request)
        prompt = len(request.tokens) or len(request.prompt.split())
        async with aclosing(self._answer(request, prompt)) as answer:
            async for delta in answer:
                yield delta

    async def embed(
        self,
        model: str | None,
        texts: Sequence[str | Sequence[int]],
        *,
        dimensions: int | None = None,
        truncate: bool = False,
    ) -> Embeddings:
        """A vector for each text: its length, a half, and whether it may be cut."""
        self.embedded.append(tuple(texts))
        if self.failure is not None:
            raise self.failure
        width = dimensions or 3
        rest = (0.0,) * width
        rows = [(float(len(text)), 0.5, float(truncate), *rest)[:width] for text in texts]
        packed = b"".join(struct.pack(f"<{width}f", *row) for row in rows)
        tokens = tuple(len(text.split()) if isinstance(text, str) else len(text) for text in texts)
        return Embeddings(dimensions=width, packed=packed, tokens=tokens)

    async def rerank(
        self,
        model: str | None,
        query: str,
        documents: Sequence[str],
        *,
        truncate: bool = False,
    ) -> tuple[Rank, ...]:
        """The longest document is the best."""
        if self.failure is not None:
            raise self.failure
        ranks = [
            Rank(index=index, score=len(text) / 1000, tokens=len(text.split()))
            for index, text in enumerate(documents)
        ]
        return tuple(sorted(ranks, key=lambda rank: -rank.score))

    async def tokens(
        self, model: str | None, text: str, *, special: bool = False, parses: bool = True
    ) -> tuple[int, ...]:
        """Its bytes; 1 is the beginning, and 2 stands for `<end>` where it is parsed."""
        if self.failure is not None:
            raise self.failure
        parts = [part.encode() for part in (text.split("<end>") if parses else [text])]
        return (*((1,) if special else ()), *b"\x02".join(parts))

    async def pieces(self, model: str | None, tokens: Sequence[int]) -> tuple[bytes, ...]:
        if any(token > 255 for token in tokens):
            raise BadRequest("One of these tokens is not in the model's vocabulary.")
        return tuple(b"<end>" if token == 2 else bytes([token]) for token in tokens)

    async def text(self, model: str | None, tokens: Sequence[int]) -> str:
        return b"".join(await self.pieces(model, tokens)).decode("utf-8", "replace")

    async def render(self, request: ChatRequest, /) -> str:
        """One line for each message."""
        if self.failure is not None:
            raise self.failure
        self.requests.append(request)
        return "".join(f"{message.role}: {message.content}\n" for message in request.messages)

    async def weigh(self, request: ChatRequest, /) -> Weight:
        """A token for each word."""
        self.requests.append(request)
        if self.failure is not None:
            raise self.failure
        if request.model not in {None, *(model.id for model in self.shelf)}:
            raise ModelNotFound(f"No model is called {request.model!r}.")
        words = tuple(len(message.content.split()) for message in request.messages)
        return Weight(messages=words, total=sum(words), context_tokens=4096)

    async def _answer(
        self, request: ChatRequest | CompletionRequest, prompt: int
    ) -> AsyncGenerator[Delta, None]:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.all_closed.clear()
        try:
            if request.model not in {None, *(model.id for model in self.shelf)}:
                raise ModelNotFound(f"No model is called {request.model!r}.")
            await self.may_speak.wait()
            async for delta in self._speak(request, prompt):
                yield delta
        finally:
            self.running -= 1
            if not self.running:
                self.all_closed.set()

    async def _speak(
        self, request: ChatRequest | CompletionRequest, prompt: int
    ) -> AsyncGenerator[Delta, None]:
        await self._fail_or_pause(0)
        yield PromptRead(prompt_tokens=prompt, reused_tokens=1)
        said, reason, stop = 0, StopReason.END, None
        pieces = [
            *((word, True) for word in self.thoughts),
            *((word, False) for word in self.words),
        ]
        for word, is_thought in pieces:
            await asyncio.sleep(0)  # a step of the model: the others get their turn
            if said == request.max_tokens:
                reason = StopReason.LENGTH
                break
            stop = next((stop for stop in request.stop if stop in word), None)
            if stop is not None:
                reason = StopReason.STOP
                break
            logprobs = () if request.logprobs is None else (_chosen(word, request.logprobs),)
            yield Piece(text=word, tokens=1, reasoning=is_thought, logprobs=logprobs)
            said += 1
            await self._fail_or_pause(said)
        for call in self.calls:
            await asyncio.sleep(0)
            reason = StopReason.TOOLS
            yield call
        yield Finished(
            reason=reason,
            stop=stop,
            timings=Timings(
                prompt_tokens=prompt,
                reused_tokens=1,
                answer_tokens=said,
                queue_seconds=0.0,
                prompt_seconds=0.1,
                decode_seconds=0.2,
                drafted_tokens=3,
                accepted_tokens=2,
            ),
        )

    async def _fail_or_pause(self, said: int) -> None:
        if self.failure is not None and said == self.fail_after:
            raise self.failure
        if said == self.pause_after:
            self.pausing.set()
            await self.may_go_on.wait()


def _chosen(word: str, count: int) -> Chosen:
    """That word, and the likeliest in its place."""
    itself = Candidate(token=7, text=word.encode(), logprob=-0.5)
    others = (itself, Candidate(token=8, text=b"\xe2\x82", logprob=float("-inf")))
    return Chosen(candidate=itself, top=others[:count])
