"""A place where releases are told of: a real HTTP server, and a key that signs."""

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override

MANIFEST = "/manifest.json"


def release(version: str, **more: object) -> dict[str, object]:
    """An entry of a manifest."""
    return {"version": version, "day": "2026-12-01", "news": f"* {version} is there", **more}


def asset(url: str, body: bytes, /, **instead: object) -> dict[str, object]:
    """A file of a release, as the manifest tells of it."""
    told: dict[str, object] = {
        "url": url,
        "sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
    }
    return told | instead


@dataclass(kw_only=True)
class ReleasePlace:
    """Serves what `files` has, by path; runs inside `with`."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    redirects: dict[str, str] = field(default_factory=dict[str, str])
    silent: bool = False  # an answer never comes
    asked: list[str] = field(default_factory=list[str])
    headers: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="releases", daemon=True
        )

    @property
    def address(self) -> str:
        """Of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def manifest(self) -> str:
        """Where the manifest lies."""
        return f"{self.address}{MANIFEST}"

    @property
    def key(self) -> bytes:
        """The public half."""
        return self.private.public_key().public_bytes_raw()

    def tell(self, *releases: Mapping[str, object], serial: int = 1) -> bytes:
        """This is the manifest now, and signed."""
        return self.publish(json.dumps({"serial": serial, "releases": releases}).encode())

    def publish(self, body: bytes) -> bytes:
        """These bytes are, whatever they say."""
        self.files[MANIFEST] = body
        self.files[f"{MANIFEST}.sig"] = base64.b64encode(self.private.sign(body)) + b"\n"
        return body

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=10)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, place: ReleasePlace) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.place = place


class _Answers(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the tests print enough."""

    def do_GET(self) -> None:
        place = self.server.place
        place.asked.append(self.path)
        place.headers.append({name.lower(): value for name, value in self.headers.items()})
        if place.silent:
            place.over.wait(timeout=60)
            return
        if self.path in place.redirects:
            self.send_response(302)
            self.send_header("Location", place.redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = place.files.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        with suppress(OSError):  # who reads may have had enough
            self.wfile.write(body or b"")
