"""Many connections at once: of everybody, of one address, and of those who never shake hands."""

import asyncio
import json
import socket
import subprocess
import sys
from contextlib import ExitStack

import httpx
import pytest

from engine.server.crowd import Crowd, Door, Welcome, most_connections, origin_of
from engine.server.port import Port
from engine.server.slow import Patience
from tests.support.answers import ScriptedAnswers

pytestmark = pytest.mark.anyio

SERVED, TOLD, CUT = Welcome.SERVED, Welcome.TOLD, Welcome.CUT
# A port of a process that may have few files open; says where, then how it is when it is asked.
FEW_FILES = """
import asyncio, json, os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (96, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
from engine.server.port import Port
from tests.support.answers import ScriptedAnswers

async def main():
    port = Port(ScriptedAnswers())
    print(await port.open("127.0.0.1", 0, explicit=True), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(len(os.listdir("/proc/self/fd"))), flush=True)
    await port.close()

asyncio.run(main())
"""


def test_that_as_many_as_are_served_are_told_and_no_more() -> None:
    crowd = Crowd(most=2, most_each=2)
    assert [crowd.enter(None) for _ in range(5)] == [SERVED, SERVED, TOLD, TOLD, CUT]
    for _ in range(4):
        crowd.leave(None)
    assert crowd.enter("192.0.2.1") is SERVED


def test_that_one_address_leaves_room_for_the_others() -> None:
    crowd = Crowd(most=100, most_each=1)
    greedy, modest = "192.0.2.1", "192.0.2.2"
    assert [crowd.enter(greedy) for _ in range(3)] == [SERVED, TOLD, CUT]
    assert crowd.enter(modest) is SERVED
    assert [crowd.enter(None) for _ in range(9)] == [SERVED] * 9
    for _ in range(3):
        crowd.leave(greedy)
    assert crowd.enter(greedy) is SERVED


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("127.0.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:0db8:0000:0000"),
        ("2001:db8::ffff:0:0:2", "2001:0db8:0000:0000"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
    ],
)
def test_that_a_household_is_one(address: str, origin: str | None) -> None:
    assert origin_of(address) == origin


def own_address() -> str:
    """This computer's address on a network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("This computer has no network.")
        return str(probe.getsockname()[0])


async def test_that_an_address_of_a_network_is_told_that_it_has_enough(
    answers: ScriptedAnswers,
) -> None:
    host = own_address()
    port = Port(answers, patience=Patience(connections_each=1))
    number = int((await port.open(host, 0, explicit=True)).rpartition(":")[2])
    _, writer = await asyncio.open_connection(host, number)
    async with httpx.AsyncClient(base_url=f"http://{host}:{number}", timeout=20) as http:
        refused = await http.get("/health")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        writer.close()
        await writer.wait_closed()
        while (await http.get("/health")).status_code != 200:
            pass  # until the port has heard that it was closed
    await port.close()


@pytest.mark.skipif(sys.platform != "linux", reason="what is open is read from /proc")
async def test_that_thousands_of_connections_leave_files_for_others() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FEW_FILES, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    async with asyncio.timeout(60):
        address = (await process.stdout.readline()).decode().strip()
        number = int(address.rpartition(":")[2])
        many = [await asyncio.open_connection("127.0.0.1", number) for _ in range(1500)]
        process.stdin.write(b"\n")
        assert json.loads(await process.stdout.readline()) < 80
        for _, writer in many:
            writer.close()
        async with httpx.AsyncClient(timeout=20) as http:
            while not await _is_served(http, address):
                pass
        process.stdin.close()
        assert await process.wait() == 0


async def _is_served(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(f"{address}/health")).status_code == 200
    except httpx.TransportError:
        return False


def test_that_who_never_shakes_hands_counts_as_well() -> None:
    with Door(socket.AF_INET) as door, ExitStack() as opened:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.most = 2

        def came() -> socket.socket:
            opened.enter_context(socket.create_connection(door.getsockname()))
            return opened.enter_context(door.accept()[0])

        came()
        first = came()
        with pytest.raises(ConnectionAbortedError):
            came()
        first.close()
        came()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_that_the_systems_limit_counts() -> None:
    assert most_connections(4) == 4
    assert most_connections(1 << 40) < 1 << 40
