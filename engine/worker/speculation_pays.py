"""Whether guessing pays: what steps cost, how lucky guesses are, and what may be lost. Pure.

A guess costs time, and brings a token if it is right. Both are measured while answers are
written. A purse sees to it that guesses that turn out wrong cost no more than a hundredth of the
time, whatever is believed of them: it gets that share of each step, what guesses won, and pays
what they lost.
"""

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16)
MOST_TOKENS = LENGTHS[-1]

_SHARE = 0.01  # of all time, that may be lost
_PURSE_STEPS = 3.0  # it holds no more than so many plain steps
_FIRST_STEPS = 1.0
_GUESSED_FRACTION = 0.2  # of a plain step for each guess, before any was measured
_GROWTH = 0.7  # the power of their number that steps grow by, where none so wide was measured
_SLOWLY, _QUICKLY = 0.1, 0.3
_OUTLIER = 2.0  # times what was expected: another program had the processor
_WORTH = 0.05  # of a plain step, that is to be won where nothing was guessed before
_SUREST = 0.99
_PRIORS = (0.4, 0.55, 0.75, 0.9)
_CLASSES = (4, 6, 10)  # agreements from that length on are of the next class
_BLIND_WIDTH = 2  # bits of a number of guesses that is tried before any was measured
_FRESH_STEPS = 64  # with guesses, after which a plain step is measured again
_PATIENCE, _MOST_PATIENCE = 4, 256


def class_of(agreement: int) -> int:
    """How much a guess can be trusted, by how many tokens agreed before it."""
    return sum(agreement >= least for least in _CLASSES)


class StepCosts:
    """Seconds of a plain step by how many write, and the fraction that guesses add."""

    def __init__(self) -> None:
        self._plain: dict[int, float] = {}
        self._extra: dict[tuple[int, int], tuple[float, float]] = {}

    def plain(self, writers: int) -> float | None:
        """Seconds of a step without guesses; None if that is not known."""
        return self._plain.get(writers)

    def saw_plain(self, writers: int, seconds: float) -> None:
        """A step without guesses took so long."""
        known = self._plain.get(writers)
        if known is None:
            self._plain[writers] = seconds
        else:
            self._plain[writers] = known + _SLOWLY * (min(seconds, _OUTLIER * known) - known)

    def saw_guesses(self, writers: int, guesses: int, seconds: float) -> float:
        """A step with so many guesses took so long; gives what of it is believed."""
        plain = self._plain[writers]
        expected = plain * (1 + self.added(writers, guesses))
        believed = min(seconds, _OUTLIER * expected)
        fraction = max(0.0, believed / plain - 1)
        key = writers, guesses.bit_length()
        known = self._extra.get(key)
        if known is None:
            self._extra[key] = fraction, guesses
        else:
            so_far, count = known
            self._extra[key] = (
                so_far + _QUICKLY * (fraction - so_far),
                count + _QUICKLY * (guesses - count),
            )
        return believed

    def dares(self, writers: int, guesses: int) -> bool:
        """Whether a step half as wide was measured, so that this one's cost is not all unknown."""
        width = guesses.bit_length()
        return width < _BLIND_WIDTH or any(
            (writers, known) in self._extra for known in (width - 1, width, width + 1)
        )

    def added(self, writers: int, guesses: int) -> float:
        """The fraction of a plain step that so many guesses add to it."""
        if not guesses:
            return 0.0
        width = guesses.bit_length()
        for away in range(6):
            for key in ((writers, width - away), (writers, width + away)):
                if (known := self._extra.get(key)) is not None:
                    fraction, count = known
                    return fraction * (guesses / count) ** _GROWTH
        return _GUESSED_FRACTION * guesses**_GROWTH


class Luck:
    """How often a guessed token is right, by class; an answer's own begins with everybody's."""

    def __init__(self, parent: "Luck | None" = None) -> None:
        self._chances = list(_PRIORS if parent is None else parent._chances)  # noqa: SLF001 (its own kind)
        self._parent = parent
        self._pace = _SLOWLY / 3 if parent is None else _QUICKLY / 2
        self.guessing = False
        self.idle = 0  # steps in which a guess was there, and was not tried
        self.patience = _PATIENCE

    def chance(self, trust: int) -> float:
        """That the next guessed token is right, given that all before it were."""
        return self._chances[trust]

    def saw(self, trust: int, right: int, offered: int, *, paid: bool) -> None:
        """Of that many guesses in a row so many were right; in all, the step was worth it."""
        if self._parent is not None:
            self._parent.saw(trust, right, offered, paid=paid)
            self.idle = 0
            self.patience = _PATIENCE if paid else min(2 * self.patience, _MOST_PATIENCE)
        chance = self._chances[trust]
        for _ in range(right):
            chance += self._pace * (1 - chance)
        if right < offered:
            chance -= self._pace * chance
        self._chances[trust] = min(chance, _SUREST)


class Purse:
    """Seconds that guesses may still lose."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._opened = False

    def earn(self, seconds: float, plain: float) -> None:
        """A step went by."""
        if not self._opened:
            self._opened = True
            self.seconds = _FIRST_STEPS * plain
        self.seconds = min(self.seconds + _SHARE * seconds, _PURSE_STEPS * plain)

    def settle(self, won: float, plain: float) -> None:
        """Guesses won so many seconds, or lost them."""
        self.seconds = min(self.seconds + won, _PURSE_STEPS * plain)


class Payoff:
    """Decides how much to guess, step by step."""

    def __init__(self) -> None:
        self.costs = StepCosts()
        self.everybody = Luck()
        self._purse = Purse()
        self._since_plain = 0
        self._guessed = False  # in the last step

    def may_guess(self, writers: int) -> bool:
        """Whether guesses are to be thought of at all in this step."""
        return self.costs.plain(writers) is not None and self._since_plain < _FRESH_STEPS

    def length(self, luck: Luck, trust: int, writers: int, already: int, most: int) -> int:
        """How many tokens to guess for one answer; `already` are guessed for others.

        `trust` is the guess's class, `most` what there is room for.
        """
        plain = self.costs.plain(writers)
        if plain is None or most < 1:
            return 0
        best, winning = 0, -1.0
        before = self.costs.added(writers, already)
        chance = luck.chance(trust)
        for length in (*(one for one in LENGTHS if one < most), min(most, MOST_TOKENS)):
            lost = self.costs.added(writers, already + length) - before
            if lost * plain > self._purse.seconds or not self.costs.dares(
                writers, already + length
            ):
                break
            # Each guess is right if it is, and all before it are.
            winnings = chance * (1 - chance**length) / (1 - chance) / writers - lost
            if winnings > winning or not best:
                best, winning = length, winnings
        if not best:
            return 0
        if winning > (0.0 if luck.guessing else _WORTH):
            luck.guessing = True
            return best
        luck.guessing = False
        luck.idle += 1
        return best if luck.idle >= luck.patience else 0

    def saw_plain(self, writers: int, seconds: float) -> None:
        """A step without guesses took so long.

        The first one after guesses is longer, for its computation is planned anew: what it takes
        more than others is the guesses' loss, and tells nothing of plain steps.
        """
        if self._guessed:
            self._guessed = False
            if (known := self.costs.plain(writers)) is not None:
                believed = min(seconds, _OUTLIER * known)
                self._purse.earn(believed, known)
                self._purse.settle(min(0.0, known - believed), known)
            return
        self.costs.saw_plain(writers, seconds)
        plain = self.costs.plain(writers) or seconds
        self._purse.earn(min(seconds, _OUTLIER * plain), plain)
        self._since_plain = 0

    def saw_guesses(self, writers: int, guesses: int, right: int, seconds: float) -> bool:
        """A step with guesses, of which so many were right, took so long. Was it worth it?"""
        plain = self.costs.plain(writers)
        assert plain is not None, "nothing is guessed before a plain step was seen"
        believed = self.costs.saw_guesses(writers, guesses, seconds)
        self._purse.earn(believed, plain)
        won = plain * (1 + right / writers) - believed
        self._purse.settle(won, plain)
        self._since_plain += 1
        self._guessed = True
        return won > 0

    def lost(self, writers: int, seconds: float) -> None:
        """Looking for guesses took so long, and brought none."""
        if (plain := self.costs.plain(writers)) is not None:
            self._purse.settle(-min(seconds, _OUTLIER * plain), plain)
