"""One message: its parts, one below the other."""

from collections.abc import Sequence

from app.text.blocks import Block, parse
from app.text.shown import Shown
from app.widgets.transcript.block_parts import CodePart, ProsePart, part_of
from app.widgets.transcript.look import BLOCK_GAP, ITEM_GAP, Look
from app.widgets.transcript.message_parts import (
    FailurePart,
    QuestionPart,
    ReasoningPart,
    StatisticsPart,
)
from app.widgets.transcript.part import Part

MARGIN = 14.0
# The mean letter and line of prose, for guessing a height without laying anything out.
GUESSED_LETTER = 7.6
GUESSED_LINE = 22.5


class Entry:
    """A message in the column. Its parts exist only while it is near the viewport."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.parts: list[Part] = []
        self.tops: list[float] = []
        self.growing = False
        self._built = False
        self._reasoning_open = False
        self._laid: tuple[Look, float] | None = None
        self._height: float | None = None
        self._height_at = 0.0

    @property
    def text(self) -> str:
        """The message as it was written, for copying it whole."""
        return self.shown.content or self.shown.failure

    @property
    def is_built(self) -> bool:
        return self._built

    def height(self, width: float) -> float:
        """The height in a column of that width: measured, else guessed."""
        if self._height is not None and self._height_at == width:
            return self._height
        content = self.shown.content
        lines = len(content) * GUESSED_LETTER / max(width, 1) + content.count("\n") * 0.5
        return 2 * MARGIN + 30 + lines * GUESSED_LINE

    def is_laid(self, look: Look, width: float) -> bool:
        return self._laid == (look, width)

    def layout(self, look: Look, width: float) -> float:
        """Build what is missing, place every part, and tell the height."""
        if not self._built:
            self.parts = self._build()
            self._built = True
        top = MARGIN
        self.tops = []
        for at, part in enumerate(self.parts):
            if at:
                top += _gap(self.parts[at - 1], part)
            part.layout(look, width)
            self.tops.append(top)
            top += part.height
        self._laid = (look, width)
        self._height = top + MARGIN
        self._height_at = width
        return self._height

    def changed(self) -> None:
        """Some part has changed: place them again."""
        self._laid = None

    def forget(self) -> None:
        """Give the parts back; the height is remembered."""
        if self.growing:
            return
        self.parts = []
        self.tops = []
        self._built = False
        self._laid = None

    def part_at(self, y: float) -> int | None:
        """The part at that height, or the nearest one above it; None for an empty message."""
        if not self.parts:
            return None
        at = 0
        for index, top in enumerate(self.tops):
            if y >= top:
                at = index
        return at

    def toggle_reasoning(self) -> None:
        """Open or fold what was thought."""
        for part in self.parts:
            if isinstance(part, ReasoningPart):
                part.toggle()
                self._reasoning_open = part.is_open
                self.changed()

    def begin(self, *parts: Part) -> None:
        """Become a message that grows."""
        self.growing = True
        self._built = True
        self.parts = list(parts)
        self.changed()

    def settle(self, shown: Shown, blocks: Sequence[Block]) -> None:
        """The message is finished: keep every part that already shows what it should."""
        self.growing = False
        self.shown = shown
        old = [part for part in self.parts if not isinstance(part, ReasoningPart)]
        head = [part for part in self.parts if isinstance(part, ReasoningPart)]
        body: list[Part] = []
        for at, block in enumerate(blocks):
            part = old[at] if at < len(old) else None
            body.append(_kept(part, block) or part_of(block))
        self.parts = [*head, *body, *self._foot()]
        self._built = True
        self.changed()

    def _build(self) -> list[Part]:
        shown = self.shown
        if shown.role == "user":
            return [QuestionPart(shown.content), *self._foot()]
        parts: list[Part] = []
        if shown.reasoning.strip():
            thought = ReasoningPart(shown.reasoning.strip(), shown.reasoning_seconds)
            if self._reasoning_open:
                thought.toggle()
            parts.append(thought)
        parts.extend(part_of(block) for block in parse(shown.content))
        return [*parts, *self._foot()]

    def _foot(self) -> list[Part]:
        foot: list[Part] = []
        if self.shown.failure:
            foot.append(FailurePart(self.shown.failure))
        if self.shown.statistics:
            foot.append(StatisticsPart(self.shown.statistics))
        return foot


def _gap(above: Part, part: Part) -> float:
    if part.goes_on:
        # Qt leaves room around a table; the borders of two pieces are to be one line.
        return -5.0
    return ITEM_GAP if part.is_item and above.is_item else BLOCK_GAP


def _kept(part: Part | None, block: Block) -> Part | None:
    """The part, showing the block, if it is of the right kind."""
    match part:
        case CodePart() if block.kind == "code":
            part.become(block, growing=False)
            return part
        case ProsePart() if part.block.kind == block.kind:
            part.become(block)
            return part
        case _:
            return None
