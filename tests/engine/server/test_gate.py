"""The gate of a port that was opened to a network."""

import pytest
from starlette.types import Receive, Scope, Send

from engine.errors import EngineError
from engine.server.auth import Gate
from engine.server.hosts import Hosts, host_of

pytestmark = pytest.mark.anyio

NETWORK = ("192.168.1.5", 11711)


async def passes(host: str, *, server: tuple[str, int], bound: str = "0.0.0.0") -> bool:
    passed: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(True)

    async def refuse(error: EngineError, scope: Scope, receive: Receive, send: Send) -> None:
        assert "are not answered" in error.sentence
        passed.append(False)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/models",
        "headers": [(b"host", host.encode())],
        "server": server,
    }

    async def unused(*_: object) -> None:
        raise AssertionError

    hosts = Hosts(bound, machine="Studio.example")
    gate = Gate(app, hosts=hosts, keys=None, listed=tuple, refuse=refuse)
    await gate(scope, unused, unused)  # type: ignore[arg-type]
    return passed == [True]


@pytest.mark.parametrize(
    ("host", "server", "bound", "may_pass"),
    [
        ("192.168.1.5:11711", NETWORK, "0.0.0.0", True),
        ("192.168.1.5:11711", ("::ffff:192.168.1.5", 11711), "::", True),
        ("192.168.1.6:11711", NETWORK, "0.0.0.0", False),
        ("[fd00::7]:11711", ("fd00::7", 11711), "::", True),
        ("studio.lan:11711", NETWORK, "0.0.0.0", False),
        ("studio:11711", NETWORK, "0.0.0.0", True),
        ("Studio.local:11711", NETWORK, "::", True),
        ("studio.example", NETWORK, "192.168.1.5", True),
        ("studio.local.evil.example", NETWORK, "0.0.0.0", False),
        ("studio.local", ("127.0.0.1", 1), "127.0.0.1", False),
        ("studio.lan:11711", NETWORK, "Studio.lan", True),
        ("evil.example", NETWORK, "studio.lan", False),
        ("evil.example", ("a socket's path", 0), "studio.lan", False),
        ("0.0.0.0", NETWORK, "127.0.0.1", False),
    ],
)
async def test_that_the_address_a_connection_came_in_on_is_ours(
    host: str, server: tuple[str, int], bound: str, may_pass: bool
) -> None:
    assert await passes(host, server=server, bound=bound) == may_pass


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost:80", "localhost"),
        ("LOCALHOST.", "localhost"),
        ("[::1]:80", "::1"),
        ("[", ""),
        ("", ""),
        ("evil.example@localhost", ""),
        ("evil.example\\@localhost", ""),
        ("localhost/evil.example", ""),
        ("localhost#evil.example", ""),
    ],
)
async def test_that_a_host_is_a_host_and_nothing_else(header: str, host: str) -> None:
    assert host_of(header) == host
