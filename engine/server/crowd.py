"""How many connections there may be: of everybody, and of one address of a network."""

import socket
import sys
from collections import Counter
from enum import Enum, auto
from ipaddress import IPv6Address, ip_address
from typing import Any

from typing_extensions import override

_FILES_SHARE = 4  # a quarter of the files that may be open is for who is served: half in all


class Welcome(Enum):
    """What becomes of a connection."""

    SERVED = auto()
    TOLD = auto()  # that there are too many
    CUT = auto()  # too many even to be told


class Crowd:
    """Counts connections. As many as are served are told that there are too many; then it ends.

    Who is on this computer is one address for all its programs: those share what everybody has.
    """

    def __init__(self, *, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._all = 0
        self._each: Counter[str] = Counter()

    def enter(self, origin: str | None) -> Welcome:
        """One more connection from there; `leave` is to follow, whatever becomes of it."""
        self._all += 1
        crowding = self._all / self._most
        if origin is not None:
            self._each[origin] += 1
            crowding = max(crowding, self._each[origin] / self._most_each)
        if crowding <= 1:
            return Welcome.SERVED
        return Welcome.TOLD if crowding <= 2 else Welcome.CUT

    def leave(self, origin: str | None) -> None:
        """It is closed."""
        self._all -= 1
        if origin is not None:
            self._each[origin] -= 1
            if not self._each[origin]:
                del self._each[origin]


class Door(socket.socket):
    """A listener that closes what comes while `most` connections are open.

    Those that are still shaking hands over TLS are known to nobody else, and each is an open file.
    Windows, which has no such limit, takes connections in by another way.
    """

    def __init__(self, family: socket.AddressFamily) -> None:
        # Told what it is: else asyncio leaves Nagle on, and what is written in two parts takes
        # 40 ms.
        super().__init__(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.most = 1
        self._inside: set[socket.socket] = set()

    @override
    def accept(self) -> tuple[socket.socket, Any]:
        connection, address = super().accept()
        if len(self._inside) >= self.most:  # some of them may have been closed since
            self._inside = {each for each in self._inside if each.fileno() >= 0}
        if len(self._inside) >= self.most:
            connection.close()
            raise ConnectionAbortedError  # as if the client had gone already: the next one, please
        self._inside.add(connection)
        return connection, address


def most_connections(wanted: int) -> int:
    """So many, or fewer where the system allows few open files: others need some, too."""
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 (Windows has none)

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if files == resource.RLIM_INFINITY else max(1, min(wanted, files // _FILES_SHARE))


def origin_of(address: str) -> str | None:
    """Who counts as one; None: this computer. In IPv6 a household has at least 2⁶⁴ addresses."""
    try:
        plain = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(plain, IPv6Address) and plain.ipv4_mapped is not None:
        plain = plain.ipv4_mapped
    if plain.is_loopback:
        return None
    return plain.exploded[:19] if isinstance(plain, IPv6Address) else str(plain)
