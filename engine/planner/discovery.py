"""Discovery: what the Hub has, and how it would run here.

Headers are read once; after that every other wish is planned without the network. What was seen is
kept, and stands in where nobody answers.
"""

import asyncio
import hashlib
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from engine.background.words import ModelSource, Planned, Unplanned
from engine.config import LoadWish, RankWish
from engine.download.child import ask
from engine.download.downloads import Downloads
from engine.download.mirrors import offer
from engine.download.quantizations import targets
from engine.download.values import (
    Advised,
    Curated,
    Quantization,
    RemoteHeader,
    RepositoryHit,
    RepositoryPage,
    SearchWish,
)
from engine.download.wire import (
    Hits,
    LoggedIn,
    Login,
    Question,
    Seek,
    Show,
    Shown,
    TriedOut,
    TryOut,
)
from engine.errors import DownloadError, HubUnreachable, NotAModel
from engine.fit.saying import Saying, say
from engine.planner.curated import advise, best_first, read_curated, starter
from engine.planner.estimate import Fit, estimate
from engine.planner.planner import Planner

_HUB = "https://huggingface.co"
_MOST_REPOSITORIES = 256
_MOST_PAGES = 128

_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)


@checked(frozen=True, slots=True, kw_only=True)
class _Row:
    """What is known of a quantization: where its blueprint is kept, or why there is none."""

    quantization: Quantization
    blueprint: Path | None = None
    refusal: str | None = None


@dataclass(slots=True)
class _Repository:
    """The rows of one repository; one at a time asks the Hub for more of them."""

    rows: dict[Quantization, _Row] = field(default_factory=dict[Quantization, _Row])
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_kept: bool = False  # whether what lies on the disk was looked at


_pages = TypeAdapter(RepositoryPage)
_rows = TypeAdapter(tuple[_Row, ...])


class Discovery:
    """Asks the Hub through child processes, and plans through the planner.

    `endpoint` tells where the Hub is now; None is huggingface.co, or what the environment names.
    `cache` keeps pages and what was learnt of quantizations. `command` starts the child. A Hub
    that is silent for `patience_seconds` is taken for unreachable: a name may have many addresses,
    and each is tried for as long as a connection may take. All methods belong to one event loop.
    """

    def __init__(
        self,
        planner: Planner,
        downloads: Downloads,
        *,
        endpoint: Callable[[], str | None],
        cache: Path,
        command: Sequence[str],
    ) -> None:
        self._planner = planner
        self._downloads = downloads
        self._where = endpoint
        self._cache = cache
        self._command = tuple(command)
        self.patience_seconds = 14.0
        self._known: OrderedDict[Path, _Repository] = OrderedDict()
        self._curated: tuple[Curated, ...] | None = None
        self._has_token: bool | None = None
        self._looking: asyncio.Task[None] | None = None

    # --- what there is ---------------------------------------------------------------------

    async def search(self, wish: SearchWish) -> tuple[RepositoryHit, ...]:
        """The repositories that are as wished. Raises DownloadError."""
        self._look_for_token()
        return (await self._asked(Seek(wish=wish, endpoint=self._endpoint), Hits)).hits

    async def page(self, repository: str) -> RepositoryPage:
        """All of one repository; where nobody answers, as it was seen the last time.

        Raises DownloadError.
        """
        targets(Path(), repository, ())
        self._look_for_token()
        place = self._place("pages", repository)
        try:
            shown = await self._asked(Show(repository=repository, endpoint=self._endpoint), Shown)
        except HubUnreachable:
            seen = _read(place, _pages)
            if seen is None:
                raise
            return replace(seen, cached=True)
        _write(place, _pages.dump_json(shown.page))
        return shown.page

    def curated(self) -> tuple[Curated, ...]:
        """Repositories worth knowing; what runs best here comes first."""
        return best_first(self._worthy(), self._planner.rig(LoadWish()))

    def advised(self, disk_bytes: int) -> tuple[Advised, ...]:
        """Up to three of them for this machine, and for so much room on its disk."""
        return advise(self._worthy(), self._planner.rig(LoadWish()), disk_bytes)

    def starter(self) -> Curated | None:
        """The one to talk to while another is on its way."""
        return starter(self._worthy())

    # --- how it would run ------------------------------------------------------------------

    async def rank(
        self,
        repository: str,
        quantizations: Sequence[Quantization],
        wish: RankWish,
        *,
        on_header: Callable[[int, int], None] | None = None,
    ) -> Planned:
        """How these would be placed, and which one to take.

        The first time their headers are read, and `on_header` hears how many of how many; with
        another wish the Hub is asked nothing. Cancelling ends it. Raises EngineError.
        """
        if not quantizations:
            return Planned(placed=())
        rows = await self._rows(repository, quantizations, on_header)
        sources = [
            ModelSource(
                id=f"{repository}:{row.quantization.label}",
                blueprint=row.blueprint,
                projector_bytes=wish.projector_bytes,
            )
            for row in rows
            if row.blueprint is not None
        ]
        refused = tuple(
            Unplanned(
                id=f"{repository}:{row.quantization.label}",
                code=NotAModel.code,
                sentence=row.refusal or "Its header could not be read.",
            )
            for row in rows
            if row.blueprint is None
        )
        if not sources:
            raise NotAModel(refused[0].sentence, remedy="Choose another repository.")
        planned = await self._planner.plan(sources, wish.load, machine=wish.machine)
        if len(sources) == 1 and planned.placed[0].plan.fits:
            planned = replace(planned, advised=sources[0].id)
        return replace(planned, unplanned=(*refused, *planned.unplanned))

    def estimate(self, size_bytes: int) -> Fit:
        """Where so many bytes of weights would lie on this machine, for lists: an estimate."""
        return estimate(size_bytes, self._planner.rig(LoadWish()))

    # --- whom to ask -----------------------------------------------------------------------

    async def test_endpoint(self, url: str) -> Saying:
        """How that address answers. Raises DownloadError if it is of no use."""
        tried = await self._asked(TryOut(endpoint=url), TriedOut)
        told = {"host": tried.host, "took": tried.milliseconds}
        if tried.modelscope:
            return say("{host} is ModelScope: a second source. It answered in {took} ms.", **told)
        return say("{host} speaks the Hub's API; it answered in {took} ms.", **told)

    async def set_token(self, token: str | None, *, trusted_endpoint: str | None = None) -> None:
        """Keep the access token in the system's keyring; None forgets it. Raises DownloadError.

        It is huggingface.co's, unless a person said that another endpoint is the Hub's own.
        """
        wish = Login(endpoint=trusted_endpoint or _HUB, change=True, token=token)
        self._learnt((await self._asked(wish, LoggedIn)).present)

    async def find_token(self, *, trusted_endpoint: str | None = None) -> bool:
        """Is there a token, in the keyring or of `hf auth login`? Raises DownloadError."""
        wish = Login(endpoint=trusted_endpoint or _HUB)
        self._learnt((await self._asked(wish, LoggedIn)).present)
        return self.has_token

    @property
    def has_token(self) -> bool:
        """Was there a token when last looked?"""
        if self._has_token is None:
            self._has_token = self._token_mark.exists()
        return self._has_token

    async def close(self) -> None:
        """End what is under way."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    # --- inside ----------------------------------------------------------------------------

    def _worthy(self) -> tuple[Curated, ...]:
        if self._curated is None:
            self._curated = read_curated()
        return self._curated

    @property
    def _endpoint(self) -> str | None:
        chosen = self._where()
        return chosen.rstrip("/") if chosen else None

    @property
    def _token_mark(self) -> Path:
        """A file that tells, before the keyring is asked, that there is a token; not which."""
        return self._cache / "has-token"

    def _learnt(self, present: bool) -> None:  # noqa: FBT001
        self._has_token = present
        with suppress(OSError):
            if present:
                _write(self._token_mark, b"")
            else:
                self._token_mark.unlink(missing_ok=True)

    def _look_for_token(self) -> None:
        """Once, beside what else is asked."""
        if self._looking is None:
            self._looking = asyncio.create_task(self._find_quietly(), name="token")

    async def _find_quietly(self) -> None:
        try:
            await self.find_token()
        except DownloadError as error:
            _log.info("No keyring: %s", error)

    async def _asked(self, question: Question, kind: type[_Answer]) -> _Answer:
        began = time.monotonic()
        async with aclosing(ask(self._command, question)) as heard:
            async for answer in heard:
                if isinstance(answer, kind):
                    return answer
                waited = time.monotonic() - began
                if waited > self.patience_seconds and not isinstance(question, Login):
                    raise HubUnreachable(
                        f"The Hub has not answered for {waited:.0f} s.",
                        remedy=offer(self._endpoint),
                    )
        raise DownloadError("The Hub gave no answer.")

    async def _rows(
        self,
        repository: str,
        wanted: Sequence[Quantization],
        on_header: Callable[[int, int], None] | None,
    ) -> list[_Row]:
        """What is known of these, in their order, after the Hub was asked for what is missing."""
        place = self._place("quantizations", repository)
        known = self._known.setdefault(place, _Repository())
        self._known.move_to_end(place)
        async with known.asking:
            if not known.is_kept:
                known.is_kept = True
                # Bytes are known by their hash; a row without one may be of another version.
                kept = _read(place, _rows) or ()
                known.rows.update({row.quantization: row for row in kept if _is_certain(row)})
            missing = [one for one in wanted if not _is_there(known.rows.get(one))]
            if missing:
                try:
                    await self._read_headers(repository, missing, known, on_header)
                except HubUnreachable:
                    kept = {row.quantization: row for row in _read(place, _rows) or ()}
                    if not all(_is_there(kept.get(one)) for one in missing):
                        raise
                    known.rows.update({one: kept[one] for one in missing})
                else:
                    _write(place, _rows.dump_json(tuple(known.rows.values())))
            rows = [known.rows[one] for one in wanted]
        while len(self._known) > _MOST_REPOSITORIES:
            self._known.popitem(last=False)
        return rows

    async def _read_headers(
        self,
        repository: str,
        missing: Sequence[Quantization],
        known: _Repository,
        on_header: Callable[[int, int], None] | None,
    ) -> None:
        seen = 0

        def hear(header: RemoteHeader) -> None:
            # Written down as they come: thirty at once would hold up whoever waits for the loop.
            nonlocal seen
            seen += 1
            known.rows[header.quantization] = self._row(repository, header)
            if on_header is not None:
                on_header(seen, len(missing))

        if on_header is not None:
            on_header(0, len(missing))
        await self._downloads.headers(repository, missing, on_header=hear)

    def _row(self, repository: str, header: RemoteHeader) -> _Row:
        if header.blueprint is None:
            return _Row(quantization=header.quantization, refusal=header.refusal)
        source = self._planner.source(repository, header)
        return _Row(quantization=header.quantization, blueprint=source.blueprint)

    def _place(self, kind: str, repository: str) -> Path:
        told = f"{self._endpoint} {repository}"
        return self._cache / kind / f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.json"


def _is_certain(row: _Row) -> bool:
    hashes = row.quantization.hashes
    return bool(hashes) and None not in hashes


def _is_there(row: _Row | None) -> bool:
    return row is not None and (row.blueprint is None or row.blueprint.exists())


def _read(place: Path, kind: TypeAdapter[_Answer]) -> _Answer | None:
    """What is kept there; None if there is nothing, or nothing that can be read."""
    try:
        return kind.validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None


def _write(place: Path, body: bytes) -> None:
    """Keep it; a disk that cannot be written costs only what would have been kept."""
    draft = place.with_name(f"{place.name}.{os.getpid()}.new")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(body)
        draft.replace(place)
        by_age = sorted(place.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
        for old in by_age[:-_MOST_PAGES]:
            old.unlink(missing_ok=True)
