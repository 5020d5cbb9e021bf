"""Pulling: a download that somebody stands and waits for."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from engine.download.downloads import Downloads
from engine.download.queue import ACTIVE, UNENDED
from engine.download.values import Download, DownloadPhase, Quantization
from engine.errors import BadRequest

_USUAL = "q4_k_m"
_MOST_NAMED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """How far it is. `digest` is the first file's sha256, where the Hub tells it."""

    download: Download
    digest: str | None


class Pulling:
    """Downloads that are paused when nobody waits for them any more, if it was waiting for them
    that began them. `hear` is to be told of every transfer that moves."""

    def __init__(self, downloads: Downloads) -> None:
        self._downloads = downloads
        self._waiting: Counter[str] = Counter()
        self._begun: set[str] = set()
        self._moved: dict[str, set[asyncio.Event]] = {}

    def hear(self, download: Download) -> None:
        """That transfer moved."""
        for event in self._moved.get(download.id, ()):
            event.set()

    async def pull(self, repository: str, label: str | None) -> AsyncGenerator[Pulled]:
        """Bring that quantization, telling how far it is until it is there.

        Without a label it is the only one, or else Q4_K_M. Closing this pauses the transfer; asked
        for again, it goes on. Raises BadRequest, DownloadError or DiskFull.
        """
        offered = await self._downloads.quantizations(repository)
        chosen = choose_quantization(repository, label, offered)
        digest = chosen.hashes[0] if chosen.hashes else None
        id_ = f"{repository}:{chosen.label}"
        moved = asyncio.Event()
        self._moved.setdefault(id_, set()).add(moved)
        self._waiting[id_] += 1
        try:
            if not self._is_active(id_):
                self._begun.add(id_)
            download: Download | None = await self._downloads.enqueue(repository, chosen)
            while download is not None and download.phase in UNENDED:
                yield Pulled(download=download, digest=digest)
                await moved.wait()
                moved.clear()
                download = self._found(id_)
            await self._downloads.wait(id_)
            if download is not None:
                yield Pulled(download=download, digest=digest)
        finally:
            self._leave(id_, moved)

    def _leave(self, id_: str, moved: asyncio.Event) -> None:
        self._moved[id_].discard(moved)
        self._waiting[id_] -= 1
        if self._waiting[id_] == 0:
            del self._waiting[id_], self._moved[id_]
            if id_ in self._begun and self._is_active(id_):
                self._downloads.pause(id_)
            self._begun.discard(id_)

    def _found(self, id_: str) -> Download | None:
        return next((one for one in self._downloads.all() if one.id == id_), None)

    def _is_active(self, id_: str) -> bool:
        download = self._found(id_)
        return download is not None and download.phase in {*ACTIVE, DownloadPhase.QUEUED}


def choose_quantization(
    repository: str, label: str | None, offered: Sequence[Quantization]
) -> Quantization:
    """The one that was named; else the only one, or the usual one. Raises BadRequest."""
    wanted = (label or _USUAL).lower()
    found = [one for one in offered if one.label.lower() == wanted]
    if label is None and not found:
        found = list(offered)
    if len(found) == 1:
        return found[0]
    if not offered:
        raise BadRequest(f"{repository} has no GGUF files.", remedy="Choose another repository.")
    labels = ", ".join(one.label for one in offered[:_MOST_NAMED])
    what = f"no quantization {label[:80]!r}" if label else "several quantizations"
    raise BadRequest(
        f"{repository} has {what}.", remedy=f"Write {repository}:QUANT with one of: {labels}."
    )
