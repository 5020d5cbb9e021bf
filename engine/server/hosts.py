"""Whom a request was meant for: the names and addresses that mean this computer."""

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import cast
from urllib.parse import urlsplit

# Names that mean "the computer this runs on" and that no stranger's DNS can take over; the last
# two are what programs in Docker and Podman call their host.
_OWN_NAMES = frozenset({"localhost", "host.docker.internal", "host.containers.internal"})


_NO_HOST = re.compile(r"[/\\@?#\s]")  # a URL has more than a host, and "Host" has not


class Hosts:
    """What may stand in `Host` of a request to a port that is bound to `bound`.

    A web page can have its name resolve to 127.0.0.1 (DNS rebinding) and so reach the port with
    the browser's help; its requests then carry that name in Host.
    """

    def __init__(self, bound: str, *, machine: str = "") -> None:
        """`machine` is this computer's name; empty: as the system has it.

        `of_network`: others than this computer may reach the port.
        """
        self._bound = bound.lower().strip("[]").rstrip(".")
        self._names = _OWN_NAMES
        self.of_network = not is_loopback(bound)
        if self.of_network:
            self._names |= _names_of(machine or socket.gethostname())

    def include(self, host: str, server: object) -> bool:
        """Whether that means this computer. `server` is where the connection came in, in ASGI."""
        if host in self._names or host.endswith(".localhost") or (host and host == self._bound):
            return True
        try:
            address = ip_address(host)
        except ValueError:
            return False
        # Opened to a network, the port is asked for by the address the connection came in on.
        return address.is_loopback or address == _address(server)


def is_loopback(bound: str) -> bool:
    """Whether a port bound to that can be reached from this computer alone."""
    if bound.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(bound.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The host in `Host`, in lower case, without port and brackets; empty if there is none."""
    if _NO_HOST.search(header):
        return ""
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _names_of(machine: str) -> frozenset[str]:
    whole = machine.lower().rstrip(".")
    first = whole.partition(".")[0]
    # `.local` is answered by the network's own machines alone (mDNS), never by a DNS server.
    return frozenset({whole, first, f"{first}.local"} - {"", ".local"})


def _address(server: object) -> IPv4Address | IPv6Address | None:
    if not isinstance(server, tuple | list) or not server:
        return None
    try:
        address = ip_address(str(cast("Sequence[object]", server)[0]))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
