"""Vectors and ranks from the host's workers."""

from collections.abc import Callable, Sequence

from engine.embedding import Embeddings, Rank
from engine.errors import BadRequest, Dismissed, WorkerDied
from engine.host.host import Host
from engine.host.purpose import require
from engine.host.worker_process import Whole
from engine.protocol.load import Purpose
from engine.protocol.messages import Embed, Embedded, Ranked
from engine.protocol.messages import Rank as RankDocuments

MOST_TEXTS = 2048


async def embed(
    host: Host,
    model: str | None,
    texts: Sequence[str | Sequence[int]],
    *,
    dimensions: int | None = None,
    truncate: bool = False,
) -> Embeddings:
    """A vector for each text; loads the model if need be. Cancelling cancels. Raises EngineError.

    A text may be token ids. `dimensions` cuts the vectors, `truncate` texts that are too long.
    """
    _check_count(len(texts), "texts")
    asked = tuple(text if isinstance(text, str) else tuple(text) for text in texts)
    answer = await _ask(
        host,
        model,
        Purpose.EMBED,
        lambda identity: Embed(id=identity, texts=asked, dimensions=dimensions, truncate=truncate),
    )
    assert isinstance(answer, Embedded)
    return Embeddings(dimensions=answer.dimensions, packed=answer.vectors, tokens=answer.tokens)


async def rerank(
    host: Host,
    model: str | None,
    query: str,
    documents: Sequence[str],
    *,
    truncate: bool = False,
) -> tuple[Rank, ...]:
    """The documents by how well they answer the query, the best first. Likewise."""
    _check_count(len(documents), "documents")
    answer = await _ask(
        host,
        model,
        Purpose.RANK,
        lambda identity: RankDocuments(
            id=identity, query=query, documents=tuple(documents), truncate=truncate
        ),
    )
    assert isinstance(answer, Ranked)
    ranks = [
        Rank(index=index, score=score, tokens=tokens)
        for index, (score, tokens) in enumerate(zip(answer.scores, answer.tokens, strict=True))
    ]
    return tuple(sorted(ranks, key=lambda rank: (-rank.score, rank.index)))


async def _ask(
    host: Host,
    model: str | None,
    purpose: Purpose,
    command: Callable[[int], Embed | RankDocuments],
) -> Whole:
    async with host.working(model) as bring:
        worker = await bring()
        require(worker.model, worker.ready.purpose, purpose)
        try:
            return await worker.ask(command)
        except Dismissed:
            raise
        except WorkerDied:  # another's request may have killed it: once more, in a fresh one
            worker = await bring()
            return await worker.ask(command)


def _check_count(count: int, what: str) -> None:
    if not 1 <= count <= MOST_TEXTS:
        raise BadRequest(f"There are {count:,} {what}; it must be 1 to {MOST_TEXTS:,}.")
