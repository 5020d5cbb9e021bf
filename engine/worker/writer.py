"""Writing: which token comes next for each sequence that has logits."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from engine.worker.candidates import Columns, Few, Logits, Reach, narrow
from engine.worker.context import Context
from engine.worker.drawing import Plain, draw
from engine.worker.llama import Model
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores, spare_some
from engine.worker.ranking import Ranker
from engine.worker.samplers import Sampler
from engine.worker.sequence import Sequence

_ROWS_EACH = 8  # of logits: fewer are not worth waking a thread
_AT_ONCE = 8  # rows for plain chains: fewer are faster one by one
_MOST_KEPT = 512  # of a row: more are not worth ranking

_OTHER = Plain(keep=1)  # in place of a chain that is not plain

_Output = tuple[Sequence, int]
_Tokens = list[int | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """Its logits, [outputs, vocabulary]; None where the device keeps some of them to itself.

    By row: how far its chain looks, and the token if that is chosen already. `columns` are for
    all rows, or there are none; `looks` are who still looks at them, so many rows each, None for
    those who have.
    """

    rows: Logits | None
    reaches: list[Reach | None]
    drawn: list[int | None]
    columns: Columns | None = None
    each: int = 1
    looks: tuple[Future[None] | None, ...] = ()

    def few(self, number: int) -> Few | None:
        """Those that matter of that row, if they can be found."""
        reach = self.reaches[number]
        if self.rows is None or reach is None:
            return None
        if self.columns is None:
            return narrow(self.rows[number], reach)
        look = self.looks[number // self.each]
        if look is not None:
            look.result()
        return self.columns.few(number, reach)

    def is_quick(self, number: int) -> bool:
        """Whether the row's token takes but microseconds."""
        few_known = self.columns is not None and self.reaches[number] is not None
        return few_known or self.drawn[number] is not None


class Writer:
    """Chooses tokens, those of several sequences side by side."""

    def __init__(self, context: Context, model: Model) -> None:
        self._context = context
        self._model = model
        cores = physical_cores()
        self._threads = min(context.sequences, cores)
        self._samplers = ThreadPoolExecutor(self._threads, thread_name_prefix="sampler")
        self._ranker = Ranker(spare_some(cores))

    def choose(self, outputs: list[_Output]) -> list[_Tokens]:
        """The next tokens of each sequence, by its logits up to that index of the batch.

        They are one more than the guesses that were right. None, the last then: its grammar is
        complete, or lets nothing follow; or it is broken.
        """
        if all(sequence.raw for sequence, _ in outputs):
            return [[sequence.prompt[-1]] for sequence, _ in outputs]
        firsts = list(accumulate((1 + len(one.draft) for one, _ in outputs), initial=0))
        step = self._look(outputs, firsts[-1])
        if len(outputs) == 1:
            return [self._choose(outputs[0], 0, step)]
        later: dict[int, Future[_Tokens]] = {}
        for at, (sequence, _) in enumerate(outputs):
            # Where it is microseconds, threads would wait longer for Python's lock.
            if _is_long(sequence) or not step.is_quick(firsts[at]):
                later[at] = self._samplers.submit(self._choose, outputs[at], firsts[at], step)
        return [
            later[at].result() if at in later else self._choose(output, firsts[at], step)
            for at, output in enumerate(outputs)
        ]

    def _look(self, outputs: list[_Output], count: int) -> _Step:
        """Read all logits: where many chains are plain, as far as their tokens."""
        rows = self._context.rows(count)
        samplers = [
            (sequence.sampler, ahead)
            for sequence, _ in outputs
            for ahead in range(1 + len(sequence.draft))
        ]
        reaches = [sampler.reach(ahead) for sampler, ahead in samplers]
        keep = max((reach.keep for reach in reaches if reach is not None), default=0)
        undrawn: list[int | None] = [None] * count
        if rows is None or not keep:
            return _Step(rows, reaches, undrawn)
        drawn = self._drawn(samplers, rows, reaches)
        if drawn is not None:
            return _Step(rows, reaches, drawn)
        columns = Columns(rows, keep)
        each, looks = self._look_at(columns, count)
        return _Step(rows, reaches, undrawn, columns, each, looks)

    def _look_at(self, columns: Columns, count: int) -> tuple[int, tuple[Future[None] | None, ...]]:
        """Let threads look, at so many rows each; gives who does.

        This one takes the first part; its tokens can be chosen while the others still look.
        """
        parts = max(1, min(self._threads, count // _ROWS_EACH))
        each = -(-count // parts)
        others = [
            self._samplers.submit(columns.look, start, start + each)
            for start in range(each, count, each)
        ]
        columns.look(0, each)
        return each, (None, *others)

    def _drawn(
        self, samplers: list[tuple[Sampler, int]], rows: Logits, reaches: list[Reach | None]
    ) -> list[int | None] | None:
        """The tokens of plain chains, by row, if these are many.

        A row's sampler draws by the number after so many others; what follows a guess counts only
        if that is right.
        """
        chains = [sampler.plain for sampler, _ in samplers]
        keeps = [
            reach.keep for chain, reach in zip(chains, reaches, strict=True) if chain and reach
        ]
        if len(keeps) < _AT_ONCE or max(keeps) > _MOST_KEPT:
            return None
        likeliest = self._ranker.rank(rows, min(max(keeps), rows.shape[1]))
        if likeliest is None:
            return None
        tokens = draw(
            likeliest,
            rows[np.arange(len(rows))[:, np.newaxis], likeliest],
            [chain or _OTHER for chain in chains],
            [sampler.number(ahead) for sampler, ahead in samplers],
            [sampler.banned for sampler, _ in samplers],
        )
        return [
            token if chain is not None and token >= 0 else None
            for chain, token in zip(chains, tokens.tolist(), strict=True)
        ]

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
        token = step.drawn[number]
        if token is not None:
            sequence.sampler.took()
        else:
            few = step.few(number)
            if few is None and not np.isfinite(row.max()):
                sequence.broken = True
                return None
            token = sequence.sampler.choose(row, few)
        if token is not None and sequence.logprobs is not None:
            piece = self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token


def _is_long(sequence: Sequence) -> bool:
    """Whether all logits may have to be looked at once more."""
    return sequence.logprobs is not None or sequence.sampler.bound
