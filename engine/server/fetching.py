"""Pictures that a client names by their address in the web, where the person lets them be fetched.

Whoever may ask the port could otherwise have this computer visit any address for him: so only
addresses of the public internet are, each one checked after its name was resolved and before
anything is sent to it, and the connection goes to what was checked.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from engine.server.errors import BadField

if TYPE_CHECKING:
    import httpx2

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[tuple[Address, ...]]]

MOST_PICTURE_BYTES = 20 << 20
_MOST_HOPS = 3
_SECONDS = 10.0
_MOST_URL = 2048
_REDIRECTS = {301, 302, 303, 307, 308}
# Whatever the standard library calls them in this or that version: ways into IPv4 by translation
# or tunnel, site-local addresses, and the one public address that is a cloud's own (Azure).
_NEVER = tuple(
    ip_network(each)
    for each in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "fec0::/10",
        "::/96",
        "168.63.129.16/32",
        "192.88.99.0/24",
    )
)


class NotFetched(BadField):
    """A picture could not be fetched, or may not be."""

    code = "image_not_fetched"
    remedy = "Send the picture itself, as data:image/png;base64,…"


class ImageUrlsOff(NotFetched):
    """The person did not let pictures be fetched."""

    code = "image_urls_off"
    remedy = "Send it as data:image/png;base64,…, or set `image_urls` in Fullbore's settings."


def is_public(address: Address) -> bool:
    """Whether that address is of the public internet, and not this computer's own."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return False  # nobody's DNS has a reason to say so
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return not _is_here(address)


class Fetching:
    """Fetches one picture at a time; `resolve` and `may_visit` are what tests put in its way."""

    def __init__(
        self,
        *,
        resolve: Resolve | None = None,
        may_visit: Callable[[Address], bool] = is_public,
        most_bytes: int = MOST_PICTURE_BYTES,
        seconds: float = _SECONDS,
    ) -> None:
        self._resolve = resolve or _resolve
        self._may_visit = may_visit
        self._most_bytes = most_bytes
        self._seconds = seconds

    async def fetch(self, url: str) -> tuple[bytes, str]:
        """The picture there and its content type. Raises NotFetched."""
        import httpx2  # noqa: PLC0415  # slow to import, and seldom needed

        try:
            async with asyncio.timeout(self._seconds):
                # Without the environment's proxies: they would go where they like.
                async with httpx2.AsyncClient(trust_env=False, timeout=self._seconds) as http:
                    return await self._follow(http, url)
        except TimeoutError:
            raise NotFetched(f"A picture did not come within {self._seconds:g} seconds.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            # Not a word of why: that would tell what is where in this network.
            raise NotFetched("A picture could not be fetched from its address.") from None

    async def _follow(self, http: "httpx2.AsyncClient", url: str) -> tuple[bytes, str]:
        for _ in range(_MOST_HOPS + 1):
            parts, port = _parts(url)
            host = parts.hostname or ""
            address = await self._checked(host, port)
            literal = f"[{address}]" if address.version == 6 else str(address)
            pinned = parts._replace(netloc=f"{literal}:{port}", fragment="").geturl()
            asked = http.stream(
                "GET",
                pinned,
                headers={"host": parts.netloc, "accept": "image/*", "accept-encoding": "identity"},
                extensions={"sni_hostname": host},
            )
            async with asked as answer:
                if answer.status_code not in _REDIRECTS:
                    return await self._read(answer)
                url = urljoin(url, answer.headers.get("location", ""))
        raise NotFetched(f"A picture's address leads on more than {_MOST_HOPS} times.")

    async def _checked(self, host: str, port: int) -> Address:
        addresses = await self._resolve(host, port)
        # One that may not be visited spoils them all: such a name was made for this.
        if not addresses or not all(self._may_visit(address) for address in addresses):
            raise NotFetched("A picture's address is not one of the public internet.")
        return addresses[0]

    async def _read(self, answer: "httpx2.Response") -> tuple[bytes, str]:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status_code != 200:
            raise NotFetched("A picture could not be fetched from its address.")
        if not kind.startswith("image/"):
            raise NotFetched("What lies at a picture's address is no picture.")
        body = bytearray()
        async for stretch in answer.aiter_raw():
            body += stretch
            if len(body) > self._most_bytes:
                most = self._most_bytes >> 20
                raise NotFetched(f"A picture at an address is larger than {most} MiB.")
        return bytes(body), kind


def _parts(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotFetched("A picture's address cannot be read.") from None
    if len(url) > _MOST_URL or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotFetched("A picture's address must begin with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise NotFetched("A picture's address must not hold a name or a password.")
    return parts, port


async def _resolve(host: str, port: int) -> tuple[Address, ...]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(ip_address(str(row[4][0]).partition("%")[0]) for row in found)


def _is_here(address: Address) -> bool:
    """Whether it is an address of this very computer: where packets to it would come from."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), 9))  # UDP: nothing is sent
            return ip_address(str(probe.getsockname()[0]).partition("%")[0]) == address
    except OSError:  # there is no way to it, so it is elsewhere
        return False
