"""The turn of a worker that embeds or ranks: pack → compute → hand out."""

from collections.abc import Callable
from math import exp
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadRequest, RequestError, WrongPurpose
from engine.protocol.load import Purpose
from engine.protocol.messages import (
    Cancel,
    CancelLoad,
    Command,
    Count,
    Embed,
    Embedded,
    Generate,
    Load,
    Rank,
    Ranked,
    Ready,
    Refused,
    Report,
    Spell,
    Tokenize,
)
from engine.worker.brake import Brake
from engine.worker.inbox import Inbox, Work
from engine.worker.llama import Library, Model
from engine.worker.loop import DecodeFailed
from engine.worker.packing import Room, Text, pack
from engine.worker.pooled import Pooled
from engine.worker.reading import Reader

_ABORTED = 2  # llama_decode's code
_ROUNDING = 1e-3

_Vector = NDArray[np.float32]
_SENTENCES = {
    Purpose.TEXT: "The loaded model was not loaded to write text.",
    Purpose.EMBED: "The loaded model gives no embeddings.",
    Purpose.RANK: "The loaded model ranks nothing.",
}


class _Job:
    """One request: its texts, and the vectors found for them."""

    def __init__(self, request: Embed | Rank, texts: list[list[int]]) -> None:
        self.request = request
        self.texts = [Text(tokens) for tokens in texts]
        self.waiting = list(self.texts)
        self.found: dict[Text, _Vector] = {}

    def vectors(self) -> list[_Vector]:
        return [self.found[text] for text in self.texts]

    def counts(self) -> tuple[int, ...]:
        return tuple(len(text.tokens) for text in self.texts)


class EmbeddingLoop:
    """Answers Embed or Rank, several requests in one step, until the process ends."""

    def __init__(self, model: Model, pooled: Pooled, tell: Callable[[Report], None]) -> None:
        self._facts = model.facts
        self._purpose = pooled.purpose
        self._pooled = pooled
        self._reader = Reader(model, pooled.longest)
        self._tell = tell
        self._jobs: list[_Job] = []

    def ready(self, library: Library) -> Ready:
        """What is told of the loaded model."""
        facts, pooled = self._facts, self._pooled
        return Ready(
            architecture=facts.architecture,
            description=facts.description,
            parameters=facts.parameters,
            layers=facts.layers,
            vocabulary=facts.vocabulary,
            context_tokens=pooled.context_tokens,
            answer_context_tokens=pooled.longest,
            trained_context_tokens=facts.trained_context_tokens,
            streams=pooled.texts,
            template=facts.template,
            bos=facts.bos,
            eos=facts.eos,
            purpose=self._purpose,
            dimensions=pooled.dimensions if self._purpose is Purpose.EMBED else 0,
            device_bytes=library.log.device_bytes,
            devices=pooled.devices(),
        )

    def run(self, inbox: Inbox, brake: Brake) -> None:
        """Turn for ever; raises DecodeFailed."""
        while True:
            if not self._jobs:
                self._obey(inbox.wait())
            for command in inbox.arrived():
                self._obey(command)
            if self._jobs:
                self._step(brake)

    # --- commands ------------------------------------------------------------------------------

    def _obey(self, command: Command | Work) -> None:
        if callable(command):
            command()
            return
        match command:
            case Embed() | Rank():
                try:
                    self._begin(_Job(command, self._read(command)))
                except RequestError as error:
                    self._refuse(command.id, error)
            case Generate():
                self._refuse(command.id, WrongPurpose(_SENTENCES[Purpose.TEXT]))
            case Cancel(id=request):
                self._jobs = [job for job in self._jobs if job.request.id != request]
            case CancelLoad() | Load() | Count() | Tokenize() | Spell():
                pass  # the load is over, and the counter counts
            case _:
                assert_never(command)

    def _read(self, command: Embed | Rank) -> list[list[int]]:
        """The texts' tokens. Raises RequestError."""
        reader, cut = self._reader, command.truncate
        if isinstance(command, Rank):
            self._check(Purpose.RANK)
            return [reader.pair(command.query, one, truncate=cut) for one in command.documents]
        self._check(Purpose.EMBED)
        most, wanted = self._pooled.dimensions, command.dimensions
        if wanted is not None and not 1 <= wanted <= most:
            raise BadRequest(f"dimensions is {wanted}; the model's vectors have {most:,}.")
        return [reader.text(text, truncate=cut) for text in command.texts]

    def _check(self, asked: Purpose) -> None:
        if self._purpose is not asked:
            raise WrongPurpose(_SENTENCES[asked])

    def _refuse(self, request: int, error: RequestError) -> None:
        self._tell(Refused(id=request, code=error.code, sentence=str(error)))

    def _begin(self, job: _Job) -> None:
        if job.texts:
            self._jobs.append(job)
        else:
            self._finish(job)

    # --- one step ------------------------------------------------------------------------------

    def _step(self, brake: Brake) -> None:
        pooled = self._pooled
        # A text read in part keeps its place, the first, and its cells, until it is through.
        held = self._jobs[0].waiting[0].read
        room = Room(
            tokens=pooled.batch_tokens,
            texts=pooled.texts,
            cells=pooled.cells - held,
            divides=pooled.divides,
        )
        shares = pack([job.waiting for job in self._jobs], room)
        pooled.clear_batch()
        for number, (text, count) in enumerate(shares):
            pooled.add(number, text.read, text.tokens[text.read : text.read + count])
        chosen = {text for text, _ in shares}
        brake.begin(job.request.id for job in self._jobs if not chosen.isdisjoint(job.waiting))
        code = pooled.compute()
        brake.end()
        if code == _ABORTED:
            for number, (text, _) in enumerate(shares):
                text.read = 0
                pooled.forget(number)
        elif code:
            raise DecodeFailed(f"llama.cpp answered {code} to a step of {len(shares)} texts.")
        else:
            self._hand_out(shares)

    def _hand_out(self, shares: list[tuple[Text, int]]) -> None:
        read: dict[Text, _Vector] = {}
        for number, (text, count) in enumerate(shares):
            text.read += count
            if not text.left:
                read[text] = self._pooled.vector(number)
                self._pooled.forget(number)
        for job in tuple(self._jobs):
            through = [text for text in job.waiting if text in read]
            if not through:
                continue
            job.found.update((text, read[text]) for text in through)
            job.waiting = [text for text in job.waiting if text not in read]
            if not job.waiting:
                self._jobs.remove(job)
                self._finish(job)

    def _finish(self, job: _Job) -> None:
        request = job.request
        if isinstance(request, Rank):
            scores = tuple(_score(vector) for vector in job.vectors())
            self._tell(Ranked(id=request.id, scores=scores, tokens=job.counts()))
            return
        dimensions = request.dimensions or self._pooled.dimensions
        vectors = b"".join(packed(vector, dimensions) for vector in job.vectors())
        self._tell(
            Embedded(id=request.id, tokens=job.counts(), dimensions=dimensions, vectors=vectors)
        )


def packed(vector: _Vector, dimensions: int) -> bytes:
    """Its first numbers, scaled to length 1, as the pipe has them; nothing but zeros stays so."""
    cut = np.nan_to_num(vector[:dimensions].astype(np.float64))
    length = float(np.sqrt(np.sum(cut * cut)))
    return (cut / length if length > 0 else cut).astype("<f4").tobytes()


def _score(found: _Vector) -> float:
    """0 to 1, where the first number is that of "yes"."""
    first = float(found[0])
    if not np.isfinite(found).all():
        return 0.0
    if len(found) == 1:  # the logarithm of odds
        return 1 / (1 + exp(-first)) if first >= 0 else exp(first) / (1 + exp(first))
    if found.min() >= 0 and abs(float(found.sum()) - 1) < _ROUNDING:  # shares already
        return first
    shares = np.exp(found - found.max())
    return float(shares[0] / shares.sum())
