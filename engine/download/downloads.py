"""Downloads: what the Hub has, and the transfers in progress."""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.download.child import ChildDied, ask
from engine.download.entry import Entry
from engine.download.leftovers import sweep
from engine.download.progress import moved, resting
from engine.download.quantizations import targets
from engine.download.queue import (
    ACTIVE,
    UNENDED,
    Line,
    next_to_start,
    promised_bytes,
    read_queue,
    write_queue,
)
from engine.download.values import (
    Download,
    DownloadPhase,
    Quantization,
    RemoteHeader,
    RepositoryHit,
)
from engine.download.wire import (
    Answer,
    Fetch,
    Hits,
    Limit,
    Look,
    Offer,
    Offered,
    Outline,
    Outlined,
    Question,
    Search,
    Seen,
)
from engine.errors import DownloadCancelled, DownloadError, EngineError

_DEATHS = 4  # of children that died without having come any further
_BREATH_SECONDS = 0.2
_FAILED = "The download failed."
_log = logging.getLogger(__name__)


class Downloads:
    """Speaks to the Hub through child processes, which can be killed at any moment.

    `hub_endpoint` None is huggingface.co, or what the environment names. `tell` hears how every
    transfer stands, at most ten times a second, and its end. `cache` keeps headers; None is the
    folder of that name beside the models. `command` starts the child. All methods belong to one
    event loop. The queue lives in memory until `restore` says where to keep it.
    """

    def __init__(
        self,
        hub_endpoint: str | None,
        models: Path,
        tell: Callable[[Download], None],
        *,
        cache: Path | None = None,
        command: Sequence[str] = (sys.executable, "-m", "engine.download"),
    ) -> None:
        self._endpoint = hub_endpoint.rstrip("/") if hub_endpoint else None
        self.models = models  # goes elsewhere while nothing is on its way
        self._headers = (cache or models.parent / "cache") / "headers"
        self._tell = tell
        self._command = tuple(command)
        self._entries: dict[str, Entry] = {}  # in the queue's order
        self._at_once = 2
        self._limit: int | None = None
        self._second_source: str | None = None
        self._kept_in: Path | None = None
        self._closed = False

    async def search(self, query: str) -> tuple[RepositoryHit, ...]:
        """The repositories with GGUF files that match. Raises DownloadError."""
        answer = await self._only_answer(Search(query=query, endpoint=self._endpoint))
        return answer.hits if isinstance(answer, Hits) else ()

    async def quantizations(self, repository: str) -> tuple[Quantization, ...]:
        """What there is to download, smallest first. Raises DownloadError."""
        targets(self.models, repository, ())
        answer = await self._only_answer(Offer(repository=repository, endpoint=self._endpoint))
        return answer.quantizations if isinstance(answer, Offered) else ()

    async def headers(
        self,
        repository: str,
        quantizations: Sequence[Quantization],
        *,
        on_header: Callable[[RemoteHeader], None] | None = None,
    ) -> tuple[RemoteHeader, ...]:
        """What these quantizations are, from few of their bytes, in the order given.

        `on_header` hears each as it comes. A file that is no model is told of in its `refusal`.
        Asked again, only the repository's version is looked up. Cancelling ends it. Raises
        DownloadError.
        """
        if not quantizations:
            return ()
        for one in quantizations:
            targets(self.models, repository, one.files)
        question = Look(
            repository=repository,
            endpoint=self._endpoint,
            quantizations=tuple(quantizations),
            cache=str(self._headers),
        )
        seen: dict[Quantization, RemoteHeader] = {}
        async with aclosing(ask(self._command, question)) as heard:
            async for answer in heard:
                if isinstance(answer, Seen):
                    seen[answer.header.quantization] = answer.header
                    if on_header is not None:
                        on_header(answer.header)
        return tuple(seen[one] for one in quantizations)

    async def header_file(self, repository: str, quantization: Quantization) -> tuple[Path, ...]:
        """Files of full size with this quantization's headers and nothing else: for a dry run.

        They are sparse, and kept while the repository stays as it is. Raises DownloadError,
        DiskFull, or ModelError where the headers are no model's.
        """
        targets(self.models, repository, quantization.files)
        question = Outline(
            repository=repository,
            endpoint=self._endpoint,
            quantization=quantization,
            cache=str(self._headers),
        )
        answer = await self._only_answer(question)
        return tuple(map(Path, answer.paths)) if isinstance(answer, Outlined) else ()

    def all(self) -> tuple[Download, ...]:
        """How every download stands, in the queue's order."""
        return tuple(entry.download for entry in self._entries.values())

    def restore(self, path: Path) -> None:
        """Take up the queue kept in that file, and keep it there from now on."""
        self._kept_in = path
        for line in read_queue(path):
            entry = Entry(line.repository, line.quantization, line.download)
            if line.download.phase not in UNENDED:
                entry.fail(DownloadCancelled(f"The download of {line.download.id} was stopped."))
            self._entries.setdefault(line.download.id, entry)
            self._tell(line.download)
        self._start_next()

    async def enqueue(self, repository: str, quantization: Quantization) -> Download:
        """Bring all files, when its turn comes. What waits or runs already is left as it is.

        Raises DownloadError for a name with tricks.
        """
        targets(self.models, repository, quantization.files)
        id_ = f"{repository}:{quantization.label}"
        entry = self._entries.get(id_)
        if entry is None or entry.download.phase is DownloadPhase.DONE:
            fresh = Download(
                id=id_,
                phase=DownloadPhase.QUEUED,
                received_bytes=0,
                total_bytes=quantization.size_bytes,
            )
            self._entries.pop(id_, None)
            entry = self._entries[id_] = Entry(repository, quantization, fresh)
            self._start_next()
            if entry.task is None:
                self._publish(entry, fresh)
        else:
            entry.quantization = quantization
            self.resume(id_)
        return entry.download

    async def wait(self, id_: str) -> tuple[Path, ...]:
        """Where its files lie, once they are whole and verified; a paused one is waited for.

        It goes on if this call is cancelled. Raises DownloadError, DiskFull, or DownloadCancelled.
        """
        entry = self._entries.get(id_)
        if entry is None:
            raise DownloadCancelled(f"There is no download of {id_}.")
        return await asyncio.shield(entry.ended)

    async def download(self, repository: str, quantization: Quantization) -> tuple[Path, ...]:
        """Enqueue and wait. Asked for twice, it is brought once."""
        return await self.wait((await self.enqueue(repository, quantization)).id)

    def pause(self, id_: str) -> None:
        """Stop that transfer until `resume`; what has arrived stays."""
        self._halt(id_, DownloadPhase.PAUSED)

    def cancel(self, id_: str) -> None:
        """Stop that transfer; what has arrived stays for the next time."""
        self._halt(id_, DownloadPhase.CANCELLED)

    def resume(self, id_: str) -> None:
        """Let what was paused, cancelled or failed wait for its turn again."""
        entry = self._entries.get(id_)
        if entry is None:
            return
        if entry.task is not None:
            entry.halting = DownloadPhase.QUEUED if entry.halting else None
        elif entry.download.phase not in {DownloadPhase.QUEUED, DownloadPhase.DONE}:
            entry.renew()
            waiting = replace(entry.download, phase=DownloadPhase.QUEUED, failure=None)
            entry.download = waiting
            self._start_next()
            if entry.task is None:
                self._publish(entry, waiting)

    async def remove(self, id_: str) -> None:
        """Take it from the queue and delete what has arrived of it. Finished models stay."""
        entry = self._entries.get(id_)
        if entry is None:
            return
        self.cancel(id_)
        if entry.task is not None:
            await asyncio.wait((entry.task,))
        if self._entries.get(id_) is not entry:
            return
        del self._entries[id_]
        if entry.download.phase is not DownloadPhase.DONE:
            places = targets(self.models, entry.repository, entry.quantization.files)
            await asyncio.to_thread(sweep, places)
        gone = replace(entry.download, received_bytes=0, phase=DownloadPhase.CANCELLED)
        self._tell(gone if entry.download.phase is not DownloadPhase.DONE else entry.download)
        self._keep()

    def move(self, id_: str, place: int) -> None:
        """Give it that place in the queue, 0 being the first."""
        entry = self._entries.get(id_)
        if entry is None:
            return
        order = [one for one in self._entries if one != id_]
        order.insert(max(place, 0), id_)
        self._entries = {one: self._entries[one] for one in order}
        self._publish(entry, entry.download)

    def set_limit(self, bytes_per_second: int | None) -> None:
        """What all transfers together may take of the line; None is all of it."""
        self._limit = bytes_per_second
        self._share_out()

    def set_at_once(self, count: int) -> None:
        """How many may run at once. Those that run go on."""
        self._at_once = max(count, 1)
        self._start_next()

    def set_endpoint(self, address: str | None) -> None:
        """Whom to ask from the next question on; None is huggingface.co."""
        self._endpoint = address.rstrip("/") if address else None

    def set_second_source(self, address: str | None) -> None:
        """What is asked where the first source fails or gives damaged bytes; from the next on."""
        self._second_source = address

    async def close(self) -> None:
        """Stop all transfers, and wait until their processes are gone; the queue is kept."""
        self._closed = True
        tasks = [entry.task for entry in self._entries.values() if entry.task is not None]
        for id_ in tuple(self._entries):
            self._halt(id_, DownloadPhase.QUEUED)
        await asyncio.gather(*tasks, return_exceptions=True)
        self._keep()
        for entry in self._entries.values():
            entry.fail(DownloadCancelled(f"The download of {entry.download.id} was stopped."))

    # --- inside ----------------------------------------------------------------------------

    def _halt(self, id_: str, phase: DownloadPhase) -> None:
        entry = self._entries.get(id_)
        if entry is None or entry.download.phase is DownloadPhase.DONE:
            return
        if entry.task is not None:
            entry.halting = phase
            entry.task.cancel()
        elif phase is not DownloadPhase.QUEUED and entry.download.phase is not phase:
            self._rest(entry, phase)

    def _start_next(self) -> None:
        while not self._closed and (id_ := next_to_start(self._lines(), self._at_once)):
            entry = self._entries[id_]
            running = replace(entry.download, phase=DownloadPhase.RUNNING, failure=None, note=None)
            self._publish(entry, running)
            entry.task = asyncio.create_task(self._transfer(entry), name=f"download {id_}")
            entry.task.add_done_callback(partial(self._end, entry))
            self._share_out()

    async def _transfer(self, entry: Entry) -> tuple[Path, ...]:
        """One child after another: what kills a child kills no download."""
        deaths, furthest = 0, -1
        while True:
            places = targets(self.models, entry.repository, entry.quantization.files)
            try:
                wish = self._wish(entry, places)
                async with aclosing(ask(self._command, wish, entry.orders)) as heard:
                    async for answer in heard:
                        self._publish(entry, moved(entry.download, answer))
            except ChildDied:
                came_on = entry.download.received_bytes > furthest
                deaths = 1 if came_on and furthest >= 0 else deaths + 1
                furthest = max(furthest, entry.download.received_bytes)
                if deaths >= _DEATHS:
                    raise
                await asyncio.sleep(_BREATH_SECONDS)
            else:
                return places

    def _wish(self, entry: Entry, places: Sequence[Path]) -> Fetch:
        entry.forget_orders(self._portion())
        return Fetch(
            repository=entry.repository,
            endpoint=self._endpoint,
            files=entry.quantization.files,
            targets=tuple(str(place) for place in places),
            root=str(self.models),
            hashes=entry.quantization.hashes,
            second_source=self._second_source,
            promised_bytes=promised_bytes(self._lines(), entry.download.id),
            bytes_per_second=entry.portion,
        )

    def _end(self, entry: Entry, task: asyncio.Task[tuple[Path, ...]]) -> None:
        """Tell how it ended; the only place where a transfer leaves its task."""
        entry.task = None
        halting, entry.halting = entry.halting, None
        if task.cancelled():
            self._rest(entry, halting or DownloadPhase.CANCELLED)
        elif (error := task.exception()) is None:
            last = replace(
                resting(entry.download, DownloadPhase.DONE),
                received_bytes=entry.download.total_bytes,
            )
            self._publish(entry, last)
            entry.succeed(task.result())
        else:
            known = error if isinstance(error, EngineError) else DownloadError(_FAILED)
            if known is not error:
                _log.error("A download broke", exc_info=error)
            failed = resting(entry.download, DownloadPhase.FAILED)
            self._publish(entry, replace(failed, failure=known.sentence))
            entry.fail(known)
        self._start_next()
        self._share_out()

    def _rest(self, entry: Entry, phase: DownloadPhase) -> None:
        self._publish(entry, resting(entry.download, phase))
        if phase is DownloadPhase.CANCELLED:
            entry.fail(DownloadCancelled(f"The download of {entry.download.id} was stopped."))

    def _publish(self, entry: Entry, download: Download) -> None:
        is_step = entry.download.phase is download.phase and download.phase in ACTIVE
        entry.download = download
        self._tell(download)
        if not is_step:
            self._keep()

    def _lines(self) -> tuple[Line, ...]:
        return tuple(
            Line(repository=one.repository, quantization=one.quantization, download=one.download)
            for one in self._entries.values()
        )

    def _keep(self) -> None:
        if self._kept_in is not None:
            try:
                write_queue(self._kept_in, self._lines())
            except OSError:
                # Downloads go on without a memory; a full disk is told by the transfer itself.
                _log.warning("The queue of downloads could not be kept", exc_info=True)

    def _portion(self) -> int | None:
        running = sum(entry.task is not None for entry in self._entries.values())
        return None if self._limit is None else max(self._limit // max(running, 1), 1)

    def _share_out(self) -> None:
        portion = self._portion()
        for entry in self._entries.values():
            if entry.task is not None and entry.portion != portion:
                entry.portion = portion
                entry.orders.put_nowait(Limit(bytes_per_second=portion))

    async def _only_answer(self, question: Question) -> Answer:
        async with aclosing(ask(self._command, question)) as heard:
            async for answer in heard:
                if answer is not None:
                    return answer
        raise DownloadError("The Hub gave no answer.")
