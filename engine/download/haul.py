"""The haul: several connections bring the missing blocks of one file."""

import random
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from engine.download.limiter import Limiter
from engine.download.part import Claims
from engine.download.source import (
    Misfit,
    NoRanges,
    Source,
    is_refused,
    passing,
    refusal_of,
    retry_after,
)

# Without a byte in between; together more than a minute, for a network that goes and comes.
_ATTEMPTS = 12
_MISFITS = 4
_LONGEST_PAUSE_SECONDS = 10.0
_ASKED_TOO_OFTEN_SECONDS = 2.0
_CONNECTIONS = 6
_AT_FIRST = 2
_STAGGER_SECONDS = 0.4
_SMALL_BYTES = 8 << 20  # one connection brings it as well
_NARROW_BYTES_PER_SECOND = 2_000_000
_WINDOW_SECONDS = 30.0
_TRICKLE_BYTES = 16 << 10  # in that window: another connection is likely better
_LOOK_SECONDS = 0.1


class _Stopped(Exception):
    """Another connection failed for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a transfer may use, and whom it tells that it lives."""

    limiter: Limiter
    look: Callable[[], None]


class Haul:
    """Brings all blocks that `claims` misses and hands each to `put`, from all threads.

    Of several sources the next is asked where one fails for good.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        claims: Claims,
        put: Callable[[int, bytearray], None],
        means: Means,
    ) -> None:
        self._sources = list(sources)
        self._claims = claims
        self._put = put
        self._means = means
        self._stopped = threading.Event()
        self._switching = threading.Lock()

    def run(self) -> None:
        """Returns when no block is missing.

        Raises Changed, DownloadError, and what huggingface_hub, httpx2 and the disk raise.
        """
        try:
            self._together(self._work, self._width())
        except NoRanges:
            self._stopped.clear()
            self._together(self._stream, 1)

    def _width(self) -> int:
        rate = self._means.limiter.bytes_per_second
        if self._claims.size_bytes <= _SMALL_BYTES:
            return 1
        return 2 if rate is not None and rate < _NARROW_BYTES_PER_SECOND else _CONNECTIONS

    def _together(self, work: Callable[[int], None], count: int) -> None:
        pool = ThreadPoolExecutor(count, thread_name_prefix="connection")
        running: set[Future[None]] = {pool.submit(work, number) for number in range(count)}
        try:
            while running:
                done, running = wait(running, _LOOK_SECONDS)
                for ended in done:
                    ended.result()
                self._means.look()
        except NoRanges:
            self._stopped.set()
            wait(running)
            raise
        finally:
            self._stopped.set()
            pool.shutdown(wait=False)

    def _work(self, number: int) -> None:
        # One after the other: what a kill costs on the way grows with the connections in use.
        begin = time.monotonic() + max(number - _AT_FIRST + 1, 0) * _STAGGER_SECONDS
        while time.monotonic() < begin:
            if self._claims.is_whole or self._stopped.wait(_LOOK_SECONDS / 2):
                return
        while (stretch := self._claims.claim(_CONNECTIONS)) is not None:
            try:
                self._bring(stretch)
            finally:
                self._claims.release(stretch)

    def _bring(self, stretch: range) -> None:
        block = self._claims.block_bytes
        begin = stretch.start * block
        end = min(stretch.stop * block, self._claims.size_bytes)
        filling = _Filling(self._claims, self._put, begin)
        patience = _Patience()
        while filling.position < end:
            source, before = self._source(), filling.position
            try:
                pieces = source.pieces(before, end - before)
                self._pour(pieces, filling)
                if filling.position < end:
                    raise httpx2.RemoteProtocolError("the answer ended early")
            except (httpx2.TransportError, HfHubHTTPError, Misfit) as error:
                self._bear(error, source, patience, came=filling.position > before)

    def _stream(self, _: int) -> None:
        """All of it in one go, as often as it takes; blocks that are here are passed over."""
        patience = _Patience()
        while not self._claims.is_whole:
            source, before = self._source(), self._claims.held_bytes
            try:
                self._pour(source.whole(), _Filling(self._claims, self._put, 0))
                if not self._claims.is_whole:
                    raise httpx2.RemoteProtocolError("the answer ended early")
            except (httpx2.TransportError, HfHubHTTPError, Misfit) as error:
                self._bear(error, source, patience, came=self._claims.held_bytes > before)

    def _pour(self, pieces: Generator[bytes], filling: "_Filling") -> None:
        window = _Window()
        with closing(pieces):
            for piece in pieces:
                if self._stopped.is_set():
                    raise _Stopped
                filling.add(piece)
                window.saw(len(piece), self._means.limiter.take(len(piece)))

    def _source(self) -> Source:
        """The one in use, when it may be asked."""
        source = self._sources[0]
        while (seconds := source.wait_seconds) > 0:
            if self._stopped.wait(seconds):
                raise _Stopped
        return source

    def _bear(self, error: Exception, source: Source, patience: "_Patience", *, came: bool) -> None:
        """Wait before the next attempt, or give up by raising."""
        if is_refused(error) and source.forget_redirect():
            return  # the address it was redirected to was good for a while only
        if not passing(error):
            raise error
        pause = patience.after(error, came=came)
        if pause is None:
            if self._next_source(source):
                patience.renew()
                return
            raise refusal_of(error) if isinstance(error, Misfit) else error
        told = retry_after(error)
        if told is not None:
            source.hold(told)
        if self._stopped.wait(pause):
            raise _Stopped

    def _next_source(self, failed: Source) -> bool:
        """Another thread may have gone on to it already."""
        with self._switching:
            if self._sources[0] is failed:
                if len(self._sources) == 1:
                    return False
                self._sources.pop(0)
            return True


class _Patience:
    """Counts failures in a row, and says how long to wait after each."""

    def __init__(self) -> None:
        self._failures = 0
        self._misfits = 0

    def renew(self) -> None:
        self._failures = self._misfits = 0

    def after(self, error: Exception, *, came: bool) -> float | None:
        """Seconds; None if there is to be no further attempt."""
        self._failures = 0 if came else self._failures + 1
        self._misfits += isinstance(error, Misfit)
        if self._failures >= _ATTEMPTS or self._misfits >= _MISFITS:
            return None
        pause = min(0.1 * 2**self._failures, _LONGEST_PAUSE_SECONDS)
        if isinstance(error, HfHubHTTPError) and error.response.status_code == 429:
            pause = max(pause, _ASKED_TOO_OFTEN_SECONDS if retry_after(error) is None else 0.0)
        return pause * random.uniform(0.6, 1.4)  # noqa: S311  # so that not all come back at once


class _Filling:
    """Makes blocks of a stream of bytes that begins at the beginning of a block."""

    def __init__(self, claims: Claims, put: Callable[[int, bytearray], None], start: int) -> None:
        self._claims = claims
        self._put = put
        self._number = start // claims.block_bytes
        self._block = bytearray()
        self._start = start

    @property
    def position(self) -> int:
        """The byte of the file that comes next. What broke in mid-block is gone on with."""
        return self._start + len(self._block)

    def add(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            length = self._claims.length_of(self._number)
            taken = rest[: length - len(self._block)]
            self._block += taken
            rest = rest[len(taken) :]
            if len(self._block) == length:
                if not self._claims.is_here(self._number):
                    self._put(self._number, self._block)
                self._number += 1
                self._start += length
                self._block = bytearray()


class _Window:
    """Finds out a connection that gives next to nothing, though it never falls silent."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._count = 0

    def saw(self, count: int, held_back_seconds: float) -> None:
        """Raises ReadTimeout."""
        self._count += count
        self._began += held_back_seconds
        now = time.monotonic()
        if now - self._began < _WINDOW_SECONDS:
            return
        if self._count < _TRICKLE_BYTES:
            raise httpx2.ReadTimeout("the server sends next to nothing")
        self._began, self._count = now, 0
