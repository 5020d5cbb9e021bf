"""Idle slots between those of a step, each given a token that is taken back at once.

llama.cpp computes sequences of split memory together only as far as their numbers follow on each
other (split_equal in llama-batch.cpp): each gap would cost another pass over all weights, which is
what a card's time goes by, while a row more in one pass costs it a fiftieth of that. So gaps are
bridged where memory can be cut anywhere and has room for one more token, and less far where a row
reads experts of its own. Where a processor has a part in it, each row is work: there is no room.
"""

from engine.worker.context import Context
from engine.worker.model_facts import ModelFacts
from engine.worker.slots import Slots

_WIDEST = 16  # idle slots; with few writers a wider bridge costs as much as the pass it saves
_WIDEST_OF_EXPERTS = 4
_ANY_TOKEN = 0


class Bridge:
    """Fills gaps in one step's batch."""

    def __init__(self, context: Context, slots: Slots, facts: ModelFacts) -> None:
        self._context = context
        self._slots = slots
        self._widest = _WIDEST_OF_EXPERTS if facts.experts else _WIDEST
        if context.unified or not facts.rewinds:
            self._widest = 0
        self._built: list[int] = []

    def span(self, last: int | None, following: int, room: int) -> int:
        """Bridge from slot to slot, if that takes no more than `room` tokens; gives how many."""
        if last is None:
            return 0
        gap = range(last + 1, following)
        if len(gap) > min(self._widest, room) or not all(map(self._holds_more, gap)):
            return 0
        for slot in gap:
            self._context.add(slot, self._slots.position(slot), (_ANY_TOKEN,), outputs=0)
        self._built += gap
        return len(gap)

    def take_back(self) -> None:
        """The step is launched: what comes after it finds all as it was before."""
        for slot in self._built:
            cut = self._context.cut(slot, self._slots.position(slot))
            assert cut, "bridges are built only where memory can be cut anywhere"
        self._built.clear()

    def _holds_more(self, slot: int) -> bool:
        return self._slots.length(slot) < self._context.cells_per_sequence
