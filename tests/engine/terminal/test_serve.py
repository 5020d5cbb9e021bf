"""`serve`, as a real process with a real port: how it begins, answers, and ends."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.config import Home
from engine.requests import RequestSeen, Stage
from engine.terminal.logbook import request_line
from engine.terminal.notify import notify
from tests.support.gguf_bytes import gguf_bytes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to send")

ROOT = Path(__file__).parents[3]
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "the secret"}], "stream": True}

# `serve` as it is, but its workers have no model: they say w0 w1 w2 … for ever.
_SERVE = """
import os, sys
from dataclasses import replace
import engine.engine, engine.terminal.watching as watching
from tests.support.fake_worker import fake_worker
from engine.terminal.verbs import run

usual = watching.own_parts
watching.own_parts = lambda home: replace(usual(home), worker=fake_worker(*sys.argv[1].split()))
sys.exit(run(sys.argv[2:], os.environ, "0"))
"""


@contextmanager
def serving(
    home: Home, *words: str, worker: str = "--tokens 1000000 --step 0.02", **environment: str
) -> Generator[tuple["subprocess.Popen[str]", str]]:
    """The process and its address."""
    (home.models / "tiny.gguf").write_bytes(gguf_bytes())
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, worker, "serve", *words],
        cwd=ROOT,
        env={**os.environ, "FULLBORE_HOME": str(home.root), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            found = re.match(r"Fullbore serves at (http://127\.0\.0\.1:\d+)", line)
            assert found, line
            yield process, found[1]
        finally:
            process.kill()


def words_of(process: "subprocess.Popen[str]") -> str:
    """All it wrote to stderr, once it has ended."""
    assert process.stderr is not None
    return process.stderr.read()


def content_of(line: str) -> str:
    if not line.startswith("data: {"):
        return ""
    event: dict[str, Any] = json.loads(line[6:])
    return "".join(choice["delta"].get("content") or "" for choice in event["choices"])


def test_that_answers_finish_after_a_signal_and_new_requests_are_sent_away(home: Home) -> None:
    with serving(home, worker="--tokens 60 --step 0.03") as (process, address):
        said = ""
        with (
            httpx.Client(base_url=address, timeout=30) as http,
            http.stream("POST", "/v1/chat/completions", json=CHAT) as answer,
        ):
            lines = answer.iter_lines()
            while "w1 " not in said:
                said += content_of(next(lines))
            process.send_signal(signal.SIGTERM)
            refused = httpx.Response(200)
            while refused.status_code != 503:  # the signal is on its way
                refused = httpx.get(f"{address}/v1/models")
            assert refused.headers["retry-after"] == "10"
            said += "".join(content_of(line) for line in lines)
        assert said.split() == [f"w{number}" for number in range(60)]
        assert process.wait(timeout=30) == 0
        assert "POST" not in words_of(process)


def test_that_answers_are_told_when_the_grace_is_over(home: Home) -> None:
    with (
        serving(home, "--grace", "0") as (process, address),
        httpx.Client(base_url=address, timeout=30) as http,
        http.stream("POST", "/v1/chat/completions", json=CHAT) as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines)
        process.send_signal(signal.SIGTERM)
        assert "port_closing" in "".join(lines)
        assert process.wait(timeout=30) == 0


def test_that_a_second_signal_does_not_wait(home: Home) -> None:
    with (
        serving(home, "--grace", "600") as (process, address),
        httpx.Client(base_url=address, timeout=30) as http,
        http.stream("POST", "/v1/chat/completions", json=CHAT) as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines)
        process.send_signal(signal.SIGINT)
        while httpx.get(f"{address}/v1/models").status_code != 503:
            pass
        process.send_signal(signal.SIGTERM)
        assert "port_closing" in "".join(lines)
        assert process.wait(timeout=30) == 0


def test_that_the_log_has_numbers_and_no_word_of_what_was_said(home: Home) -> None:
    with serving(home, worker="--tokens 3") as (process, address):
        asked = httpx.post(f"{address}/v1/chat/completions", json=CHAT, timeout=30)
        assert asked.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        written = (home.logs / "serve.log").read_text("utf-8")
        on_stderr = words_of(process)
    for log in (written, on_stderr):
        assert "/v1/chat/completions 200 done: " in log
        assert "3 written" in log
        assert "secret" not in log
        assert "w0" not in log
        assert "Traceback" not in log


def test_that_systemd_is_told(home: Home, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        place = os.path.relpath(tmp_path / "n", Path.cwd())
        ear.bind(place)
        ear.settimeout(20)
        with serving(home, NOTIFY_SOCKET=str(tmp_path / "n")) as (process, address):
            assert ear.recv(1000).decode() == f"READY=1\nSTATUS=Serving at {address}"
            process.send_signal(signal.SIGTERM)
            assert ear.recv(1000).decode().startswith("STOPPING=1")
            assert process.wait(timeout=30) == 0


def test_that_nobody_listening_is_no_trouble(tmp_path: Path) -> None:
    notify({}, "READY=1")
    notify({"NOTIFY_SOCKET": "vsock:2:1234"}, "READY=1")
    notify({"NOTIFY_SOCKET": str(tmp_path / "gone")}, "READY=1")


def test_that_a_line_of_the_log_tells_who_and_how_long() -> None:
    seen = RequestSeen(
        id=1,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        dialect="openai",
        path="/v1/chat/completions",
        stage=Stage.FAILED,
        seconds=1.234,
        key="Editor",
        model="tiny",
        status=503,
        prompt_tokens=12,
        failure="It fell.",
    )
    assert request_line(seen) == (
        "/v1/chat/completions 503 failed: 1.23 s, 12 tokens read, tiny, key Editor (It fell.)"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")
def test_that_the_unit_starts_what_there_is() -> None:
    unit = (ROOT / "installers" / "linux" / "fullbore.service").read_text("utf-8")
    line = re.search(r"^ExecStart=/usr/bin/fullbore (.+)$", unit, re.MULTILINE)
    assert line
    done = subprocess.run(
        [sys.executable, "-m", "engine", *line[1].split(), "--help"],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    stop = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    grace = re.search(r"--grace (\d+)", unit)
    assert stop
    assert grace
    assert int(stop[1]) >= int(grace[1]) + 10
