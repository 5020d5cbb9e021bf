"""`bench --against`: Fullbore's port beside llama.cpp's own programs, in one go on one machine."""

import random
from argparse import Namespace
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config import EngineConfig, Home, LoadWish
from engine.engine import own_parts
from engine.errors import BadRequest
from engine.host.bench import COMMON_WORDS
from engine.protocol.library import LLAMA
from engine.terminal.arguments import file_or_id
from engine.terminal.clients import Errand, Heard, ask
from engine.terminal.paces import Pace, pace_of, rate_between
from engine.terminal.rivals import Rate, Rivals, free_port
from engine.terminal.watching import running

_STREAM_TOKENS = 2048  # what each stream's context holds at least
_SPARE_TOKENS = 128
_STRETCH = 1000  # tokens at both ends of a long answer
_DECODED = 128  # tokens that llama-bench writes at a depth
_SAMPLING = {"temperature": 0.7, "top_k": 40, "top_p": 0.95}
_PATH = "/v1/completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """So many streams: Fullbore, llama-server without and with sampling on the device, and
    llama-batched-bench, which samples nothing. Ratios are Fullbore's to theirs."""

    streams: int
    fullbore: Pace
    server: Pace | None
    sampling_server: Pace | None
    batched_tps: float | None

    @property
    def ratios(self) -> dict[str, float | None]:
        """Above 1 Fullbore writes faster, or its first token comes later."""
        ours, server, sampling = self.fullbore, self.server, self.sampling_server
        return {
            "server": ours.decode_tps / server.decode_tps if server else None,
            "sampling_server": ours.decode_tps / sampling.decode_tps if sampling else None,
            "batched": ours.decode_tps / self.batched_tps if self.batched_tps else None,
            "first_token": ours.first_token_ms / server.first_token_ms if server else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondTurn:
    """The first token of a prompt that shares its beginning with one before."""

    shared_tokens: int
    first_turn_ms: float
    fullbore_ms: float
    server_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LongAnswer:
    """Tokens a second of a long answer's first and last thousand, and llama-bench's there."""

    tokens: int
    first_tps: float
    last_tps: float
    raw_first_tps: float
    raw_last_tps: float

    @property
    def kept(self) -> float:
        """Of what the raw decode keeps at that depth: 1 loses no more than it."""
        return (self.last_tps / self.first_tps) / (self.raw_last_tps / self.raw_first_tps)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstReport:
    """One run."""

    model: str
    device: str
    library: str
    prompt_tokens: int
    answer_tokens: int
    bench_decode: Rate
    bench_prompt: Rate
    rows: tuple[Row, ...]
    second_turn: SecondTurn | None
    long_answer: LongAnswer | None


class Against:
    """One comparison; the model's file is the same for all."""

    def __init__(
        self, home: Home, config: EngineConfig, asked: Namespace, environment: Mapping[str, str]
    ) -> None:
        """Raise BadRequest if the model is no file, or llama.cpp's programs are not there."""
        self._home, self._config, self._asked = home, config, asked
        self._model = file_or_id(asked.model)
        if asked.raw:
            raise BadRequest(
                "The bench against llama.cpp measures Fullbore as programs use it.",
                remedy="Leave out either `--raw` or `--against`.",
            )
        if not Path(self._model).is_file():
            raise BadRequest("The bench against llama.cpp needs the model's file.")
        self._rivals = Rivals(Path(asked.against), Path(self._model), environment)
        self._clients = own_parts().clients
        self._dice = random.Random(7)  # noqa: S311 - prompts, not secrets
        self._device = ""

    async def report(self) -> AgainstReport:
        """Measure everything, one after the other. Raises EngineError."""
        prompt, answer = self._asked.prompt, self._asked.answer
        streams: Sequence[int] = self._asked.streams or (1, 8, 32, 64)
        bench_prompt = await self._rivals.prompt_rate(prompt)
        bench_decode = (await self._rivals.decode_rates(answer, (prompt,)))[0]
        batched = await self._rivals.batched(prompt, answer, streams)
        rows = [await self._row(count, batched.get(count)) for count in streams]
        return AgainstReport(
            model=Path(self._model).stem,
            device=self._device,
            library=LLAMA,
            prompt_tokens=prompt,
            answer_tokens=answer,
            bench_decode=bench_decode,
            bench_prompt=bench_prompt,
            rows=tuple(rows),
            second_turn=await self._second_turn() if self._asked.prefix else None,
            long_answer=await self._long_answer() if self._asked.long else None,
        )

    async def _row(self, streams: int, batched: float | None) -> Row:
        each = max(_STREAM_TOKENS, self._asked.prompt + self._asked.answer + _SPARE_TOKENS)
        context = streams * each
        server = sampling = None
        if self._rivals.serves:
            async with self._rivals.server(streams, context, samples=False) as port:
                server = await self._crowd(port, streams)
            async with self._rivals.server(streams, context, samples=True) as port:
                sampling = await self._crowd(port, streams)
        async with self._fullbore(streams, context) as port:
            ours = await self._crowd(port, streams)
        return Row(
            streams=streams,
            fullbore=ours,
            server=server,
            sampling_server=sampling,
            batched_tps=batched,
        )

    async def _crowd(self, port: int, streams: int) -> Pace:
        """Once short, to warm up; then as it counts."""
        await self._ask(port, [self._body(self._words(16), 8) for _ in range(streams)])
        bodies = [
            self._body(self._words(self._asked.prompt), self._asked.answer) for _ in range(streams)
        ]
        return pace_of(await self._ask(port, bodies))

    async def _second_turn(self) -> SecondTurn:
        shared: int = self._asked.prefix
        text = self._words(shared)
        context = shared + shared // 4 + _STREAM_TOKENS
        async with self._fullbore(1, context) as port:
            ours = await self._turns(port, text)
        server = None
        if self._rivals.serves:
            async with self._rivals.server(1, context, samples=False) as port:
                server = await self._turns(port, text)
        return SecondTurn(
            shared_tokens=ours[0].prompt_tokens,
            first_turn_ms=ours[0].stamps[0] * 1000,
            fullbore_ms=ours[1].stamps[0] * 1000,
            server_ms=server[1].stamps[0] * 1000 if server else None,
        )

    async def _turns(self, port: int, text: str) -> tuple[Heard, Heard]:
        await self._ask(port, [self._body(self._words(16), 8)])
        first = (await self._ask(port, [self._body(text, 16)]))[0]
        again = f"{text}{first.text} {self._words(16)}"
        return first, (await self._ask(port, [self._body(again, 16)]))[0]

    async def _long_answer(self) -> LongAnswer:
        tokens: int = self._asked.long
        stretch = min(_STRETCH, tokens // 2)
        prompt: int = self._asked.prompt
        async with self._fullbore(1, prompt + tokens + _STREAM_TOKENS) as port:
            await self._ask(port, [self._body(self._words(16), 8)])
            answer = (await self._ask(port, [self._body(self._words(prompt), tokens)]))[0]
        if answer.answer_tokens < tokens:
            raise BadRequest(
                f"The answer ended after {answer.answer_tokens:,} tokens: the context is full.",
                remedy="Ask for a shorter one with `--long`.",
            )
        # llama-bench writes from a depth on: its tokens lie around the middle of the stretch.
        middle = max(0, stretch // 2 - _DECODED // 2)
        depths = (prompt + middle, prompt + tokens - stretch + middle)
        raw_first, raw_last = await self._rivals.decode_rates(_DECODED, depths)
        return LongAnswer(
            tokens=tokens,
            first_tps=rate_between(answer, 0, stretch),
            last_tps=rate_between(answer, tokens - stretch, tokens),
            raw_first_tps=raw_first.average,
            raw_last_tps=raw_last.average,
        )

    async def _ask(self, port: int, bodies: Sequence[dict[str, Any]]) -> tuple[Heard, ...]:
        return await ask(self._clients, Errand(port=port, path=_PATH, bodies=tuple(bodies)))

    def _body(self, prompt: str, tokens: int) -> dict[str, Any]:
        return {
            **_SAMPLING,
            "prompt": prompt,
            "max_tokens": tokens,
            "ignore_eos": True,
            "seed": self._dice.randrange(1 << 31),
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    def _words(self, count: int) -> str:
        """About that many tokens, unlike any other prompt from its first words on."""
        return " ".join(self._dice.choices(COMMON_WORDS, k=count))

    @asynccontextmanager
    async def _fullbore(self, streams: int, context: int) -> AsyncGenerator[int]:
        """The port of a Fullbore that has loaded the model for so many streams."""
        config = self._config.model_copy(
            update={"serve": False, "streams": streams, "host": "127.0.0.1", "api_key": None}
        )
        async with running(self._home, config) as engine:
            guesses = False if self._asked.no_guesses else None  # None: as programs have it
            wish = LoadWish(streams=streams, context_tokens=context, speculation=guesses)
            await engine.load(self._model, wish, for_now=True)
            self._device = engine.machine().computes
            port = free_port()
            await engine.open_port(port)
            yield port
