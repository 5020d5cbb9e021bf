"""What the local port adds: to the first token, to each token, and over a long time.

    python -m tests.benches.port first                    our share of the time to the first token
    python -m tests.benches.port cost                     the host's processor time for a token
    python -m tests.benches.port left                     steps written after a client went away
    python -m tests.benches.port soak --model FILE --seconds 300

The first three have a worker without a model (no arithmetic but the port's own); so has the soak
if none is named. It compares what each client got with what passed between worker and host.
"""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_PERIOD_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process that answers each line with a line."""

    process: subprocess.Popen[str]

    def read(self) -> str:
        """Its next line. An end instead of one is a failure."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("A process of the bench ended early; its words are above.")
        return line.strip()

    def ask(self, word: str) -> dict[str, Any]:
        """Its answer to that word."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return json.loads(self.read())


@contextmanager
def child(module: str, *options: str) -> Generator[Child]:
    """Started, and ended by the end of its stdin."""
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.benches.{module}", *options],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Child(process=process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


class Bench:
    """A host and its clients in a folder of their own."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked = asked
        self.worker_log = folder / "worker.jsonl"
        self.client_log = folder / "clients.jsonl"
        self._folder = folder

    @contextmanager
    def host(self, **more: object) -> Generator[tuple[Child, str]]:
        """The host, and the address it serves at."""
        options = {"home": self._folder / "home", "log": self.worker_log, "port": _free_port()}
        options |= {"model": self.asked.model, "streams": self.asked.streams, **more}
        words = [f"--{name}={value}" for name, value in options.items()]
        if self.asked.profile:
            words.append(f"--profile={self.asked.profile}")
        with child("port_host", *words) as host:
            yield host, host.read()

    @contextmanager
    def clients(self, address: str, count: int, **more: object) -> Generator[Child]:
        """So many streams, each begun again at its end."""
        options = {"address": address, "log": self.client_log, "clients": count, **more}
        words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        with child("port_clients", *words) as clients:
            yield clients

    def pairs(self) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
        """Each request as its client and, where it came so far, as the worker's pipe saw it."""
        worker = {line["mark"]: line for line in _lines(self.worker_log)}
        return [(got, worker.get(got["mark"])) for got in _lines(self.client_log)]


def first(bench: Bench) -> dict[str, Any]:
    """Milliseconds before the worker has the request, and after it wrote its first token."""
    with (
        bench.host(step=0.001) as (_, address),
        bench.clients(address, 1, requests=300, max_tokens=3) as clients,
    ):
        assert clients.read() == "over"
    rows = [
        ((passed["received"] - got["sent"]) * 1000, (got["first"] - passed["first"]) * 1000)
        for got, passed in bench.pairs()[20:]
        if passed is not None
    ]
    ours = sorted(before + after for before, after in rows)
    return {
        "requests": len(rows),
        "before_ms_p50": statistics.median(before for before, _ in rows),
        "after_ms_p50": statistics.median(after for _, after in rows),
        "ours_ms_p05": ours[int(len(ours) * 0.05)],  # about what an idle machine has as its p50
        "ours_ms_p50": statistics.median(ours),
        "ours_ms_p95": ours[int(len(ours) * 0.95)],
    }


def cost(bench: Bench) -> dict[str, Any]:
    """Microseconds of the host process for each token that came to a client."""
    count, seconds = bench.asked.clients, bench.asked.seconds
    with (
        bench.host(step=bench.asked.step) as (host, address),
        bench.clients(address, count, max_tokens=1_000_000) as clients,
    ):
        while clients.ask("count")["pieces"] < 20 * count:
            time.sleep(0.2)
        tokens, before = clients.ask("count")["pieces"], host.ask("tell")
        since = time.monotonic()
        time.sleep(seconds)
        tokens, after = clients.ask("count")["pieces"] - tokens, host.ask("tell")
        passed = time.monotonic() - since
        clients.process.kill()
    used = after["cpu_seconds"] - before["cpu_seconds"]
    return {
        "clients": count,
        "tokens_per_second": tokens / passed,
        "host_cpu_percent": 100 * used / passed,
        "host_us_per_token": 1e6 * used / tokens,
    }


def left(bench: Bench) -> dict[str, Any]:
    """Clients that leave after their first words: what the worker wrote for them afterwards."""
    with bench.host(step=bench.asked.step) as (host, address):
        for _ in range(10):
            with bench.clients(address, 4, max_tokens=1_000_000) as clients:
                while clients.ask("count")["pieces"] < 40:
                    time.sleep(0.05)
                clients.process.kill()
        deadline = time.monotonic() + 20
        while len(_lines(bench.worker_log)) < 40 and time.monotonic() < deadline:
            host.ask("tell")
            time.sleep(0.1)
    steps = [line["steps_after_cancel"] for line in _lines(bench.worker_log)]
    return {"requests": len(steps), "steps_after_cancel_most": max(steps)}


def soak(bench: Bench) -> dict[str, Any]:
    """Many streams for a long time."""
    count, seconds = bench.asked.clients, bench.asked.seconds
    memory: list[tuple[float, int]] = []
    strays = 0
    with (
        bench.host(step=bench.asked.step) as (host, address),
        bench.clients(address, count, max_tokens=bench.asked.max_tokens) as clients,
    ):
        since = time.monotonic()
        while (passed := time.monotonic() - since) < seconds:
            time.sleep(min(_PERIOD_SECONDS, seconds - passed))
            told, asked = host.ask("tell"), clients.ask("count")
            memory.append((time.monotonic() - since, told["memory_bytes"]))
            stages = told["stages"]
            live = sum(stages.get(name, 0) for name in ("waiting", "reading", "writing"))
            strays = max(strays, abs(live - asked["open"]))
            if bench.asked.verbose:
                print(f"{memory[-1][0]:6.0f} s", told, asked, file=sys.stderr, flush=True)
        clients.ask("stop")
        assert clients.read() == "over"
        told = host.ask("tell")
    pairs = bench.pairs()
    alike = [got["digest"] == passed["digest"] for got, passed in pairs if passed is not None]
    settled = [size for at, size in memory if at >= min(60.0, seconds / 2)]
    return {
        "clients": count,
        "seconds": seconds,
        "requests": len(pairs),
        "tokens": sum(passed["tokens"] for _, passed in pairs if passed is not None),
        "errors": [got["failure"] for got, _ in pairs if got["failure"]][:5],
        "unlike_the_worker": len(pairs) - sum(alike),
        "memory_mb": [round(size / 1e6, 1) for size in (settled[0], settled[-1])],
        "memory_growth_percent": 100 * (max(settled) / settled[0] - 1),
        "most_strays_in_the_queue": strays,
        "left_in_the_queue": told["queued"],
    }


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    """Measure one of them and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("first", "cost", "left", "soak"))
    parser.add_argument("--model", default="", help="a GGUF file, for the soak")
    parser.add_argument("--clients", type=int, default=0)
    parser.add_argument("--streams", type=int, default=0, help="of the worker")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--step", type=float, default=0.02, help="seconds, of the fake worker")
    parser.add_argument("--max-tokens", type=int, default=96)
    parser.add_argument("--profile", default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    usual = {"soak": (64, 16, 300.0)}.get(asked.what, (32, 64, 15.0))
    asked.model = str(Path(asked.model).resolve()) if asked.model else ""
    asked.clients = asked.clients or usual[0]
    asked.streams = asked.streams or usual[1]
    asked.seconds = asked.seconds or usual[2]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked, Path(folder))
        found = {"first": first, "cost": cost, "left": left, "soak": soak}[asked.what](bench)
    if asked.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        shown = f"{value:.2f}" if isinstance(value, float) else value
        print(f"{name.replace('_', ' '):32} {shown}")


if __name__ == "__main__":
    main()
