"""Files from the Hub to this disk: resumed where they stopped, verified, then moved into place.

huggingface_hub finds, authorises and connects; the bytes are read here, because its own download
starts anew in each process (since 2.0 its partial files have unique names), has one connection a
file, and throws a file away for one damaged byte.
"""

import hashlib
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from engine.download import mirrors
from engine.download.follower import Follower
from engine.download.haul import Haul, Means
from engine.download.leftovers import DAMAGED, JOURNAL, LOCK, PART, leftovers, sweep
from engine.download.limiter import Limiter
from engine.download.long_paths import check_length
from engine.download.part import Part, held_bytes, journal_of
from engine.download.repair import Repair
from engine.download.source import Changed, Described, Source, describe
from engine.download.tally import Tally
from engine.download.wire import Fetch, Noted, Received
from engine.errors import DiskFull, DownloadError

_RESERVE_BYTES = 64 << 20  # a disk filled to the last byte harms everyone
_CHANGES = 3
_GLANCE_SECONDS = 0.1
_PATIENCE_SECONDS = 5.0  # a child whose parent was killed needs a moment to end
_READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file to bring."""

    number: int  # in the wish
    target: Path
    described: Described

    @property
    def part(self) -> Path:
        """Its place while it is on its way: another version never goes on with it."""
        version = hashlib.sha256(self.described.version.encode()).hexdigest()[:12]
        return self.target.with_name(f"{self.target.name}.{version}{PART}")

    @property
    def held_bytes(self) -> int:
        """What is here already, whole or in part."""
        size = self.described.size_bytes
        return size if self.is_here else held_bytes(self.part, size)

    @property
    def is_here(self) -> bool:
        """Does a file of that name and size lie in its place?"""
        target = self.target
        return target.is_file() and target.stat().st_size == self.described.size_bytes


def fetch(wish: Fetch, tell: Callable[[Received | Noted], None], limiter: Limiter) -> None:
    """Bring all files of the wish, telling how far it is.

    Raises DiskFull before the first byte if they cannot fit, DownloadError for bytes that are
    not the Hub's or places that lead astray, and whatever huggingface_hub, httpx2 and the disk
    raise.
    """
    for target in wish.targets:
        _check_place(Path(target), wish.root)
        check_length(Path(target))
    files = [_located(wish, number) for number in range(len(wish.files))]
    _check_space(files, wish.promised_bytes)
    sizes = [file.described.size_bytes for file in files]
    tally = Tally(
        sizes, [min(file.held_bytes, size) for file, size in zip(files, sizes, strict=True)], tell
    )
    transfer = _Transfer(wish, tally, tell, limiter)
    for file in files:
        transfer.settle(file)


def _located(wish: Fetch, number: int) -> _File:
    target = Path(wish.targets[number])
    target.parent.mkdir(parents=True, exist_ok=True)
    return _File(number=number, target=target, described=describe(wish, number))


def _check_place(target: Path, root: str | None) -> None:
    """No link may lead out of the folder of models."""
    if root is None:
        return
    inside = target.parent.resolve().is_relative_to(Path(root).resolve())
    if not inside or any(left.is_symlink() for left in leftovers(target)):
        raise DownloadError(
            f"The place of {target.name} lies behind a link that leads out of the models folder.",
            remedy="Remove the link, or name the folder it leads to as the models folder.",
        )


def _check_space(files: Sequence[_File], promised_bytes: int) -> None:
    missing = sum(file.described.size_bytes - file.held_bytes for file in files)
    free = shutil.disk_usage(files[0].target.parent).free
    if missing > 0 and missing + promised_bytes + _RESERVE_BYTES > free:
        others = f"; other downloads still need {_size(promised_bytes)}" if promised_bytes else ""
        raise DiskFull(f"The download needs {_size(missing)} more; {_size(free)} are free{others}.")


def _size(size_bytes: int) -> str:
    # No fraction: a hundred megabytes that lack room must not read "0.1 GB; 0.0 GB are free".
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= 1e10 else f"{size_bytes / 1e6:,.0f} MB"


class _Transfer:
    """One file after the other, each over several connections."""

    def __init__(
        self,
        wish: Fetch,
        tally: Tally,
        tell: Callable[[Received | Noted], None],
        limiter: Limiter,
    ) -> None:
        self._wish = wish
        self._tally = tally
        self._tell = tell
        self._limiter = limiter

    def settle(self, file: _File) -> None:
        """Have that file lie in its place, whole."""
        # A file that lies here is wanted again when it turned out to be broken: look closely.
        if not file.is_here or not self._is_sound(file):
            file = self._brought(file)
        sweep((file.target,))
        self._tally.file_done()

    def _brought(self, file: _File) -> _File:
        for _ in range(_CHANGES):
            if _clear_stale(file):
                self._note_change(file)
            try:
                with _alone(file):
                    self._bring(file)
            except Changed:
                file = self._changed(file)
            else:
                return file
        raise _other_file(file)

    def _changed(self, file: _File) -> _File:
        """What the Hub has there now."""
        described = describe(self._wish, file.number)
        if described.version == file.described.version:
            raise _other_file(file)
        self._tally.resize(described.size_bytes)
        return _File(number=file.number, target=file.target, described=described)

    def _note_change(self, file: _File) -> None:
        sentence = f"{file.target.name} was changed on the Hub; its new version is fetched."
        self._tell(Noted(sentence=sentence))

    def _bring(self, file: _File) -> None:
        part = Part(file.part, file.described.size_bytes)
        try:
            found = self._arrive(file, part)
            wanted = file.described.sha256
            if wanted is not None and found != wanted:
                found = self._repair(file, part, wanted)
            part.sync()
        finally:
            part.close()
        if wanted is not None and found != wanted:
            raise _put_aside(file)
        _into_place(file)

    def _arrive(self, file: _File, part: Part) -> str:
        """Bring what is missing; returns the hash of the whole."""
        follower = Follower(part)
        try:
            while True:
                means = Means(
                    limiter=self._limiter, look=lambda: self._tally.has(part.claims.held_bytes)
                )
                Haul(self._sources(file), part.claims, part.put, means).run()
                found = self._followed(part, follower)
                if found is not None:
                    return found
        finally:
            follower.stop()

    def _followed(self, part: Part, follower: Follower) -> str | None:
        """The hash; None if blocks turned out to be damaged on this disk."""
        while part.claims.is_whole:
            try:
                return follower.sha256(_GLANCE_SECONDS)
            except TimeoutError:
                self._tally.looked_at(follower.hashed_bytes)
        return None

    def _repair(self, file: _File, part: Part, wanted: str) -> str | None:
        def rehash() -> str | None:
            part.recalled = frozenset()
            follower = Follower(part)
            try:
                return self._followed(part, follower)
            finally:
                follower.stop()

        repair = Repair(part, self._limiter, self._tally)
        if repair.compare([*self._second_source(file), self._first_source(file)]):
            found = rehash()
            if found != wanted and repair.decide([self._first_source(file)]):
                found = rehash()
            return found
        return None

    def _sources(self, file: _File) -> list[Source]:
        # Without a hash nobody could tell whether a second source has the same file.
        second = self._second_source(file) if file.described.sha256 else []
        return [self._first_source(file), *second]

    def _first_source(self, file: _File) -> Source:
        known = file.described
        return Source(known.url, known.size_bytes, login=known.login)

    def _second_source(self, file: _File) -> list[Source]:
        if self._wish.second_source is None:
            return []
        name = self._wish.files[file.number]
        url = mirrors.file_url(self._wish.second_source, self._wish.repository, name)
        return [Source(url, file.described.size_bytes, login=False)]

    def _is_sound(self, file: _File) -> bool:
        if file.described.sha256 is None:
            return True
        whole, count = hashlib.sha256(), 0
        with file.target.open("rb", buffering=0) as content:
            while piece := content.read(_READ_BYTES):
                whole.update(piece)
                count += len(piece)
                self._tally.looked_at(count)
        return whole.hexdigest() == file.described.sha256


def _clear_stale(file: _File) -> bool:
    """Parts of other versions are of no use; whether there were any."""
    of_use = {file.part, journal_of(file.part)}
    stale = [one for one in leftovers(file.target) if one not in of_use]
    stale = [one for one in stale if one.name.endswith((PART, JOURNAL))]
    for left in stale:
        left.unlink()
    return bool(stale)


@contextmanager
def _alone(file: _File) -> Generator[None]:
    """No other Fullbore writes the same part meanwhile."""
    place = file.target.with_name(file.target.name + LOCK)
    lock = FileLock(place)
    try:
        lock.acquire(timeout=_PATIENCE_SECONDS)
    except Timeout:
        raise DownloadError(
            f"{file.target.name} is being downloaded by another Fullbore.",
            remedy="Wait until it is done there.",
        ) from None
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            place.unlink(missing_ok=True)


def _into_place(file: _File) -> None:
    try:
        file.part.replace(file.target)
    except PermissionError as error:
        raise DownloadError(
            f"{file.target.name} is in use, so that its new version cannot take its place.",
            remedy="Unload the model, then try again: what has arrived is kept.",
        ) from error
    journal_of(file.part).unlink(missing_ok=True)


def _put_aside(file: _File) -> DownloadError:
    aside = file.target.with_name(file.target.name + DAMAGED)
    file.part.replace(aside)
    journal_of(file.part).unlink(missing_ok=True)
    return DownloadError(
        f"{file.target.name} arrived with wrong bytes, also when fetched a second time: its "
        f"checksum is not the Hub's. It was put aside as {aside.name}.",
        remedy="Try again later or set a second source: the file will be transferred anew.",
    )


def _other_file(file: _File) -> DownloadError:
    return DownloadError(
        f"The server has another {file.target.name} than the Hub says.",
        remedy="Try again later, or set another mirror.",
    )
