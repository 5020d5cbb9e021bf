"""The clients of the port's bench: many streams in one process, read byte by byte off the wire.

Reads orders as lines: `count` says how many tokens have come so far, `stop` begins no more
requests. At the end a line of JSON for each request goes into the log.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any, TextIO
from urllib.parse import urlsplit

from tests.benches.port_tee import digest


@dataclass(slots=True, kw_only=True)
class Got:
    """What one request got."""

    mark: int
    sent: float = 0.0
    first: float | None = None
    ended: float = 0.0
    pieces: int = 0
    done: bool = False
    failure: str = ""
    digest: str = ""


class Clients:
    """So many at once; each asks again as soon as it was answered."""

    def __init__(self, asked: argparse.Namespace, log: TextIO) -> None:
        self._asked = asked
        self._log = log
        whole = urlsplit(str(asked.address))
        self._netloc, self._name, self._port = whole.netloc, whole.hostname, whole.port
        self._marks = 0
        self._stopped = False
        self.pieces = 0
        self.open = 0

    async def run(self) -> None:
        """Until stopped, and everybody was answered."""
        orders = asyncio.create_task(self._obey())
        await asyncio.gather(*(self._ask_on() for _ in range(self._asked.clients)))
        orders.cancel()
        print("over", flush=True)

    async def _obey(self) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            if line.strip() == b"stop":
                self._stopped = True
            print(json.dumps({"pieces": self.pieces, "open": self.open}), flush=True)
        self._stopped = True

    async def _ask_on(self) -> None:
        while not self._stopped and (
            not self._asked.requests or self._marks < self._asked.requests
        ):
            self._marks += 1
            got = Got(mark=self._marks)
            self.open += 1
            try:
                await self._ask(got)
            except (OSError, EOFError, ValueError) as error:
                got.failure = f"{type(error).__name__}: {error}"
            self.open -= 1
            got.ended = time.monotonic()
            self._log.write(json.dumps(asdict(got)) + "\n")

    async def _ask(self, got: Got) -> None:
        body = json.dumps(
            {
                "messages": [
                    {"role": "user", "content": f"This is request {got.mark}. Tell a long story."}
                ],
                "stream": True,
                "max_tokens": self._asked.max_tokens,
                "temperature": 1.0,
                "seed": got.mark,
                "ignore_eos": True,
            }
        ).encode()
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {self._netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        reader, writer = await asyncio.open_connection(self._name, self._port)
        try:
            got.sent = time.monotonic()
            writer.write(head + body)
            await self._read(reader, got)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _read(self, reader: asyncio.StreamReader, got: Got) -> None:
        status = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in status.split(b"\r\n")[0] + b" ":
            raise ValueError((await reader.read(4096)).decode("utf-8", "replace")[:200])
        text: list[str] = []
        rest = b""
        while size := int(await reader.readline(), 16):
            rest += (await reader.readexactly(size + 2))[:-2]
            *events, rest = rest.split(b"\n\n")
            for event in events:
                self._hear(event, got, text)
        got.digest = digest("".join(text))
        if not got.done and not got.failure:
            got.failure = "The stream ended without [DONE]."

    def _hear(self, event: bytes, got: Got, text: list[str]) -> None:
        if not event.startswith(b"data: "):
            return
        if event == b"data: [DONE]":
            got.done = True
            return
        chunk: dict[str, Any] = json.loads(event[6:])
        if "error" in chunk:
            got.failure = str(chunk["error"])[:200]
            return
        for choice in chunk["choices"]:
            content = choice["delta"].get("content")
            if content:
                if got.first is None:
                    got.first = time.monotonic()
                text.append(content)
                got.pieces += 1
                self.pieces += 1


def main() -> None:
    """As the bench starts them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--max-tokens", type=int, required=True)
    parser.add_argument("--requests", type=int, default=0, help="in all; 0: until stopped")
    asked = parser.parse_args()
    with open(asked.log, "a", encoding="utf-8") as log:  # noqa: PTH123 (one line, one file)
        asyncio.run(Clients(asked, log).run())


if __name__ == "__main__":
    main()
