"""Which token comes next: a request's chain over the model's logits, within its grammar."""

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding
from numpy.typing import NDArray

from engine.worker.candidates import MOST, Logits, Tokens, narrow, reach
from engine.worker.chains import Chains
from engine.worker.constraint import Constraint
from engine.worker.sampling import LogitBias, Penalties, Stage

_ENTRY = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
_MANY_CHANGED = 1024
_FIRST_ROOM = 256
_NOBODY = np.empty(0, np.int64)


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
        self._first = ctypes.cast(
            self.entries.ctypes.data,  # pyright: ignore[reportArgumentType]
            ctypes.POINTER(binding.llama_token_data),
        )
        self.array: Any = binding.llama_token_data_array()
        self._address = ctypes.byref(self.array)

    def put(self, tokens: Tokens, logits: Logits) -> None:
        """These are the candidates now."""
        count = len(tokens)
        self.entries["id"][:count] = tokens
        self.entries["logit"][:count] = logits
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
        self._banned = np.array(bans.always, np.int64)
        self._banned_at_first = np.array(sorted({*bans.always, *bans.at_first}), np.int64)
        self._first_left = bans.first_tokens
        self._biased = [
            token for stage in stages if isinstance(stage, LogitBias) for token in stage.biases
        ]
        penalties = next((one for one in stages if isinstance(one, Penalties)), None)
        self._window = deque[int](maxlen=penalties.window_tokens if penalties else 0)
        self._few = Candidates(_FIRST_ROOM)
        self._all: Candidates | None = None

    @property
    def plain(self) -> bool:
        """Whether the chain alone decides, whatever was said before."""
        free = self._constraint is None and len(self._forbidden()) == 0
        return free and self._window.maxlen == 0

    def accept(self, tokens: Iterable[int]) -> None:
        """These were said before: penalties count them."""
        for token in tokens:
            self._accept(token)

    def choose(self, row: Logits) -> int | None:
        """Choose by these logits, and accept; None: the grammar lets nothing follow."""
        token = self._freely(row)
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

    def free(self) -> None:
        """Give its memory back; it cannot be used after."""
        binding.llama_sampler_free(self.pointer)
        if self._constraint is not None:
            self._constraint.free()

    def _freely(self, row: Logits) -> int:
        """What the chain chooses, whatever the grammar says."""
        found = None
        if self._reach is not None and len(self._window) <= _MANY_CHANGED:
            found = narrow(row, self._reach, self._changed(), self._forbidden())
        if found is None:
            candidates = self._whole(row)
        else:
            candidates = self._few = _with_room(self._few, len(found))
            candidates.put(found, row[found])
        candidates.apply(self.pointer)
        return candidates.selected

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
