"""Writing: which token comes next for each sequence that has logits."""

from collections.abc import Sequence as Seq
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from engine.worker.candidates import Columns, Few, Logits, Reach, narrow
from engine.worker.context import Context
from engine.worker.drawing import draw
from engine.worker.llama import Model
from engine.worker.logprobs import chosen
from engine.worker.placing import physical_cores
from engine.worker.sequence import Sequence
from engine.worker.shortlist import Left

_ROWS_EACH = 8  # of logits: fewer are not worth waking a thread
_AT_ONCE = 3  # rows that a device cut down: fewer are faster one by one
_BROKEN = -1  # the token of a row that has no numbers

_Output = tuple[Sequence, int]
_Tokens = list[int | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """What is known of its rows of logits.

    `left` is of those that a device cut down, which look at so many tokens each (`keeps`, by
    number), `rows` [outputs, vocabulary] and `reaches` are of the others. `drawn` are the tokens
    that are chosen already, by number. `columns` are for all rows, or there are none; `looks` are
    who still looks at them, so many rows each, None for those who have.
    """

    left: Left | None
    keeps: dict[int, int]
    drawn: dict[int, int]
    rows: Logits | None = None
    reaches: Seq[Reach | None] = ()
    columns: Columns | None = None
    each: int = 1
    looks: tuple[Future[None] | None, ...] = ()

    def few(self, number: int) -> Few | None:
        """Those that matter of that row, if they can be found; it is none that was cut down."""
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
        if number in self.keeps:
            return True
        return self.columns is not None and self.reaches[number] is not None


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
        complete, or lets nothing follow; or it is broken.
        """
        if all(sequence.raw for sequence, _ in outputs):
            return [[sequence.prompt[-1]] for sequence, _ in outputs]
        alone, index = outputs[0]
        if len(outputs) == 1 and not alone.draft and self._context.short(alone.slot):
            return [[_picked(alone, self._context.left(1, index, 0), 0)]]
        firsts = list(accumulate((1 + len(one.draft) for one, _ in outputs), initial=0))
        step = self._look(outputs, firsts)
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

    def _look(self, outputs: list[_Output], firsts: list[int]) -> _Step:
        """Choose where the device cut the rows down; read the logits of the others."""
        count = firsts[-1]
        short = [
            (sequence, index, first)
            for (sequence, index), first in zip(outputs, firsts, strict=False)
            if self._context.short(sequence.slot)
        ]
        keeps = {
            first + ahead: sequence.sampler.looks_at
            for sequence, _, first in short
            for ahead in range(1 + len(sequence.draft))
        }
        left: Left | None = None
        drawn: dict[int, int] = {}
        if short:
            sequence, index, first = short[0]
            left = self._context.left(count, index - len(sequence.draft), first)
            if len(keeps) >= _AT_ONCE:
                drawn = self._drawn(left, short, keeps)
        if len(keeps) == count:
            return _Step(left, keeps, drawn)
        rows = self._context.rows(count)
        reaches = [
            sequence.sampler.reach(ahead)
            for sequence, _ in outputs
            for ahead in range(1 + len(sequence.draft))
        ]
        keep = max((reach.keep for reach in reaches if reach is not None), default=0)
        if short or rows is None or not keep:
            return _Step(left, keeps, drawn, rows, reaches)
        columns = Columns(rows, keep)
        each, looks = self._look_at(columns, count)
        return _Step(left, keeps, drawn, rows, reaches, columns, each, looks)

    def _drawn(
        self, left: Left, short: list[tuple[Sequence, int, int]], keeps: dict[int, int]
    ) -> dict[int, int]:
        """The tokens of these rows, by number.

        A row's sampler draws by the number after so many others; what follows a guess counts only
        if that is right.
        """
        if len(keeps) < len(left.logits):
            left = left.of(list(keeps))
        tokens, logits = left.likeliest(max(keeps.values()))
        samplers = [
            (sequence.sampler, ahead)
            for sequence, *_ in short
            for ahead in range(1 + len(sequence.draft))
        ]
        drawn = draw(
            tokens,
            logits,
            [sampler.plain for sampler, _ in samplers],
            [sampler.number(ahead) for sampler, ahead in samplers],
            [sampler.banned for sampler, _ in samplers],
        )
        return dict(zip(keeps, drawn.tolist(), strict=True))

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
        token = step.drawn.get(number)
        if token is not None:
            sequence.broken = token == _BROKEN
            sequence.sampler.took()
            return None if sequence.broken else token
        if number in step.keeps:
            assert step.left is not None, "some of the step are cut down"
            return _picked(sequence, step.left, number)
        few = step.few(number)
        row = self._context.logits(index) if step.rows is None else step.rows[number]
        if few is None and not (len(row) and np.isfinite(row.max())):
            sequence.broken = True
            return None
        token = sequence.sampler.choose(row, few)
        if token is not None and sequence.logprobs is not None:
            piece = self._model.whole_piece
            sequence.note(chosen(row, token, sequence.logprobs, piece))
        return token


def _picked(sequence: Sequence, left: Left, number: int) -> int | None:
    """What follows by a row that was cut down; all that a chain there looks at is how likely."""
    few = left.places(number, sequence.sampler.looks_at)
    if few is None:
        sequence.broken = True
        return None
    banned = sequence.sampler.banned
    if banned and left.may_hold(number, banned):
        kept = [left.token(number, place) not in banned for place in few.tokens.tolist()]
        few = Few(few.tokens[kept], few.logits[kept])
    return left.token(number, sequence.sampler.pick(few))


def _is_long(sequence: Sequence) -> bool:
    """Whether all logits may have to be looked at once more."""
    return sequence.logprobs is not None or sequence.sampler.bound
