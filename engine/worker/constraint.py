"""A grammar that an answer must follow, from its beginning or from where a trigger matches."""

import ctypes
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as binding

from engine.errors import BadRequest

_ROOT = b"root"
_LOOKED_AT = 2048  # bytes before the newest token, where a trigger may have begun


class Constraint:
    """llama.cpp's grammar, which is only told what it allows: anything else ends the process.

    Triggers are searched here. llama.cpp would search the whole answer again with every token,
    and give up the process where what follows the trigger in its last token is not allowed.
    """

    def __init__(
        self,
        vocab: Any,
        grammar: str,
        triggers: Sequence[str],
        piece: Callable[[int], bytes],
        tokenize: Callable[[str], list[int]],
    ) -> None:
        """`piece` gives the bytes of a token, special ones too. Raises BadRequest."""
        self._triggers = [_compiled(trigger) for trigger in triggers]
        pointer = None
        if "\0" not in grammar:
            pointer = binding.llama_sampler_init_grammar(vocab, grammar.encode("utf-8"), _ROOT)  # pyright: ignore[reportArgumentType]
        if not pointer:
            raise BadRequest(
                "llama.cpp refuses the grammar: it must be GBNF, have a rule named root,"
                " define all its rules, and none may begin with itself."
            )
        self.pointer = pointer
        self._piece = piece
        self._tokenize = tokenize
        self._holds = not triggers
        self._given_up = False
        self._said = bytearray()
        self._starts: list[tuple[int, int]] = []  # of the latest tokens: where, and which
        self._one: Any = binding.llama_token_data()
        self._question = binding.llama_token_data_array()
        self._question.data = ctypes.pointer(self._one)  # pyright: ignore[reportAttributeAccessIssue]

    def allows(self, token: int) -> bool:
        """Whether it may come next."""
        if not self._holds:
            return True
        self._one.id, self._one.logit = token, 0.0
        self._question.size = 1
        binding.llama_sampler_apply(self.pointer, ctypes.byref(self._question))  # pyright: ignore[reportArgumentType]
        return self._one.logit > -np.inf

    def accept(self, token: int) -> None:
        """It comes next; it was allowed."""
        if self._holds:
            binding.llama_sampler_accept(self.pointer, token)
        elif not self._given_up:
            self._starts.append((len(self._said), token))
            self._said += self._piece(token)
            self._look_for_trigger()

    def free(self) -> None:
        """Give its memory back."""
        binding.llama_sampler_free(self.pointer)

    def _look_for_trigger(self) -> None:
        tail = max(0, len(self._said) - _LOOKED_AT)
        while self._starts[0][0] < tail and len(self._starts) > 1:
            del self._starts[0]
        for trigger in self._triggers:
            if (match := trigger.search(self._said, tail)) is not None:
                self._begin(match.start(1 if trigger.groups and match.group(1) is not None else 0))
                return

    def _begin(self, start: int) -> None:
        """It holds from that byte on; what has been said since is accepted, if it can be."""
        self._holds = True
        whole = [token for at, token in self._starts if at >= start]
        boundary = next((at for at, _ in self._starts if at >= start), len(self._said))
        for token in [
            *self._tokenize(self._said[start:boundary].decode("utf-8", "replace")),
            *whole,
        ]:
            if not self.allows(token):
                # The trigger's token said more than the grammar lets begin: too late to hold it.
                self._holds, self._given_up = False, True
                return
            binding.llama_sampler_accept(self.pointer, token)


def _compiled(trigger: str) -> re.Pattern[bytes]:
    try:
        return re.compile(trigger.encode("utf-8"))
    except re.error as error:
        raise BadRequest(
            f"The trigger {trigger[:80]!r} is not a regular expression: {error}."
        ) from error
