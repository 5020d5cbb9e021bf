"""llama.cpp's own programs, measured on the same machine."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from engine.errors import BadRequest, EngineError

_START_SECONDS = 600.0
_END_SECONDS = 10.0
_REPETITIONS = 3


class RivalFailed(EngineError):
    """One of llama.cpp's programs did not do what the bench asked of it."""

    code = "rival_failed"
    remedy = "Run it by hand; the bench needs the same commit as Fullbore's library."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """llama-bench's figures, tokens a second."""

    average: float
    deviation: float
    commit: str


class Rivals:
    """The programs in one folder. What is not there is not measured: None."""

    def __init__(self, folder: Path, model: Path, environment: Mapping[str, str]) -> None:
        """Raise BadRequest if llama-bench is not there: it is what all is compared with."""
        self._folder = folder.absolute()
        self._model = str(model)
        libraries = [str(self._folder), environment.get("LD_LIBRARY_PATH", "")]
        self._environment = {
            **environment,
            "LD_LIBRARY_PATH": ":".join(each for each in libraries if each),
        }
        if self._program("llama-bench") is None:
            raise BadRequest(
                f"There is no llama-bench in {folder}.",
                remedy="Name the folder that llama.cpp's programs lie in.",
            )

    @property
    def serves(self) -> bool:
        """Whether llama-server is there."""
        return self._program("llama-server") is not None

    async def prompt_rate(self, tokens: int) -> Rate:
        """How fast it reads a prompt."""
        return (await self._bench("-p", str(tokens), "-n", "0"))[0]

    async def decode_rates(self, tokens: int, depths: Sequence[int]) -> list[Rate]:
        """How fast it writes that many tokens at each depth, without sampling."""
        deep = ",".join(str(depth) for depth in depths)
        return await self._bench("-p", "0", "-n", str(tokens), "-d", deep)

    async def batched(self, prompt: int, answer: int, streams: Sequence[int]) -> dict[int, float]:
        """How fast it writes to so many streams at once, without sampling; empty if not there."""
        program = self._program("llama-batched-bench")
        if program is None:
            return {}
        cells = max(streams) * (prompt + answer)
        lines = await self._run(
            *(program, "-m", self._model, "-c", str(cells), "-b", "2048", "-ub", "512"),
            *("-npp", str(prompt), "-ntg", str(answer)),
            *("-npl", ",".join(str(count) for count in streams), "--output-format", "jsonl"),
        )
        found = (json.loads(line) for line in lines.splitlines() if line.startswith("{"))
        return {row["pl"]: row["speed_tg"] for row in found}

    @asynccontextmanager
    async def server(
        self, streams: int, context_tokens: int, *, samples: bool
    ) -> AsyncGenerator[int]:
        """The port of a llama-server, ready; `samples` has it sample on the GPU."""
        program = self._program("llama-server")
        assert program is not None
        port = free_port()
        words = [program, "-m", self._model, "--host", "127.0.0.1", "--port", str(port)]
        words += ["-np", str(streams), "-c", str(context_tokens), "--fit", "off"]
        process = await asyncio.create_subprocess_exec(
            *words,
            *(("--backend-sampling",) if samples else ()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment,
        )
        try:
            await _ready(port, process)
            yield port
        finally:
            await _end(process)

    async def _bench(self, *words: str) -> list[Rate]:
        program = self._program("llama-bench")
        assert program is not None
        told = await self._run(
            *(program, "-m", self._model, "-o", "json", "-r", str(_REPETITIONS)), *words
        )
        rows: list[dict[str, Any]] = json.loads(told)
        return [
            Rate(
                average=row["avg_ts"],
                deviation=row["stddev_ts"],
                commit=str(row.get("build_commit", "")),
            )
            for row in rows
        ]

    async def _run(self, *words: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        try:
            out, complaints = await process.communicate()
        finally:
            await _end(process)
        if process.returncode != 0:
            last = complaints.decode("utf-8", "replace").strip().splitlines()[-1:]
            name = Path(words[0]).name
            raise RivalFailed(f"{name} ended with {process.returncode}: {' '.join(last)[:300]}")
        return out.decode("utf-8", "replace")

    def _program(self, name: str) -> str | None:
        for each in (self._folder / name, self._folder / f"{name}.exe"):
            if each.exists():
                return str(each)
        return None


def free_port() -> int:
    """One that nobody listens at, a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


async def _ready(port: int, process: asyncio.subprocess.Process) -> None:
    async with (
        asyncio.timeout(_START_SECONDS),
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        while process.returncode is None:
            with suppress(httpx2.HTTPError):
                if (await client.get("/health")).status_code == 200:
                    return
            await asyncio.sleep(0.1)
    raise RivalFailed(f"llama-server ended with {process.returncode} before it was ready.")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
