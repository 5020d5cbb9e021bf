"""Bytes from an address, over HTTPS alone: bounded in size, time and hops.

Nothing of this computer is told: no version, no system, no cookie.
"""

import asyncio
import ipaddress
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from engine.errors import UpdateFailed

if TYPE_CHECKING:
    import httpx2

SECONDS = 20.0
_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"user-agent": "Fullbore", "accept-encoding": "identity"}


async def fetch(url: str, *, most_bytes: int, seconds: float = SECONDS) -> bytes:
    """What lies there, whole. Raises UpdateFailed."""
    try:
        async with asyncio.timeout(seconds), opened(url, seconds) as answer:
            body = bytearray()
            async for stretch in answer.aiter_raw():
                body += stretch
                if len(body) > most_bytes:
                    raise UpdateFailed(f"What {_host(url)} sent is too large.")
            return bytes(body)
    except TimeoutError:
        raise UpdateFailed(f"{_host(url)} did not answer within {seconds:g} seconds.") from None


@asynccontextmanager
async def opened(url: str, seconds: float = SECONDS) -> AsyncGenerator["httpx2.Response"]:
    """The answer there, whose bytes are yet to be read, each within `seconds`.

    Raises UpdateFailed.
    """
    import httpx2  # noqa: PLC0415  # slow to import, and seldom needed

    try:
        async with httpx2.AsyncClient(timeout=seconds, headers=_HEADERS) as http:
            may_be_plain = _is_here(url)
            for _ in range(_MOST_HOPS + 1):
                _refuse_plain(url, may_be_plain=may_be_plain)
                async with http.stream("GET", url) as answer:
                    if answer.status_code not in _REDIRECTS:
                        if answer.status_code != 200:
                            says = f"{_host(url)} answered with {answer.status_code}."
                            raise UpdateFailed(says)
                        yield answer
                        return
                    url = urljoin(url, answer.headers.get("location", ""))
        raise UpdateFailed(f"{_host(url)} leads on too many times.")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise UpdateFailed(f"{_host(url)} could not be reached.") from error


def _refuse_plain(url: str, *, may_be_plain: bool) -> None:
    """A mirror on this computer itself may do without TLS, if it was asked for by name."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UpdateFailed("The address of updates cannot be read.") from None
    if parts.scheme == "https" and parts.hostname:
        return
    if not (may_be_plain and parts.scheme == "http" and _is_here(url)):
        raise UpdateFailed(
            "Updates are asked for over https:// alone, and the address, or where it leads to,"
            " is another.",
            remedy="Nothing was taken from it. Check the address, or try again later.",
        )


def _is_here(url: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "The address of updates"
    except ValueError:
        return "The address of updates"
