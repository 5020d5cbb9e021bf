"""Who may ask: the right host, no web page of a stranger, and the key if there is one."""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.errors import EngineError
from engine.server.errors import StrangeHost, WrongKey

# Names that mean "the computer this runs on" and that no stranger's DNS can take over; the last
# two are what programs in Docker and Podman call their host.
_OWN_NAMES = {"localhost", "host.docker.internal", "host.containers.internal"}
_OPEN_PATHS = {"/health"}

Refuse = Callable[[EngineError, Scope, Receive, Send], Awaitable[None]]


class Gate:
    """Stands before the app; `refuse` writes the answer for those who may not pass.

    A web page can have its name resolve to 127.0.0.1 (DNS rebinding) and so reach the port with
    the browser's help; its requests then carry that name in Host, and are refused.
    """

    def __init__(self, app: ASGIApp, *, host: str, api_key: str | None, refuse: Refuse) -> None:
        self._app = app
        self._host = host.lower()
        self._key = None if api_key is None else api_key.encode()
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await self._refuse(refusal, scope, receive, send)

    def _refusal(self, scope: Scope) -> EngineError | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_ours(host_of(f"//{host}"), scope):
            return StrangeHost(f"Requests for the host “{host[:100]}” are not answered.")
        if origin is not None and not self._is_ours(host_of(origin), scope):
            return StrangeHost(f"Requests from the web page “{origin[:100]}” are not answered.")
        if scope["path"] not in _OPEN_PATHS and not self._has_key(headers):
            return WrongKey("The API key is missing or wrong.")
        return None

    def _is_ours(self, host: str, scope: Scope) -> bool:
        if host in _OWN_NAMES or host.endswith(".localhost") or (host and host == self._host):
            return True
        try:
            address = ip_address(host)
        except ValueError:
            return False
        # Opened to a network, the port is asked for by the address the connection came in on.
        return address.is_loopback or address == _own_address(scope)

    def _has_key(self, headers: Headers) -> bool:
        if self._key is None:
            return True
        scheme, _, key = headers.get("authorization", "").partition(" ")
        # Headers are read as Latin-1: this gives back the bytes that were sent.
        sent = key.strip().encode("latin-1")
        return hmac.compare_digest(sent, self._key) and scheme.lower() == "bearer"


def _own_address(scope: Scope) -> IPv4Address | IPv6Address | None:
    server = scope.get("server")
    try:
        address = ip_address(server[0]) if server else None
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def host_of(url: str) -> str:
    """The host of a URL, in lower case, without port and brackets; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
