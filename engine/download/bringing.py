"""Assets to this disk: resumed where they stopped, verified, then moved into place."""

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from filelock import FileLock, Timeout
from huggingface_hub import get_session, hf_raise_for_status
from huggingface_hub.errors import HfHubHTTPError

from engine.download.assets import Asset
from engine.download.follower import Follower
from engine.download.haul import Haul, Means
from engine.download.leftovers import LOCK, sweep
from engine.download.limiter import Limiter
from engine.download.part import Part
from engine.download.source import Changed, Source
from engine.download.tally import Tally
from engine.download.wire import Bring, Read, Received
from engine.errors import DownloadError, HubUnreachable

_ATTEMPTS = 2  # of bytes that turn out to be others
_GLANCE_SECONDS = 0.1
_PATIENCE_SECONDS = 5.0  # a child whose parent was killed needs a moment to end
_READ_BYTES = 1 << 20
_MOST_TEXT_BYTES = 1 << 20
_CONNECTION = "Check the connection, then go on: what has arrived is kept."


def read(question: Read) -> str:
    """A small text. Raises DownloadError."""
    with _foreseen(question.url):
        answer = get_session().get(question.url, timeout=30.0)
        hf_raise_for_status(answer)
        if len(answer.content) > _MOST_TEXT_BYTES:
            raise DownloadError(f"{_host(question.url)} answers with something else.")
        return answer.content.decode("utf-8", "replace")


def bring(wish: Bring, tell: Callable[[Received], None], limiter: Limiter) -> None:
    """Have every asset lie in its place, whole. Raises DownloadError, and what the disk does."""
    sizes = [asset.size_bytes for asset in wish.assets]
    tally = Tally(sizes, [min(asset.held_bytes, asset.size_bytes) for asset in wish.assets], tell)
    for asset in wish.assets:
        Path(asset.target).parent.mkdir(parents=True, exist_ok=True)
        with _alone(asset), _foreseen(asset.url):
            _settle(asset, tally, limiter)
        tally.file_done()


def _settle(asset: Asset, tally: Tally, limiter: Limiter) -> None:
    target = Path(asset.target)
    if asset.is_here and _sha256(target, tally) == asset.sha256:
        return
    for _ in range(_ATTEMPTS):
        if _arrived(asset, tally, limiter):
            asset.part.replace(target)
            sweep((target,))
            return
        sweep((target,))  # nobody can tell which of its bytes are the wrong ones
        tally.resize(asset.size_bytes)
    raise DownloadError(
        f"{target.name} arrived with other bytes than it should have, twice.",
        remedy="Try again later, or from another network.",
    )


def _arrived(asset: Asset, tally: Tally, limiter: Limiter) -> bool:
    part = Part(asset.part, asset.size_bytes)
    follower = Follower(part)
    try:
        means = Means(limiter=limiter, look=lambda: tally.has(part.claims.held_bytes))
        source = Source(asset.url, asset.size_bytes, login=False)
        while True:
            Haul((source,), part.claims, part.put, means).run()
            found = _followed(part, follower, tally)
            if found is not None:
                part.sync()
                return found == asset.sha256
    finally:
        follower.stop()
        part.close()


def _followed(part: Part, follower: Follower, tally: Tally) -> str | None:
    """The hash; None if blocks turned out to be damaged on this disk."""
    while part.claims.is_whole:
        try:
            return follower.sha256(_GLANCE_SECONDS)
        except TimeoutError:
            tally.looked_at(follower.hashed_bytes)
    return None


def _sha256(file: Path, tally: Tally) -> str:
    whole, count = hashlib.sha256(), 0
    with file.open("rb", buffering=0) as content:
        while piece := content.read(_READ_BYTES):
            whole.update(piece)
            count += len(piece)
            tally.looked_at(count)
    return whole.hexdigest()


@contextmanager
def _alone(asset: Asset) -> Generator[None]:
    """No other Fullbore writes the same part meanwhile."""
    place = Path(asset.target + LOCK)
    lock = FileLock(place)
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout:
        raise DownloadError(
            f"{Path(asset.target).name} is being downloaded by another Fullbore.",
            remedy="Wait until it is done there.",
        ) from None
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            place.unlink(missing_ok=True)


@contextmanager
def _foreseen(url: str) -> Generator[None]:
    """Failures of the network, in the name of who was asked: it is not the Hub."""
    host = _host(url)
    try:
        yield
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status == 404:
            raise DownloadError(
                f"{host} does not have {Path(urlsplit(url).path).name}.",
                remedy="Update Fullbore, or try again later.",
            ) from error
        raise HubUnreachable(
            f"{host} is out of order (its answer was {status}).", remedy=_CONNECTION
        ) from error
    except httpx2.HTTPError as error:
        why = " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
        raise HubUnreachable(f"{host} does not answer ({why}).", remedy=_CONNECTION) from error
    except Changed as error:
        raise DownloadError(
            f"{host} has another {Path(urlsplit(url).path).name} than it should.",
            remedy="Update Fullbore, or try again later.",
        ) from error


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
