"""Writing: which token comes next for each sequence that has logits."""

from concurrent.futures import ThreadPoolExecutor

from engine.worker.context import Context
from engine.worker.llama import Model
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores
from engine.worker.sequence import Sequence


class Writer:
    """Chooses tokens, those of several sequences side by side."""

    def __init__(self, context: Context, model: Model) -> None:
        self._context = context
        self._model = model
        self._samplers = ThreadPoolExecutor(
            max_workers=min(context.sequences, physical_cores()), thread_name_prefix="sampler"
        )

    def choose(self, outputs: list[tuple[Sequence, int]]) -> list[list[int | None]]:
        """The next tokens of each sequence, by its logits up to that index of the batch.

        They are one more than the guesses that were right. None, the last then: its grammar is
        complete, or lets nothing follow.
        """
        if len(outputs) == 1:
            return [self._choose(outputs[0])]
        # ctypes and numpy let go of the GIL, so that threads really sample side by side.
        return list(self._samplers.map(self._choose, outputs))

    def _choose(self, output: tuple[Sequence, int]) -> list[int | None]:
        sequence, index = output
        if not sequence.draft:
            return [self._token(sequence, index)]
        tokens: list[int | None] = []
        for at, guess in enumerate(sequence.draft, index - len(sequence.draft)):
            token = self._token(sequence, at)
            tokens.append(token)
            if (
                token is None
                or token != guess
                or (self._model.ends(token) and not sequence.ignore_end)
            ):
                return tokens
        tokens.append(self._token(sequence, index))
        return tokens

    def _token(self, sequence: Sequence, index: int) -> int | None:
        token = self._context.sample(sequence.sampler, index, sequence.slot)
        if token is not None and sequence.logprobs is not None:
            row, piece = self._context.logits(index), self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token
