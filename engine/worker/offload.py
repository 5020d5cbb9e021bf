"""Chains that the device runs itself, at the end of the step's own computation.

What llama.cpp makes possible: each sequence of a context may have a chain of its own, given with
the context or later (llama_set_sampler). A later one costs the next step a new plan of the whole
computation, some milliseconds; only where a chain of the same form is there already, its seed can
be changed for nothing (llama_sampler_copy). Chains of biases, temperature, top-k, top-p, min-p and
a draw can run there; what needs grammars, penalties or log probabilities cannot, for the logits of
sequences with such a chain never leave the device. Split mode tensor has none of it.

Each stream adds its own nodes to the computation, so that many streams lose by it: it is off
unless the load says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from llama_cpp import llama_cpp as binding

from engine.worker.chains import Chains
from engine.worker.sampling import (
    Draw,
    Greedy,
    LogitBias,
    MinP,
    Stage,
    Temperature,
    TopK,
    TopP,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attached:
    """A chain that llama.cpp holds on to, and its form: all but the seed."""

    pointer: Any
    form: tuple[Stage, ...]


class Offload:
    """Which slot's tokens the device chooses."""

    def __init__(self, context: Any, chains: Chains) -> None:
        self._context = context
        self._chains = chains
        self._attached: dict[int, _Attached] = {}
        self._refused = False

    def place(self, slot: int, stages: Sequence[Stage] | None) -> None:
        """Whoever is in the slot now samples so; on the device if that can be, None: it cannot."""
        form = None if stages is None or self._refused else _form(stages)
        attached = self._attached.get(slot)
        if stages is None or form is None:
            if attached is not None:
                binding.llama_set_sampler(self._context, slot, None)  # pyright: ignore[reportArgumentType]
                self._drop(slot)
            return
        chain: Any = self._chains.make(stages)
        if attached is not None and attached.form == form:
            binding.llama_sampler_copy(chain, attached.pointer)
            binding.llama_sampler_free(chain)
        elif binding.llama_set_sampler(self._context, slot, chain):  # pyright: ignore[reportArgumentType]
            self._drop(slot)
            self._attached[slot] = _Attached(pointer=chain, form=form)
        else:
            self._drop(slot)
            binding.llama_sampler_free(chain)
            self._refused = True

    def sample(self, slot: int, index: int) -> int | None:
        """The token chosen after the batch's token `index`; None if that is not done here."""
        attached = self._attached.get(slot)
        if attached is None:
            return None
        # If the device could do no more than the chain's beginning, this does the rest.
        return binding.llama_sampler_sample(attached.pointer, self._context, index)

    def _drop(self, slot: int) -> None:
        attached = self._attached.pop(slot, None)
        if attached is not None:
            binding.llama_sampler_free(attached.pointer)


def _form(stages: Sequence[Stage]) -> tuple[Stage, ...] | None:
    """The chain without its seed; None if a device cannot run it."""
    if not all(
        isinstance(stage, LogitBias | TopK | TopP | MinP | Temperature | Draw | Greedy)
        for stage in stages
    ):
        return None
    return tuple(replace(stage, seed=0) if isinstance(stage, Draw) else stage for stage in stages)
