"""Writing: which token comes next for each sequence that has logits."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate

from engine.worker.candidates import Columns, Few, Logits, Reach
from engine.worker.context import Context
from engine.worker.drawing import Plain, draw
from engine.worker.llama import Model
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores
from engine.worker.sequence import Sequence

_ROWS_EACH = 8  # of logits: fewer are not worth waking a thread
_AT_ONCE = 8  # plain chains: fewer are faster one by one
_MOST_KEPT = 512  # of a row: more are not worth looking at together

_OTHER = Plain(keep=1)  # in place of a chain that is not plain

_Output = tuple[Sequence, int]
_Tokens = list[int | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """Its logits, [outputs, vocabulary], looked at for all rows that have a reach.

    None for the logits where the device keeps some of them to itself. `looks` are who still looks
    at the rows, so many each, None for those who have. `drawn` are the tokens of plain chains, if
    there were many.
    """

    rows: Logits | None
    columns: Columns | None
    reaches: list[Reach | None]
    each: int = 1
    looks: tuple[Future[None] | None, ...] = ()
    drawn: list[int | None] = field(default_factory=list[int | None])

    def few(self, number: int) -> Few | None:
        """Those that matter of that row, if it is known."""
        reach = self.reaches[number]
        if self.columns is None or reach is None:
            return None
        look = self.looks[number // self.each]
        if look is not None:
            look.result()
        return self.columns.few(number, reach)


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
        if all(sequence.raw for sequence, _ in outputs):
            return [[sequence.prompt[-1]] for sequence, _ in outputs]
        firsts = list(accumulate((1 + len(one.draft) for one, _ in outputs), initial=0))
        step = self._look(outputs, firsts[-1])
        if len(outputs) == 1:
            return [self._choose(outputs[0], 0, step)]
        later: dict[int, Future[_Tokens]] = {}
        for at, (sequence, _) in enumerate(outputs):
            # Where few are known it is microseconds: threads would wait longer for Python's lock.
            if step.columns is None or step.reaches[firsts[at]] is None or _is_long(sequence):
                later[at] = self._samplers.submit(self._choose, outputs[at], firsts[at], step)
        return [
            later[at].result() if at in later else self._choose(output, firsts[at], step)
            for at, output in enumerate(outputs)
        ]

    def _look(self, outputs: list[_Output], count: int) -> _Step:
        """Read all logits, in as many threads as that is worth.

        This one takes the first part; its tokens can be chosen while the others still look.
        """
        rows = self._context.rows(count)
        reaches = [
            sequence.sampler.reach(ahead)
            for sequence, _ in outputs
            for ahead in range(1 + len(sequence.draft))
        ]
        keep = max((reach.keep for reach in reaches if reach is not None), default=0)
        if rows is None or not keep:
            return _Step(rows, None, reaches)
        columns = Columns(rows, keep)
        parts = max(1, min(self._threads, count // _ROWS_EACH))
        each = -(-count // parts)
        others = [
            self._samplers.submit(columns.look, start, start + each)
            for start in range(each, count, each)
        ]
        columns.look(0, each)
        step = _Step(rows, columns, reaches, each, (None, *others))
        plain = sum(sequence.sampler.plain is not None for sequence, _ in outputs)
        if plain >= _AT_ONCE and keep <= _MOST_KEPT:
            for other in others:
                other.result()
            step.drawn.extend(_drawn(outputs, columns))
        return step

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
        token = step.drawn[number] if step.drawn else None
        if token is not None:
            sequence.sampler.took()
        else:
            token = sequence.sampler.choose(row, step.few(number))
        if token is not None and sequence.logprobs is not None:
            piece = self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token


def _is_long(sequence: Sequence) -> bool:
    """Whether all logits may have to be looked at once more."""
    return sequence.logprobs is not None or sequence.sampler.bound


def _drawn(outputs: list[_Output], columns: Columns) -> list[int | None]:
    """The tokens of plain chains, by row; those after a guess count only if it is right."""
    rows = [
        (sequence.sampler, ahead)
        for sequence, _ in outputs
        for ahead in range(1 + len(sequence.draft))
    ]
    chains = [sampler.plain for sampler, _ in rows]
    tokens = draw(
        columns.many(),
        [chain or _OTHER for chain in chains],
        [sampler.number(ahead) for sampler, ahead in rows],
        [sampler.banned for sampler, _ in rows],
    )
    return [
        token if chain is not None and token >= 0 else None
        for chain, token in zip(chains, tokens.tolist(), strict=True)
    ]
