"""What a repository's quantizations are, from few of their bytes.

One is read whole. Of the others two small stretches are enough, if they are its siblings; those
that are not wait for the next that is read whole. Runs in the child process.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import PurePosixPath

from engine.download.spans import Spans
from engine.download.values import Quantization, RemoteHeader
from engine.download.wire import Look, Seen
from engine.errors import ModelError
from engine.gguf.blueprint import Blueprint, blueprint_from
from engine.gguf.names import model_name
from engine.gguf.ranges import RangeFile
from engine.gguf.reader import Header, read_header
from engine.gguf.siblings import Glimpse, Reference, sibling_header, spans_of

_AT_ONCE = 8
# The header of a split model's later files holds their tensor tables alone.
_SHARD_FIRST_BYTES = 16 << 10
_SHARD_MOST_BYTES = 8 << 20


def look(wish: Look) -> Iterator[Seen]:
    """Each quantization's header, as they come. Raises what `Spans.fetch` does."""
    spans = Spans(wish)
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="headers")
    try:
        # Handed in before all else: whoever waits for one of them waits for a thread that runs.
        shards = {
            file: pool.submit(shard_header, spans, file)
            for one in wish.quantizations
            for file in one.files[1:]
        }
        reader = _Reader(spans, shards)
        left: list[Quantization] = list(wish.quantizations)
        while left:
            row, reference = reader.whole(left.pop(0))
            yield Seen(header=row)
            if reference is None:
                continue
            tries = {pool.submit(reader.sibling, reference, one): one for one in left}
            strangers: list[Quantization] = []
            for done in as_completed(tries):
                row = done.result()
                if row is None:
                    strangers.append(tries[done])
                else:
                    yield Seen(header=row)
            left = [one for one in left if one in strangers]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def first_file(spans: Spans, file: str) -> RangeFile:
    """A model's first file, or its only one."""
    return RangeFile(partial(spans.fetch, file), spans.size_of(file))


def shard_file(spans: Spans, file: str) -> RangeFile:
    """One of a split model's later files."""
    return RangeFile(
        partial(spans.fetch, file),
        spans.size_of(file),
        first_bytes=_SHARD_FIRST_BYTES,
        most_bytes=_SHARD_MOST_BYTES,
    )


def shard_header(spans: Spans, file: str) -> Header:
    """The header of one of a split model's later files."""
    return read_header(shard_file(spans, file))


def label_of(quantization: Quantization) -> str | None:
    """What the name of its first file tells of the quantization."""
    name = model_name(PurePosixPath(quantization.files[0]).name)
    return name.label if name else None


class _Reader:
    """Makes rows of quantizations; a file that is no model is a row that says so."""

    def __init__(self, spans: Spans, shards: dict[str, Future[Header]]) -> None:
        self._spans = spans
        self._shards = shards

    def whole(self, one: Quantization) -> tuple[RemoteHeader, Reference | None]:
        """Its row, and the reference it is for its siblings."""
        try:
            first = read_header(first_file(self._spans, one.files[0]))
            blueprint = self._blueprint(one, first)
        except ModelError as error:
            return self._row(one, refusal=str(error)), None
        return self._row(one, blueprint), Reference(header=first, tensors=blueprint.tensors)

    def sibling(self, reference: Reference, one: Quantization) -> RemoteHeader | None:
        """Its row; None if it is no sibling, or what was seen of it cannot be believed."""
        file = one.files[0]
        size = self._spans.size_of(file)
        wanted = spans_of(reference, size)
        if wanted is None:
            return None
        head, middle = (self._spans.fetch(file, span.start, span.count) for span in wanted)
        glimpse = Glimpse(size_bytes=size, head=head, middle=middle, middle_start=wanted[1].start)
        header = sibling_header(reference, glimpse)
        if header is None:
            return None
        try:
            return self._row(one, self._blueprint(one, header))
        except ModelError:
            return None

    def _blueprint(self, one: Quantization, first: Header) -> Blueprint:
        headers: Sequence[Header] = (
            first,
            *(self._shards[file].result() for file in one.files[1:]),
        )
        sizes = [self._spans.size_of(file) for file in one.files]
        return blueprint_from(headers, sizes, label=label_of(one))

    def _row(
        self, one: Quantization, blueprint: Blueprint | None = None, refusal: str | None = None
    ) -> RemoteHeader:
        return RemoteHeader(
            quantization=one, commit=self._spans.commit, blueprint=blueprint, refusal=refusal
        )
