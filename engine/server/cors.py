"""Web pages: which may use the port, and what their browsers are told."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What installed programs that are made of web pages send. A browser gives these to no web page:
# what comes over http has http in its origin, and a page without an address says "null".
_PROGRAMS = ("app://", "file://", "tauri://", "vscode-file://", "vscode-webview://")
_PROGRAMS_PAGES = ("http://tauri.localhost", "https://tauri.localhost")
_METHODS = "DELETE, GET, HEAD, POST"
_HEADER_NAMES = re.compile(r"[A-Za-z0-9_-]+(?:\s*,\s*[A-Za-z0-9_-]+)*")
_SEEN_HEADERS = "Retry-After, X-Should-Retry"
_ASK_AGAIN_SECONDS = 600


def is_listed(origin: str, listed: Sequence[str]) -> bool:
    """Whether the person let that page in."""
    plain = origin.lower().rstrip("/")
    return any(one == "*" or one.lower().rstrip("/") == plain for one in listed)


def may_ask(origin: str, host: str, listed: Sequence[str]) -> bool:
    """Whether requests with that Origin are answered; `host` is their Host, which is ours.

    The port's own pages, programs, and who is listed. Another page of this computer is a stranger
    like any other: whatever was started on some port of localhost is not yet trusted with models.
    """
    plain = origin.lower()
    if plain.startswith(_PROGRAMS) or plain in _PROGRAMS_PAGES or is_listed(origin, listed):
        return True
    try:
        parts = urlsplit(plain)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and parts.netloc == host.lower()


class Cors:
    """The browser's consent for listed pages; stands before everything, so that they can read
    failures, too. For all others no word is added or taken away."""

    def __init__(self, app: ASGIApp, *, listed: Callable[[], Sequence[str]]) -> None:
        self._app = app
        self._listed = listed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        listed = self._listed()
        headers = Headers(scope=scope) if scope["type"] == "http" and listed else Headers({})
        origin = headers.get("origin")
        if origin is None or not is_listed(origin, listed):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _consent(headers, _allowed(origin, listed), send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                said["Access-Control-Allow-Origin"] = _allowed(origin, listed)
                said["Access-Control-Expose-Headers"] = _SEEN_HEADERS
                said.add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, sending)


def _allowed(origin: str, listed: Sequence[str]) -> str:
    return "*" if "*" in listed else origin


async def _consent(headers: Headers, allowed: str, send: Send) -> None:
    said = MutableHeaders({})
    said["Access-Control-Allow-Origin"] = allowed
    said["Access-Control-Allow-Methods"] = _METHODS
    said["Access-Control-Max-Age"] = str(_ASK_AGAIN_SECONDS)
    said["Vary"] = "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network"
    wanted = headers.get("access-control-request-headers", "")
    if _HEADER_NAMES.fullmatch(wanted):  # the clients' libraries have a dozen of their own
        said["Access-Control-Allow-Headers"] = wanted
    if headers.get("access-control-request-private-network") == "true":
        said["Access-Control-Allow-Private-Network"] = "true"
    await send({"type": "http.response.start", "status": 204, "headers": said.raw})
    await send({"type": "http.response.body", "body": b""})
