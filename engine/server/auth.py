"""Who may ask: the right host, no web page of a stranger, and a key if there is any."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from engine.access import Key
from engine.access import Scope as KeyScope
from engine.errors import EngineError
from engine.keys import Keys
from engine.server.cors import may_ask
from engine.server.errors import KeyTooNarrow, StrangeHost, WrongKey
from engine.server.hosts import Hosts, host_of
from engine.server.observer import KEY

ACCESS = "fullbore.access"  # in a request's scope: the Key it came with

# Nothing in these is of this computer: that the port is there, and what every Fullbore answers.
_OPEN_PATHS = frozenset({"/", "/health", "/docs", "/openapi.json"})
_MODEL_PATHS = ("/api/pull", "/api/push", "/api/delete", "/api/create", "/api/copy", "/api/blobs")

Refuse = Callable[[EngineError, Scope, Receive, Send], Awaitable[None]]


class Gate:
    """Stands before the app; `refuse` writes the answer for those who may not pass.

    Without `keys` nobody is asked for one.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Hosts,
        keys: Keys | None,
        listed: Callable[[], Sequence[str]],
        refuse: Refuse,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._keys = keys
        self._listed = listed
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
        if not self._hosts.include(host_of(host), scope.get("server")):
            return StrangeHost(f"Requests for the host “{host[:100]}” are not answered.")
        if origin is not None and not may_ask(origin, host, self._listed()):
            return StrangeHost(f"Requests from the web page “{origin[:100]}” are not answered.")
        needed = needed_scope(scope["method"], scope["path"])
        # On a network a key is asked for even when the last one was just removed.
        asks = self._keys is not None and (self._keys.demanded or self._hosts.of_network)
        if needed is None or self._keys is None or not asks:
            return None
        key = _shown(self._keys, headers)
        if key is None:
            return WrongKey("The API key is missing or wrong.")
        scope[ACCESS], scope[KEY] = key, key.name
        self._keys.used(key)
        if needed not in key.scopes:
            return KeyTooNarrow(f"The key “{key.name}” does not open this.", needed=needed)
        return None


def key_of(scope: Scope) -> Key | None:
    """The key that the request came with; None where none is asked for."""
    key = scope.get(ACCESS)
    return key if isinstance(key, Key) else None


def check_scope(scope: Scope, needed: KeyScope) -> None:
    """For what only the body tells. Raises KeyTooNarrow if the request's key does not open that."""
    key = key_of(scope)
    if key is not None and needed not in key.scopes:
        raise KeyTooNarrow(f"The key “{key.name}” does not open this.", needed=needed)


def needed_scope(method: str, path: str) -> KeyScope | None:
    """What a key must open for that; None: it needs no key."""
    if path in _OPEN_PATHS:
        return None
    if path.startswith("/metrics"):
        return KeyScope.METRICS
    if path.startswith(_MODEL_PATHS) or (method == "DELETE" and path.startswith("/v1/models")):
        return KeyScope.MODELS
    return KeyScope.ANSWERS


def _shown(keys: Keys, headers: Headers) -> Key | None:
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    sent = [bearer.strip()] if scheme.lower() == "bearer" else []
    sent += headers.getlist("x-api-key")[:1]  # Anthropic's clients
    # Headers are read as Latin-1: this gives back the bytes that were sent.
    found = [keys.whose(secret.encode("latin-1")) for secret in sent]
    return next((key for key in found if key is not None), None)
