"""Downloads: what the Hub has, and the transfers in progress."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from engine.download.child import ask
from engine.download.quantizations import targets
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
    Look,
    Offer,
    Offered,
    Outline,
    Outlined,
    Question,
    Received,
    Search,
    Seen,
)
from engine.errors import DownloadCancelled, DownloadError, EngineError


class Downloads:
    """Speaks to the Hub through child processes, which can be killed at any moment.

    `hub_endpoint` None is huggingface.co, or what the environment names. `tell` hears how every
    transfer stands, at most ten times a second, and its end. `cache` keeps headers; None is the
    folder of that name beside the models. `command` starts the child. All methods belong to one
    event loop.
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
        self._models = models
        self._headers = (cache or models.parent / "cache") / "headers"
        self._tell = tell
        self._command = tuple(command)
        self._running: dict[str, asyncio.Task[tuple[Path, ...]]] = {}
        self._latest: dict[str, Download] = {}

    async def search(self, query: str) -> tuple[RepositoryHit, ...]:
        """The repositories with GGUF files that match. Raises DownloadError."""
        answer = await self._only_answer(Search(query=query, endpoint=self._endpoint))
        return answer.hits if isinstance(answer, Hits) else ()

    async def quantizations(self, repository: str) -> tuple[Quantization, ...]:
        """What there is to download, smallest first. Raises DownloadError."""
        targets(self._models, repository, ())
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
            targets(self._models, repository, one.files)
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
        targets(self._models, repository, quantization.files)
        question = Outline(
            repository=repository,
            endpoint=self._endpoint,
            quantization=quantization,
            cache=str(self._headers),
        )
        answer = await self._only_answer(question)
        return tuple(map(Path, answer.paths)) if isinstance(answer, Outlined) else ()

    async def download(self, repository: str, quantization: Quantization) -> tuple[Path, ...]:
        """Bring all files; returns where they lie, when they are whole and verified.

        Asked for twice, it is brought once. The transfer goes on if this call is cancelled;
        `cancel` ends it. Raises DownloadError, DiskFull, or DownloadCancelled.
        """
        id_ = f"{repository}:{quantization.label}"
        task = self._running.get(id_) or self._start(id_, repository, quantization)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if task.cancelled() and asking is not None and not asking.cancelling():
                raise DownloadCancelled(f"The download of {id_} was stopped.") from None
            raise

    def cancel(self, id_: str) -> None:
        """Stop that transfer, if it runs; what has arrived stays for the next time."""
        task = self._running.get(id_)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """Stop all transfers, and wait until their processes are gone."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(
        self, id_: str, repository: str, quantization: Quantization
    ) -> asyncio.Task[tuple[Path, ...]]:
        places = targets(self._models, repository, quantization.files)
        wish = Fetch(
            repository=repository,
            endpoint=self._endpoint,
            files=quantization.files,
            targets=tuple(str(place) for place in places),
        )
        started = Download(
            id=id_,
            phase=DownloadPhase.RUNNING,
            received_bytes=0,
            total_bytes=quantization.size_bytes,
        )
        self._publish(started)
        task = asyncio.create_task(self._transfer(id_, wish, places), name=f"download {id_}")
        self._running[id_] = task
        task.add_done_callback(lambda ended: self._end(id_, ended))
        return task

    async def _transfer(self, id_: str, wish: Fetch, places: tuple[Path, ...]) -> tuple[Path, ...]:
        async with aclosing(ask(self._command, wish)) as heard:
            async for answer in heard:
                self._publish(_moved(self._latest[id_], answer))
        return places

    def _end(self, id_: str, task: asyncio.Task[tuple[Path, ...]]) -> None:
        """Tell how it ended; the only place where a transfer leaves RUNNING."""
        del self._running[id_]
        last = replace(self._latest.pop(id_), bytes_per_second=0.0)
        if task.cancelled():
            self._tell(replace(last, phase=DownloadPhase.CANCELLED))
            return
        match task.exception():
            case None:
                whole = replace(last, phase=DownloadPhase.DONE, received_bytes=last.total_bytes)
                self._tell(whole)
            case EngineError() as error:
                self._tell(replace(last, phase=DownloadPhase.FAILED, failure=error.sentence))
            case _:
                sentence = DownloadError("The download failed.").sentence
                self._tell(replace(last, phase=DownloadPhase.FAILED, failure=sentence))

    def _publish(self, download: Download) -> None:
        self._latest[download.id] = download
        self._tell(download)

    async def _only_answer(self, question: Question) -> Answer:
        async with aclosing(ask(self._command, question)) as heard:
            async for answer in heard:
                if answer is not None:
                    return answer
        raise DownloadError("The Hub gave no answer.")


def _moved(download: Download, answer: Answer | None) -> Download:
    if isinstance(answer, Received):
        return replace(
            download,
            received_bytes=answer.received_bytes,
            total_bytes=answer.total_bytes,
            bytes_per_second=answer.bytes_per_second,
        )
    return replace(download, bytes_per_second=0.0)
