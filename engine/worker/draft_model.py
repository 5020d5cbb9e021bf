"""A smaller model that guesses how a text goes on; and who guesses for a load at all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np

from engine.errors import LoadFailed
from engine.protocol.load import LoadSpec, SplitMode
from engine.worker.brake import Brake
from engine.worker.context import Context
from engine.worker.llama import Library, Model
from engine.worker.prefix import shared_length
from engine.worker.speculation import NgramDrafter, Room, Speculation, Text

_SURE = 0.5  # a likeliest token below that is no guess
_FEW_TOKENS = 16  # go with the first guess, as those do that the last guesses left
_TRUST = 1  # the class of all its guesses


def speculation_of(
    library: Library, model: Model, context: Context, spec: LoadSpec, brake: Brake
) -> Speculation | None:
    """Who guesses for this load; None where nothing is, or can be, guessed. Raises LoadFailed."""
    if not (spec.draft_tokens and model.facts.rewinds):
        return None
    room = Room(
        outputs=spec.outputs,
        cells=context.cells,
        cells_per_sequence=context.cells_per_sequence,
        unified=context.unified,
    )
    if spec.draft is None:
        return Speculation(NgramDrafter(), room)
    return Speculation(_model_drafter(library, model, spec, brake), room)


def _model_drafter(library: Library, model: Model, spec: LoadSpec, brake: Brake) -> "ModelDrafter":
    assert spec.draft is not None, "it was asked for"
    on_card = spec.gpu_layers != 0
    own = replace(
        spec,
        path=spec.draft,
        gpu_layers=None if on_card else 0,
        split_mode=SplitMode.NONE,
        tensor_split=(),
        cpu_experts=(),
        projector=None,
        adapters=(),
        shortlist=False,  # its logits are looked at
        draft=None,
        draft_tokens=0,
    )
    name = Path(spec.draft).name
    drafting = Model(library, own, lambda _: True)
    if not drafting.speaks_as(model):
        raise LoadFailed(
            f"The draft model {name} has another vocabulary than the model it would guess for.",
            remedy="Choose a small model of the same family, or none.",
        )
    if not drafting.facts.rewinds:
        raise LoadFailed(
            f"The draft model {name} cannot take back what it guessed.",
            remedy="Choose a small model with plain attention, or none.",
        )
    return ModelDrafter(Context(library, drafting, own, brake), model.facts.vocabulary)


class ModelDrafter:
    """Guesses greedily with a smaller model, as far as that is sure enough.

    It keeps the same sequences as the model it guesses for, and reads what was written without it
    once it is asked again.
    """

    def __init__(
        self, context: Context, vocabulary: int, clock: Callable[[], float] = monotonic
    ) -> None:
        """`vocabulary` is that of the model which checks the guesses."""
        self._context = context
        self._vocabulary = vocabulary
        self._clock = clock
        self._held: list[list[int]] = [[] for _ in range(context.sequences)]
        self.read_seconds = 0.0

    def trust(self, text: Text) -> int | None:
        """It has a guess wherever there is something to read."""
        return _TRUST if text.tokens else None

    def forget(self, ids: Iterable[int]) -> None:
        """What it holds stays, for the next turn, until other text is read in its place."""

    def draft(self, wanted: Sequence[tuple[Text, int]]) -> list[list[int]]:
        """Guesses for these texts, side by side; none where memory is full."""
        began = self._clock()
        drafts: list[list[int]] = [[] for _ in wanted]
        going = {number: text for number, (text, _) in enumerate(wanted) if self._read(text)}
        self.read_seconds = self._clock() - began
        new = {text.slot: self._unheld(text) for text in going.values()}
        while new:
            chosen = self._step(new)
            new = {}
            for number, text in going.items():
                token = chosen.get(text.slot)
                if token is not None:
                    drafts[number].append(token)
                    if len(drafts[number]) < wanted[number][1]:
                        new[text.slot] = [token]
        return drafts

    def _unheld(self, text: Text) -> list[int]:
        return [*text.tokens[len(self._held[text.slot]) :], text.following]

    def _read(self, text: Text) -> bool:
        """Hold this text's beginning, all but a few tokens, and nothing else; False if it cannot.

        Of pictures it sees nothing: it cannot read on from there.
        """
        held = self._held[text.slot]
        same = shared_length(held, text.tokens)
        if same < len(held):
            if not self._context.cut(text.slot, same):
                self._context.clear(text.slot)
                same = 0
            del held[same:]
        if min(text.tokens[same:], default=0) < 0:
            return False
        for start in range(same, len(text.tokens) - _FEW_TOKENS, self._context.batch_tokens):
            tokens = text.tokens[start : start + self._context.batch_tokens]
            self._context.clear_batch()
            self._context.add(text.slot, start, tokens, outputs=0)
            if self._context.decode():
                self._forget_all()
                return False
            held.extend(tokens)
        return True

    def _step(self, new: dict[int, list[int]]) -> dict[int, int]:
        """The token after these, by slot, where it is sure of one."""
        context = self._context
        context.clear_batch()
        indexes = {
            slot: context.add(slot, len(self._held[slot]), tokens, outputs=1)
            for slot, tokens in new.items()
        }
        if context.decode():
            self._forget_all()
            return {}
        chosen: dict[int, int] = {}
        for slot, index in indexes.items():
            self._held[slot].extend(new[slot])
            row = context.logits(index)
            best = int(row.argmax())
            if best < self._vocabulary and float(np.exp(row - row[best]).sum()) * _SURE <= 1:
                chosen[slot] = best
        return chosen

    def _forget_all(self) -> None:
        for slot, held in enumerate(self._held):
            self._context.clear(slot)
            held.clear()
