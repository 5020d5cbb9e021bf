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

    def choose(self, outputs: list[tuple[Sequence, int]]) -> list[int | None]:
        """The next token of each sequence, by its logits at that index of the batch.

        None: its grammar is complete, or lets nothing follow.
        """
        if len(outputs) == 1:
            return [self._choose(outputs[0])]
        # ctypes and numpy let go of the GIL, so that threads really sample side by side.
        return list(self._samplers.map(self._choose, outputs))

    def _choose(self, output: tuple[Sequence, int]) -> int | None:
        sequence, index = output
        token = self._context.sample(sequence.sampler, index)
        if token is not None and sequence.logprobs is not None:
            row, piece = self._context.logits(index), self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token
