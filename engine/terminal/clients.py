"""Many clients of one local port, in a process of their own, so that the server alone is measured.

`python -m engine.terminal.clients` reads one Errand as JSON from stdin, asks all of it at the same
moment, and writes the answers' times as JSON to stdout. Events are stamped as they come and read
only when all is over.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from pydantic import TypeAdapter
from typing_extensions import override

from engine.errors import EngineError

_PATIENCE_SECONDS = 1800.0


class ClientsFailed(EngineError):
    """A server did not answer what the bench asked of it."""

    code = "bench_failed"
    remedy = "Look at what it says, and try with fewer streams."


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Requests to that port, all at once: bodies of POST `path` that ask for streams with usage."""

    port: int
    path: str
    bodies: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One answer. `stamps` are the seconds from the sending to each event that had text in it.

    `engine_tps` is what the server itself says of its decode.
    """

    stamps: tuple[float, ...]
    prompt_tokens: int
    answer_tokens: int
    engine_tps: float | None = None
    text: str = ""


_answers: TypeAdapter[tuple[Heard, ...] | str] = TypeAdapter(tuple[Heard, ...] | str)


async def ask(command: Sequence[str], errand: Errand) -> tuple[Heard, ...]:
    """Have a process of its own do that. Raises ClientsFailed."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        out, _ = await process.communicate(json.dumps(asdict(errand)).encode())
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        raise ClientsFailed("The process of the bench's clients ended early.")
    told = _answers.validate_json(out)
    if isinstance(told, str):
        raise ClientsFailed(told)
    return told


class _Client(asyncio.BufferedProtocol):
    """One request over a connection of its own."""

    def __init__(self) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.began = 0.0
        self._lines: list[tuple[float, bytes]] = []
        self._rest = b""
        self._buffer = bytearray(1 << 16)
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes) -> None:
        assert self._transport is not None
        self.began = time.perf_counter()
        self._transport.write(request)

    @override
    def get_buffer(self, sizehint: int) -> bytearray:
        return self._buffer

    @override
    def buffer_updated(self, nbytes: int) -> None:
        now = time.perf_counter()
        *lines, self._rest = (self._rest + self._buffer[:nbytes]).split(b"\n")
        self._lines.extend((now, line) for line in lines)
        if any(line.startswith(b"data: [DONE]") for line in lines):
            self._end()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._lines.append((time.perf_counter(), self._rest))
        self._end()

    def _end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
        if self._transport is not None:
            self._transport.close()

    def heard(self) -> Heard | str:
        """The answer, or why there is none."""
        if not self._lines or b" 200" not in self._lines[0][1]:
            return b" ".join(line for _, line in self._lines)[-500:].decode("utf-8", "replace")
        stamps: list[float] = []
        texts: list[str] = []
        usage: dict[str, int] = {}
        tps: float | None = None
        for when, line in self._lines:
            if not line.startswith(b"data: {"):
                continue
            told: dict[str, Any] = json.loads(line[6:])
            if "error" in told:
                return str(told["error"])
            if text := _text(told):
                stamps.append(round(when - self.began, 6))
                texts.append(text)
            usage = told.get("usage") or usage
            tps = told.get("timings", {}).get("predicted_per_second", tps)
        return Heard(
            stamps=tuple(stamps),
            prompt_tokens=usage.get("prompt_tokens", 0),
            answer_tokens=usage.get("completion_tokens", len(stamps)),
            engine_tps=tps,
            text="".join(texts),
        )


def _text(told: dict[str, Any]) -> str:
    choices: list[dict[str, Any]] = told.get("choices") or []
    return str(choices[0].get("text") or "") if choices else ""


async def _ask_all(errand: Errand) -> list[Heard] | str:
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(_Client, "127.0.0.1", errand.port))[1] for _ in errand.bodies
    ]
    for client, body in zip(clients, errand.bodies, strict=True):
        content = json.dumps(body).encode()
        head = (
            f"POST {errand.path} HTTP/1.1\r\nHost: 127.0.0.1:{errand.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            "Connection: close\r\n\r\n"
        )
        client.send(head.encode() + content)
    await asyncio.wait_for(asyncio.gather(*(client.over for client in clients)), _PATIENCE_SECONDS)
    answers: list[Heard] = []
    for client in clients:
        match client.heard():
            case Heard() as heard:
                answers.append(heard)
            case failure:
                return f"A server refused: {failure}"
    return answers


def main() -> None:
    """Do the errand that stdin tells."""
    told = json.load(sys.stdin)
    errand = Errand(port=told["port"], path=told["path"], bodies=tuple(told["bodies"]))
    try:
        answers = asyncio.run(_ask_all(errand))
    except (OSError, TimeoutError, ValueError) as failure:
        answers = f"A server did not answer: {failure or type(failure).__name__}."
    said = answers if isinstance(answers, str) else [asdict(one) for one in answers]
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
