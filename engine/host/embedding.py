"""Vectors of texts, and ranks of documents, from the host's workers."""

from collections.abc import Callable, Sequence

from engine.embedding import Embeddings, Rank
from engine.errors import BadRequest, Dismissed, WorkerDied
from engine.host.hearing import Whole
from engine.host.host import Host
from engine.host.purpose import require
from engine.host.quiet import Quiet
from engine.host.shelf import Shelf
from engine.protocol.load import Purpose
from engine.protocol.messages import Embed, Embedded, Ranked
from engine.protocol.messages import Rank as RankDocuments

MOST_TEXTS = 2048


class Embedding:
    """The engine's verbs for models that embed or rank. `model` None means the one loaded."""

    def __init__(self, host: Host, shelf: Shelf, quiet: Quiet) -> None:
        self._host = host
        self._shelf = shelf
        self._quiet = quiet

    async def embed(
        self,
        model: str | None,
        texts: Sequence[str | Sequence[int]],
        *,
        dimensions: int | None = None,
        truncate: bool = False,
    ) -> Embeddings:
        """A vector for each text; loads the model on demand, cancelling cancels.

        A text may be token ids. `dimensions` cuts the vectors to their first numbers, `truncate`
        texts that are too long. Raises EngineError.
        """
        _check_count(len(texts), "texts")
        asked = tuple(text if isinstance(text, str) else tuple(text) for text in texts)

        def command(identity: int) -> Embed:
            return Embed(id=identity, texts=asked, dimensions=dimensions, truncate=truncate)

        answer = await self._ask(model, Purpose.EMBED, command)
        assert isinstance(answer, Embedded)
        return Embeddings(dimensions=answer.dimensions, packed=answer.vectors, tokens=answer.tokens)

    async def rerank(
        self,
        model: str | None,
        query: str,
        documents: Sequence[str],
        *,
        top: int | None = None,
        truncate: bool = False,
    ) -> tuple[Rank, ...]:
        """The documents by how well they answer the query, the best first, `top` at most."""
        _check_count(len(documents), "documents")

        def command(identity: int) -> RankDocuments:
            return RankDocuments(
                id=identity, query=query, documents=tuple(documents), truncate=truncate
            )

        answer = await self._ask(model, Purpose.RANK, command)
        assert isinstance(answer, Ranked)
        ranks = [
            Rank(index=index, score=score, tokens=tokens)
            for index, (score, tokens) in enumerate(zip(answer.scores, answer.tokens, strict=True))
        ]
        return tuple(sorted(ranks, key=lambda rank: (-rank.score, rank.index))[:top])

    async def _ask(
        self,
        model: str | None,
        purpose: Purpose,
        command: Callable[[int], Embed | RankDocuments],
    ) -> Whole:
        chosen = await self._shelf.made_for(model, purpose) if model is not None else None
        async with self._quiet.answering(), self._host.working(chosen) as bring:
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
