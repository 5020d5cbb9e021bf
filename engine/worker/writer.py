"""Writing: which token comes next for each sequence that has logits."""

from concurrent.futures import ThreadPoolExecutor

from engine.worker.context import Context
from engine.worker.placing import physical_cores
from engine.worker.sequence import Sequence


class Writer:
    """Chooses tokens, those of several sequences side by side."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._samplers = ThreadPoolExecutor(
            max_workers=min(context.sequences, physical_cores()), thread_name_prefix="sampler"
        )

    def choose(self, outputs: list[tuple[Sequence, int]]) -> list[int]:
        """The next token of each sequence, by its logits at that index of the batch."""
        sample = self._context.sample
        if len(outputs) == 1:
            return [sample(outputs[0][0].sampler, outputs[0][1])]
        # ctypes lets go of the GIL, so that threads really sample side by side.
        return list(
            self._samplers.map(
                sample, [sequence.sampler for sequence, _ in outputs], [i for _, i in outputs]
            )
        )
