"""A Hub on this machine: a real HTTP server that speaks as huggingface.co does, faults included.

    with Hub() as hub:
        hub.add("owner/repo", {"m-Q4_0.gguf": gguf_bytes()})
        Downloads(hub.address, …)

Files are redirected to another path, as the Hub's are to its content network. `hub.served` tells
what was sent, `hub.faults` what goes wrong.
"""

import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

from typing_extensions import override

from tests.support.hub_words import ALL, Repository, is_within, ordered, told_of

COMMIT = "c0ffee" + "0" * 34
_PIECE_BYTES = 1 << 14
_STRETCH = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(kw_only=True)
class Faults:
    """What goes wrong. Changed by a test while the server runs."""

    hold_after_bytes: int | None = None  # every answer waits there until `resume()`
    drop_after_bytes: list[int] = field(default_factory=list[int])  # one for each answer to come
    bytes_per_second: float | None = None
    wrong_bytes: bool = False
    ignore_ranges: bool = False
    shift_ranges: int = 0  # a stretch of a file is sent from so many bytes further on
    short_ranges: bool = False  # a stretch of a file ends one byte early, and says so
    content_status: list[int] = field(default_factory=list[int])  # one for each answer to come
    retry_after: str | None = None  # said with every refused content
    etag: str | None = None  # of all content, instead of the file's own
    wrong_total: int = 0  # a stretch says that the file is so many bytes longer
    short_lengths: int = 0  # a stretch's Content-Length says so many bytes fewer than it has
    wrong_spots: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])  # byte, once
    line_bytes_per_second: float | None = None  # all answers together
    status: int | None = None  # every answer
    page: bytes | None = None  # every answer, as the login page of a hotel's network


@dataclass(kw_only=True)
class Served:
    """One answer with a file's content: where it began and how far it came."""

    file: str
    start: int
    sent_bytes: int = 0


class Hub:
    """The server; runs between `with Hub() as hub:` and the end of the block."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.faults = Faults()
        self.served: list[Served] = []
        self.paths: list[str] = []
        self.authorizations: list[str | None] = []  # one for each request
        self._resumed = threading.Event()
        self._line = threading.Lock()
        self._line_free_at = 0.0
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="hub", daemon=True
        )

    @property
    def address(self) -> str:
        """What HF_ENDPOINT would be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def content_address(self) -> str:
        """The same server under another name, as the Hub's content lies with another host."""
        return f"http://localhost:{self._server.server_address[1]}"

    @property
    def served_bytes(self) -> int:
        """The bytes of files sent so far."""
        return sum(answer.sent_bytes for answer in self.served)

    def add(
        self, repository: str, files: Mapping[str, bytes], *, gated: bool = False
    ) -> Repository:
        """A repository with these files."""
        self.repositories[repository] = Repository(files=dict(files), gated=gated)
        return self.repositories[repository]

    def resume(self) -> None:
        """Let the held answers go on, and hold no more."""
        self.faults.hold_after_bytes = None
        self._resumed.set()

    def wait_resumed(self) -> None:
        """Stand still until `resume`."""
        self._resumed.wait(timeout=60)

    def wait_for_line(self, count: int) -> None:
        """Until the line that all answers share has room for so many bytes."""
        rate = self.faults.line_bytes_per_second
        if rate is None:
            return
        with self._line:
            now = time.monotonic()
            self._line_free_at = max(self._line_free_at, now - 0.02) + count / rate
            seconds = self._line_free_at - now
        if seconds > 0:
            time.sleep(seconds)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resumed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.hub = hub

    @override
    def get_request(self) -> tuple[socket.socket, Any]:
        """A small buffer: what is counted as sent has left, or will at once."""
        connection, address = super().get_request()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 128 << 10)
        return connection, address

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news here."""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the tests print enough."""

    def do_HEAD(self) -> None:
        self._route()

    def do_GET(self) -> None:
        self._route()

    @property
    def _hub(self) -> Hub:
        return self.server.hub

    def _route(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        self._hub.paths.append(self.path)
        self._hub.authorizations.append(self.headers.get("Authorization"))
        if self._hub.faults.status is not None:
            self._refuse(self._hub.faults.status, "", "The server has a bad day")
        elif self._hub.faults.page is not None:
            self._send(200, self._hub.faults.page, {"Content-Type": "text/html"})
        elif path == "/api/models":
            self._json(self._search(parse_qs(parts.query)))
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)/tree/[^/]+", path):
            self._tree(found[1])
        elif found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/[^/]+)?", path):
            self._describe(found[1])
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/(.+)", path):
            self._resolve(found[1], found[2])
        elif found := re.fullmatch(r"/content/([^/]+/[^/]+)/(.+)", path):
            self._content(found[1], found[2])
        else:
            self._refuse(404, "", "Not found")

    def _search(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        words = query.get("search", [""])[0].lower()
        tags = set(query.get("filter", []))
        limit = int(query.get("limit", ["1000"])[0])
        told = {*query.get("expand", []), *query.get("expand[]", [])}
        hits = [
            told_of(id_, one, told)
            for id_, one in ordered(self._hub.repositories, query)
            if words in id_.lower() and tags <= set(one.tags) and is_within(one, query)
        ]
        return hits[:limit]

    def _describe(self, id_: str) -> None:
        repository = self._repository(id_)
        if repository is None:
            return
        siblings = [
            {
                "rfilename": name,
                "size": _size(repository, name),
                "blobId": "b" * 40,
                "lfs": {"sha256": _sha256(body), "size": _size(repository, name), "pointerSize": 9},
            }
            for name, body in repository.files.items()
        ]
        self._json({**told_of(id_, repository, ALL), "sha": COMMIT, "siblings": siblings})

    def _tree(self, id_: str) -> None:
        repository = self._repository(id_)
        if repository is None:
            return
        self._json(
            [
                {
                    "type": "file",
                    "path": name,
                    "size": _size(repository, name),
                    "oid": "b" * 40,
                    "lfs": {"oid": _sha256(body), "size": len(body), "pointerSize": 9},
                }
                for name, body in repository.files.items()
            ]
        )

    def _resolve(self, id_: str, name: str) -> None:
        repository = self._repository(id_)
        if repository is None:
            return
        if repository.gated and not self._may(repository) and name != "README.md":
            self._refuse(401, "GatedRepo", f"Access to model {id_} is restricted.")
        elif name not in repository.files:
            self._refuse(404, "EntryNotFound", "Entry not found")
        else:
            headers = {
                "X-Repo-Commit": COMMIT,
                "X-Linked-Size": str(_size(repository, name)),
                "X-Linked-Etag": f'"{_sha256(repository.files[name])}"',
                "Accept-Ranges": "bytes",
                "Location": f"{self._hub.content_address}/content/{id_}/{quote(name)}",
            }
            self._send(302, b"", headers)

    def _content(self, id_: str, name: str) -> None:
        body = self._hub.repositories[id_].files[name]
        faults = self._hub.faults
        if faults.content_status:
            status = faults.content_status.pop(0)
            if status != 200:
                again = faults.retry_after
                self._refuse(status, "", "The content is out of order", again)
                return
        if not faults.ignore_ranges and _STRETCH.fullmatch(self.headers.get("Range", "")):
            self._stretch(id_, name)
            return
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and not faults.ignore_ranges else 0
        if start >= len(body):
            self._refuse(416, "", "Range not satisfiable")
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", faults.etag or f'"{_sha256(body)[:32]}"')
        self.send_header("Accept-Ranges", "bytes")
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        if self.command == "GET":
            self._pour(memoryview(body)[start:], Served(file=name, start=start))

    def _stretch(self, id_: str, name: str) -> None:
        """Some bytes of a file; behind its content zeros, up to the size it is announced with."""
        repository = self._hub.repositories[id_]
        faults, total = self._hub.faults, _size(repository, name)
        asked = _STRETCH.fullmatch(self.headers["Range"])
        assert asked is not None
        start = int(asked[1]) + faults.shift_ranges
        end = min(int(asked[2]) + 1 - faults.short_ranges, total)
        if start >= end:
            self._refuse(416, "", "Range not satisfiable")
            return
        body = repository.files[name]
        stretch = body[start:end].ljust(end - start, b"\0")
        short = faults.short_lengths if len(stretch) > 2 * faults.short_lengths else 0
        self.send_response(206)
        self.send_header("Content-Length", str(len(stretch) - short))
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{total + faults.wrong_total}")
        self.send_header("ETag", faults.etag or f'"{_sha256(body)[:32]}"')
        self.end_headers()
        self._pour(stretch[: len(stretch) - short], Served(file=name, start=start))

    def _pour(self, rest: bytes | memoryview, answer: Served) -> None:
        """Send the content in pieces, as far as the faults allow."""
        hub = self._hub
        hub.served.append(answer)
        rest = memoryview(bytes(len(rest)) if hub.faults.wrong_bytes else rest)
        drop = hub.faults.drop_after_bytes.pop(0) if hub.faults.drop_after_bytes else None
        size = _PIECE_BYTES if hub.faults.line_bytes_per_second is None else 4 * _PIECE_BYTES
        while answer.sent_bytes < len(rest):
            hold = hub.faults.hold_after_bytes
            if drop is not None and answer.sent_bytes >= drop:
                self.close_connection = True
                return
            if hold is not None and answer.sent_bytes >= hold:
                hub.wait_resumed()
            piece = self._spoiled(rest[answer.sent_bytes : answer.sent_bytes + size], answer)
            hub.wait_for_line(len(piece))
            self.wfile.write(piece)
            answer.sent_bytes += len(piece)
            if hub.faults.bytes_per_second:
                time.sleep(len(piece) / hub.faults.bytes_per_second)

    def _spoiled(self, piece: memoryview, answer: Served) -> bytes | memoryview:
        """The piece with its wrong spots, which are served wrong this one time."""
        begin = answer.start + answer.sent_bytes
        spots = [
            spot
            for spot in tuple(self._hub.faults.wrong_spots)
            if spot[0] == answer.file and begin <= spot[1] < begin + len(piece)
        ]
        if not spots:
            return piece
        spoiled = bytearray(piece)
        for spot in spots:
            self._hub.faults.wrong_spots.discard(spot)
            spoiled[spot[1] - begin] ^= 0xFF
        return bytes(spoiled)

    def _repository(self, id_: str) -> Repository | None:
        repository = self._hub.repositories.get(id_)
        if repository is None:
            # To strangers the Hub never tells whether a repository is private or absent.
            self._refuse(401, "RepoNotFound", "Repository not found")
        return repository

    def _may(self, repository: Repository) -> bool:
        given = self.headers.get("Authorization")
        return repository.token is not None and given == f"Bearer {repository.token}"

    def _refuse(self, status: int, code: str, words: str, again: str | None = None) -> None:
        headers = {"X-Error-Message": words} | ({"X-Error-Code": code} if code else {})
        headers |= {"Retry-After": again} if again else {}
        self._send(status, json.dumps({"error": words}).encode(), headers)

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _size(repository: Repository, name: str) -> int:
    return repository.announced_bytes.get(name, len(repository.files[name]))


@lru_cache(maxsize=64)  # large ones are asked for often
def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
