"""What a conversation takes of a context, told by the model's worker or by its vocabulary alone."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from engine.background.background import Background
from engine.background.words import Conversation
from engine.chat import ChatRequest, Message, Weight
from engine.errors import EngineError, WorkerDied
from engine.host.facts import Phase
from engine.host.pictures import picture_mark, pictures_of
from engine.host.worker_process import WorkerProcess
from engine.protocol.load import LoadSpec
from engine.protocol.messages import Ready

_MOST_KEPT = 16384
_IDLE_SECONDS = 60.0
_LOAD_SECONDS = 30.0
_COUNT_SECONDS = 10.0

_Count = Callable[[Sequence[str], Sequence[bytes]], Awaitable[tuple[int, ...]]]


class Weigher:
    """Counts, and keeps what it counted. Where the model is not loaded, a worker is started that
    reads its vocabulary alone, for a while; there is never more than one."""

    def __init__(
        self,
        command: tuple[str, ...],
        background: Background,
        *,
        idle_seconds: float = _IDLE_SECONDS,
        count_seconds: float = _COUNT_SECONDS,
    ) -> None:
        self._command = command
        self._background = background
        self._idle_seconds = idle_seconds
        self._count_seconds = count_seconds
        self._known = _Known()
        self._turn = asyncio.Lock()
        self._worker: WorkerProcess | None = None
        self._farewell: asyncio.TimerHandle | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that knows a vocabulary, if there is one."""
        return self._worker.pid if self._worker else None

    async def by_worker(self, request: ChatRequest, worker: WorkerProcess) -> Weight:
        """By a worker in READY, whose context is told with it. Raises EngineError."""
        tokens = await self._weigh(request, worker, worker.count)
        return _weight(tokens, context_tokens=worker.ready.answer_context_tokens)

    async def by_vocabulary(self, request: ChatRequest, path: str) -> Weight:
        """By the vocabulary in that file. Raises EngineError."""
        async with self._turn:
            try:
                kept = self._worker
                worker = await self._bring(path)
                try:
                    tokens = await self._weigh(request, worker, self._within(worker))
                except WorkerDied:
                    if worker is not kept:
                        raise
                    # It had died before it was asked: a fresh one may know.
                    await self._dismiss()
                    worker = await self._bring(path)
                    tokens = await self._weigh(request, worker, self._within(worker))
            finally:
                self._rest()
        return _weight(tokens, context_tokens=None)

    async def close(self) -> None:
        """End the process; nothing is weighed afterwards."""
        self._closed = True
        async with self._turn:
            await self._dismiss()
        if self._leaving is not None:
            await asyncio.wait({self._leaving})

    async def _weigh(
        self, request: ChatRequest, worker: WorkerProcess, count: _Count
    ) -> tuple[int, ...]:
        ready = worker.ready
        mark = picture_mark()
        prompt = await self._background.render(
            ready.template,
            conversation_of(request, ready, picture=mark),
        )
        # A picture counts as the model sees it; its mark is no part of the prompt.
        texts = (*(_said(message) for message in request.messages), prompt.replace(mark, ""))
        path = f"{worker.spec.path}\n{ready.sees}"
        keys = [_key(path, text.encode("utf-8", "replace")) for text in texts]
        known = self._known.those(keys)
        wanted = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        pictures = {_key(path, image): image for image in pictures_of(request.messages)}
        known |= self._known.those(pictures)
        unseen = {key: image for key, image in pictures.items() if key not in known}
        if wanted or unseen:
            counted = await count(tuple(wanted.values()), tuple(unseen.values()))
            known.update(zip((*wanted, *unseen), counted, strict=True))
        self._known.keep(known)
        seen = [
            sum(known[_key(path, image)] for image in message.images)
            for message in request.messages
        ]
        words = [known[key] for key in keys]
        each = (one + other for one, other in zip(words, seen, strict=False))
        return (*each, words[-1] + sum(seen))

    def _within(self, worker: WorkerProcess) -> _Count:
        """A count that does not take for ever: a worker that hangs is ended."""

        async def count(texts: Sequence[str], images: Sequence[bytes]) -> tuple[int, ...]:
            try:
                async with asyncio.timeout(self._count_seconds):
                    return await worker.count(texts, images)
            except TimeoutError:
                await self._dismiss()
                raise EngineError(
                    f"Counting the tokens took longer than {self._count_seconds:g} s."
                ) from None

        return count

    async def _bring(self, path: str) -> WorkerProcess:
        if self._farewell is not None:
            self._farewell.cancel()
        worker = self._worker
        if worker is not None and worker.phase is Phase.READY and worker.spec.path == path:
            return worker
        await self._dismiss()
        if self._closed:
            raise EngineError("Fullbore is closing.")
        worker = self._worker = WorkerProcess(
            Path(path).stem,
            LoadSpec(path=path, gpu_layers=0, vocabulary_only=True),
            lambda _: None,
        )
        try:
            async with asyncio.timeout(_LOAD_SECONDS):
                await worker.load(self._command)
        except TimeoutError:
            await self._dismiss()
            raise EngineError(
                f"Reading the vocabulary took longer than {_LOAD_SECONDS:g} s."
            ) from None
        return worker

    def _rest(self) -> None:
        """Nobody asks now: after a while the process ends."""

        def leave() -> None:
            self._leaving = asyncio.create_task(self._leave(), name="the vocabulary's end")

        self._farewell = asyncio.get_running_loop().call_later(self._idle_seconds, leave)

    async def _leave(self) -> None:
        async with self._turn:
            await self._dismiss()

    async def _dismiss(self) -> None:
        if self._farewell is not None:
            self._farewell.cancel()
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.stop()


class _Known:
    """Numbers of tokens by hash, the latest used; a text itself is not kept."""

    def __init__(self) -> None:
        self._tokens: OrderedDict[bytes, int] = OrderedDict()

    def those(self, keys: Iterable[bytes]) -> dict[bytes, int]:
        """What of these is known."""
        return {key: self._tokens[key] for key in keys if key in self._tokens}

    def keep(self, counted: Mapping[bytes, int]) -> None:
        """These were used now; the oldest of too many are forgotten."""
        for key, tokens in counted.items():
            self._tokens[key] = tokens
            self._tokens.move_to_end(key)
        while len(self._tokens) > _MOST_KEPT:
            self._tokens.popitem(last=False)


def _weight(tokens: tuple[int, ...], *, context_tokens: int | None) -> Weight:
    return Weight(messages=tokens[:-1], total=tokens[-1], context_tokens=context_tokens)


def _said(message: Message) -> str:
    calls = "".join(f"{call.name}{call.arguments}" for call in message.tool_calls)
    return message.content + calls


def conversation_of(request: ChatRequest, ready: Ready, *, picture: str) -> Conversation:
    """What the model's template is given for that request."""
    return Conversation(
        messages=request.messages,
        bos=ready.bos,
        eos=ready.eos,
        continue_last=request.continue_last,
        picture=picture,
        tools=request.tools,
        format=request.format,
        options=dict(request.template_options),
    )


def _key(path: str, content: bytes) -> bytes:
    digest = blake2b(path.encode("utf-8", "replace"), digest_size=16)
    digest.update(b"\0" + content)
    return digest.digest()
