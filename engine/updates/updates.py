"""Updates: whether there is a newer Fullbore. Asks nobody unless the person agreed."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from engine.config import EngineConfig
from engine.errors import UpdateFailed
from engine.updates import bringing
from engine.updates.fetching import SECONDS, fetch
from engine.updates.manifest import MOST_BYTES, Manifest, genuine, newer, this_system
from engine.updates.memory import Heard, read_heard, write_heard
from engine.updates.places import MANIFEST_ADDRESS, PUBLIC_KEY, SIGNATURE_SUFFIX
from engine.updates.values import Release

DAY_SECONDS = 24 * 3600
_SIGNATURE_BYTES = 1024

log = logging.getLogger(__name__)


def _installed() -> str:
    try:
        return metadata.version("fullbore")
    except metadata.PackageNotFoundError:
        return "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Whom to believe, which version this is, what time it is, how long to wait."""

    key: bytes = PUBLIC_KEY
    own: Callable[[], str] = _installed
    clock: Callable[[], float] = time.time  # seconds since 1970
    seconds: float = SECONDS


class Updates:
    """Looks at most once a day, and only while `config().updates` is True.

    `kept_in` is a file that remembers what was heard.
    """

    def __init__(
        self,
        config: Callable[[], EngineConfig],
        kept_in: Path,
        terms: Terms | None = None,
    ) -> None:
        self._config = config
        self._kept_in = kept_in
        self._terms = terms or Terms()
        self._asking = asyncio.Lock()

    async def check(self, *, now: bool = False) -> Release | None:
        """The newest release above this one; None if there is none, or nobody may be asked.

        Within a day of the last time the answer is what was heard then, unless `now`. Raises
        UpdateFailed; then what was known before stays known.
        """
        if self._config().updates is not True:
            return None
        async with self._asking:
            heard = await asyncio.to_thread(read_heard, self._kept_in)
            passed = self._terms.clock() - heard.asked_at
            if not now and 0 <= passed < DAY_SECONDS:  # a clock that was set back asks again
                return await asyncio.to_thread(self._known, heard)
            manifest = await self._ask(heard)
            return await asyncio.to_thread(self._newer, manifest)

    async def bring(
        self, release: Release, folder: Path, progress: Callable[[int], None] | None = None
    ) -> Path:
        """Download that release's file into that folder; see `bringing.bring`."""
        return await bringing.bring(release, folder, progress)

    async def _ask(self, heard: Heard) -> Manifest:
        # Before the question: what does not answer is not asked again at every start.
        heard = heard.model_copy(update={"asked_at": self._terms.clock()})
        await asyncio.to_thread(self._keep, heard)
        address = self._config().update_source or MANIFEST_ADDRESS
        body = await fetch(address, most_bytes=MOST_BYTES, seconds=self._terms.seconds)
        signature = await fetch(
            address + SIGNATURE_SUFFIX, most_bytes=_SIGNATURE_BYTES, seconds=self._terms.seconds
        )
        manifest = await asyncio.to_thread(genuine, body, signature, self._terms.key)
        if manifest.serial < heard.serial:
            raise UpdateFailed(
                "The list of releases is older than one that was seen before.",
                remedy="Nothing was taken from it. Try again later.",
            )
        kept = Heard(
            asked_at=heard.asked_at,
            serial=manifest.serial,
            manifest=body.decode(),
            signature=signature.decode(),
        )
        await asyncio.to_thread(self._keep, kept)
        return manifest

    def _known(self, heard: Heard) -> Release | None:
        """What was kept is a file like any other: it counts only as far as it is signed."""
        if not heard.manifest:
            return None
        try:
            return self._newer(
                genuine(heard.manifest.encode(), heard.signature.encode(), self._terms.key)
            )
        except UpdateFailed:
            return None

    def _newer(self, manifest: Manifest) -> Release | None:
        return newer(manifest, self._terms.own(), this_system())

    def _keep(self, heard: Heard) -> None:
        try:
            write_heard(self._kept_in, heard)
        except OSError:
            # Asked once more than needed at worst; a full disk is told where it matters.
            log.warning("What was heard of updates could not be kept", exc_info=True)
