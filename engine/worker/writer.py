"""Writing: which token comes next for each sequence that has logits."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate

from engine.worker.candidates import Few, Logits, Reach, narrow
from engine.worker.context import Context
from engine.worker.llama import Model
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores
from engine.worker.sequence import Sequence

_ROWS_EACH = 4  # of logits: fewer are not worth a thread

_Output = tuple[Sequence, int]
_Tokens = list[int | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """Its logits, [outputs, vocabulary], and of each row the few that matter, if that is known.

    None for the logits where the device keeps some of them to itself.
    """

    rows: Logits | None
    few: list[Few | None]


class Writer:
    """Chooses tokens, those of several sequences side by side."""

    def __init__(self, context: Context, model: Model) -> None:
        self._context = context
        self._model = model
        self._threads = min(context.sequences, physical_cores())
        self._samplers = ThreadPoolExecutor(self._threads, thread_name_prefix="sampler")

    def choose(self, outputs: list[_Output]) -> list[_Tokens]:
        """The next tokens of each sequence, by its logits up to that index of the batch.

        They are one more than the guesses that were right. None, the last then: its grammar is
        complete, or lets nothing follow.
        """
        if not outputs:
            return []
        counts = [1 + len(sequence.draft) for sequence, _ in outputs]
        firsts = list(accumulate(counts, initial=0))
        step = self._look(outputs, firsts[-1])
        if len(outputs) == 1:
            return [self._choose(outputs[0], 0, step)]
        later: dict[int, Future[_Tokens]] = {}
        for at, output in enumerate(outputs):
            if not _is_quick(output[0], step.few[firsts[at] : firsts[at + 1]]):
                # ctypes and numpy let go of Python's lock: these really run side by side.
                later[at] = self._samplers.submit(self._choose, output, firsts[at], step)
        return [
            later[at].result() if at in later else self._choose(output, firsts[at], step)
            for at, output in enumerate(outputs)
        ]

    def _look(self, outputs: list[_Output], count: int) -> _Step:
        """Find what each row's sampler can choose among."""
        rows = self._context.rows(count)
        nothing: list[Few | None] = [None] * count
        if rows is None:
            return _Step(rows, nothing)
        reaches: list[Reach] = []
        for sequence, _ in outputs:
            for ahead in range(1 + len(sequence.draft)):
                reach = sequence.sampler.reach(ahead)
                if reach is None:
                    return _Step(rows, nothing)
                reaches.append(reach)
        return _Step(rows, self._narrow(rows, reaches))

    def _narrow(self, rows: Logits, reaches: list[Reach]) -> list[Few | None]:
        """In as many threads as that is worth; this one takes a part, too."""
        parts = min(self._threads, -(-len(reaches) // _ROWS_EACH))
        each = -(-len(reaches) // parts)
        cuts = range(each, len(reaches), each)
        others = [
            self._samplers.submit(narrow, rows[cut : cut + each], reaches[cut : cut + each])
            for cut in cuts
        ]
        found = narrow(rows[:each], reaches[:each])
        for other in others:
            found += other.result()
        return found

    def _choose(self, output: _Output, first: int, step: _Step) -> _Tokens:
        sequence, index = output
        start = index - len(sequence.draft)
        tokens: _Tokens = []
        for ahead, guess in enumerate(sequence.draft):
            token = self._token(sequence, start + ahead, first + ahead, step)
            tokens.append(token)
            if (
                token is None
                or token != guess
                or (self._model.ends(token) and not sequence.ignore_end)
            ):
                return tokens
        tokens.append(self._token(sequence, index, first + len(sequence.draft), step))
        return tokens

    def _token(self, sequence: Sequence, index: int, number: int, step: _Step) -> int | None:
        """What follows the batch's token `index`, whose logits are row `number` of the step."""
        if step.rows is None:
            token = self._context.sampled(sequence.slot, index)
            if token is not None:
                return token
            row = self._context.logits(index)
        else:
            row = step.rows[number]
        token = sequence.sampler.choose(row, step.few[number])
        if token is not None and sequence.logprobs is not None:
            piece = self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token


def _is_quick(sequence: Sequence, few: list[Few | None]) -> bool:
    """Microseconds, then: threads would wait longer for Python's lock."""
    return sequence.logprobs is None and not sequence.sampler.bound and None not in few
