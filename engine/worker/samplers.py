"""Which token comes next: a request's chain over the model's logits, within its grammar."""

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.worker.candidates import MOST, Few, Logits, Reach, Tokens, reach
from engine.worker.chains import Chains
from engine.worker.constraint import Constraint
from engine.worker.drawing import Dice, Plain, plain
from engine.worker.sampling import Draw, LogitBias, Penalties, Stage

_ENTRY = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_MANY_CHANGED = 1024
_FIRST_ROOM = 256
_ALL = 1 << 31
_NOBODY = np.empty(0, np.int64)
_ANY, _EQUAL = np.zeros(1, np.int64), np.zeros(1, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bans:
    """Tokens that may not be said: never, or not among the first so many (None: all along)."""

    always: Sequence[int] = ()
    at_first: Sequence[int] = ()
    first_tokens: int | None = 0


class Candidates:
    """A llama_token_data_array, and room for it."""

    def __init__(self, room: int) -> None:
        self.entries: NDArray[Any] = np.empty(room, _ENTRY)
        self._tokens, self._logits = self.entries["id"], self.entries["logit"]
        self._first = ctypes.cast(
            self.entries.ctypes.data,  # pyright: ignore[reportArgumentType]
            ctypes.POINTER(binding.llama_token_data),
        )
        self.array: Any = binding.llama_token_data_array()
        self._address = ctypes.byref(self.array)

    def put(self, tokens: Tokens, logits: Logits) -> None:
        """These are the candidates now."""
        count = len(tokens)
        self._tokens[:count] = tokens
        self._logits[:count] = logits
        self._begin(count)

    def _begin(self, count: int) -> None:
        self.array.data = self._first  # a stage may have left another there
        self.array.size = count
        self.array.selected = -1
        self.array.sorted = False

    def apply(self, stage: "binding.llama_sampler_p") -> None:
        """Let a stage change them."""
        binding.llama_sampler_apply(stage, self._address)  # pyright: ignore[reportArgumentType]

    def keep_possible(self) -> bool:
        """Leave out those that a grammar forbade; False if that is all."""
        entries = self.entries[: self.array.size]
        possible = entries[entries["logit"] > -np.inf]
        self.entries[: len(possible)] = possible
        self._begin(len(possible))
        return len(possible) > 0

    @property
    def selected(self) -> int:
        """The token that the chain selected."""
        assert self.array.selected >= 0, "every chain ends in a stage that selects"
        return self.array.data[self.array.selected].id


class Sampler:
    """A sampler chain of one request, with its grammar and what may not be said."""

    def __init__(
        self,
        chains: Chains,
        stages: Sequence[Stage],
        constraint: Constraint | None = None,
        bans: Bans | None = None,
    ) -> None:
        bans = bans or Bans()
        self.pointer = chains.make(stages)
        self.stages = tuple(stages)
        self._reach = reach(stages)
        self._constraint = constraint
        self._bans = frozenset(bans.always), frozenset((*bans.always, *bans.at_first))
        self._banned, self._banned_at_first = (
            np.array(sorted(tokens), np.int64) for tokens in self._bans
        )
        self._first_left = bans.first_tokens
        self._biased = [
            token for stage in stages if isinstance(stage, LogitBias) for token in stage.biases
        ]
        penalties = next((one for one in stages if isinstance(one, Penalties)), None)
        self._window = deque[int](maxlen=penalties.window_tokens if penalties else 0)
        self._plain = plain(stages) if constraint is None else None
        draws = next((stage for stage in stages if isinstance(stage, Draw)), None)
        self._dice = Dice(draws.seed) if draws and self._plain else None
        self._behind = 0  # draws that were made in place of the chain's own
        self._few = Candidates(_FIRST_ROOM)
        self._all: Candidates | None = None

    @property
    def plain(self) -> Plain:
        """What may choose in place of `choose`, for several tokens to come; `took` tells of it."""
        assert self._plain is not None, "looks_at says so"
        return self._plain

    @property
    def looks_at(self) -> int:
        """How many of the likeliest tokens `plain` has to see; beyond counting, if all."""
        if self._plain is None or self._first_left:
            return _ALL
        return int(self._plain.keep) + len(self.banned)

    @property
    def banned(self) -> frozenset[int]:
        """What may not be said now."""
        return self._bans[self._first_left != 0]

    def number(self, ahead: int) -> float:
        """What the token after `ahead` others is drawn by; any number for the likeliest."""
        return 0.0 if self._dice is None else self._dice.number(ahead)

    def took(self) -> None:
        """The next token was chosen as `plain` says."""
        if self._dice is not None:
            self._dice.throw()
            self._behind += 1

    def accept(self, tokens: Iterable[int]) -> None:
        """These were said before: penalties count them."""
        for token in tokens:
            self._accept(token)

    @property
    def bound(self) -> bool:
        """Whether a grammar has a say."""
        return self._constraint is not None

    def reach(self, ahead: int = 0) -> Reach | None:
        """How far down it looks, also after `ahead` more tokens; None: at the whole vocabulary."""
        if self._reach is None or len(self._window) > _MANY_CHANGED:
            return None
        more = len(self._biased) + len(self._window) + len(self._forbidden())
        if not (more or self._window.maxlen):
            return self._reach
        return Reach(keep=self._reach.keep + more + ahead, below=self._reach.below)

    def choose(self, row: Logits, few: Few | None = None) -> int | None:
        """Choose by these logits, and accept; None: the grammar lets nothing follow.

        `few` are those of the row within this sampler's reach, if they were looked for.
        """
        token = self._freely(row, few)
        if self._constraint is not None:
            if not self._constraint.allows(token):
                within = self._within(row, self._constraint)
                if within is None:
                    return None
                token = within
            self._constraint.accept(token)
        self._accept(token)
        if self._first_left:
            self._first_left -= 1
        return token

    def pick(self, few: Few) -> int:
        """Which of these `plain` takes, whatever they stand for: nothing is accepted."""
        self._few = _with_room(self._few, len(few.tokens))
        self._few.put(few.tokens, few.logits)
        return self._selected(self._few)

    def free(self) -> None:
        """Give its memory back; it cannot be used after."""
        binding.llama_sampler_free(self.pointer)
        if self._constraint is not None:
            self._constraint.free()

    def _freely(self, row: Logits, few: Few | None) -> int:
        """What the chain chooses, whatever the grammar says."""
        candidates = None if few is None else self._among(row, few)
        if candidates is None:
            candidates = self._whole(row)
        return self._selected(candidates)

    def _selected(self, candidates: Candidates) -> int:
        if self._dice is not None:
            self._catch_up()
            self._dice.throw()
        candidates.apply(self.pointer)
        return candidates.selected

    def _catch_up(self) -> None:
        """The chain's last stage draws as often as was drawn in its place.

        From one candidate, too: llama.cpp keeps in step with a device so.
        """
        if not self._behind:
            return
        last = binding.llama_sampler_chain_n(self.pointer) - 1
        stage = binding.llama_sampler_chain_get(self.pointer, last)
        one = Candidates(1)
        one.put(_ANY, _EQUAL)
        for _ in range(self._behind):
            one.apply(stage)
        self._behind = 0

    def _among(self, row: Logits, few: Few) -> Candidates | None:
        """These and what the chain is going to change, in any way, but nothing forbidden."""
        tokens, logits = few.tokens, few.logits
        changed, forbidden = self._changed(), self._forbidden()
        if len(changed):
            tokens = np.union1d(tokens, changed)
            logits = row[tokens]
        if len(forbidden) and not set(forbidden.tolist()).isdisjoint(tokens.tolist()):
            kept = np.isin(tokens, forbidden, invert=True)
            tokens, logits = tokens[kept], logits[kept]
        if not 0 < len(tokens) <= MOST:
            return None
        self._few = _with_room(self._few, len(tokens))
        self._few.put(tokens, logits)
        return self._few

    def _within(self, row: Logits, constraint: Constraint) -> int | None:
        """What the chain chooses of all that the grammar allows."""
        candidates = self._whole(row)
        candidates.apply(constraint.pointer)
        if not candidates.keep_possible():
            return None
        candidates.apply(self.pointer)
        return candidates.selected

    def _whole(self, row: Logits) -> Candidates:
        if self._all is None:
            self._all = Candidates(len(row))
        self._all.put(np.arange(len(row)), row)
        self._all.entries["logit"][self._forbidden()] = -np.inf
        return self._all

    def _changed(self) -> NDArray[np.int64]:
        if not (self._biased or self._window):
            return _NOBODY
        return np.fromiter({*self._biased, *self._window}, np.int64)

    def _forbidden(self) -> NDArray[np.int64]:
        return self._banned if self._first_left == 0 else self._banned_at_first

    def _accept(self, token: int) -> None:
        self._window.append(token)
        binding.llama_sampler_accept(self.pointer, token)


def _with_room(candidates: Candidates, count: int) -> Candidates:
    return candidates if count <= len(candidates.entries) else Candidates(MOST)
