"""One message: its parts, one below the other."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from app.text.blocks import Block, parse, unread
from app.text.shown import Shown
from app.widgets.transcript.block_parts import part_of, shown_by
from app.widgets.transcript.edit_part import EditPart
from app.widgets.transcript.foot_part import FootPart
from app.widgets.transcript.look import BLOCK_GAP, ITEM_GAP, Look
from app.widgets.transcript.message_parts import FailurePart, QuestionPart, ReasoningPart
from app.widgets.transcript.part import Part
from app.widgets.transcript.picture_files import FilesPart
from app.widgets.transcript.tool_part import CallPart, ResultPart

MARGIN = 10.0
FOOT_GAP = 6.0
# The mean letter and line of prose, for guessing a height without laying anything out.
GUESSED_LETTER = 7.6
GUESSED_LINE = 22.5
GUESSED_AROUND = 40.0
GOING_ON_GAP = 7.0
# More letters than this are read as Markdown beside the window's thread.
READ_AT_ONCE = 8_000


class Entry:
    """A message in the column. Its parts exist only while it is near the viewport.

    Of a long message only the parts in view are laid out; the others' heights are guesses.
    """

    def __init__(self, shown: Shown, *, thoughts_open: bool = False) -> None:
        self.shown = shown
        self.parts: list[Part] = []
        self.tops: list[float] = []
        self.growing = False
        self._is_last = False
        self._edit: EditPart | None = None
        self._built = False
        self._reasoning_open = thoughts_open
        self._laid: tuple[Look, float] | None = None
        self._height: float | None = None
        self._height_at = 0.0
        self._remembered: list[float] = []
        self._placed_in: tuple[Look, float] | None = None
        self.changed_from = 0.0  # above this height it looks as it did before it grew
        self._unchanged = 0  # so many parts are as they were when they were last placed
        self._blocks: tuple[Block, ...] | None = None  # kept where reading them takes long
        self._is_plain = False  # the parts show the words as they were typed
        self._body = 0  # how many parts show blocks

    @property
    def body(self) -> range:
        """The parts that show the blocks of the words, in their order."""
        first = sum(isinstance(part, ReasoningPart) for part in self.parts[:1])
        if self.growing:
            return range(first, len(self.parts))
        return range(first, first + self._body)

    @property
    def text(self) -> str:
        """The message as it was written, for copying it whole."""
        return self.shown.content or self.shown.failure

    def says(self, message: Shown) -> bool:
        """Whether that message differs at most in what stands around the words."""
        return self.shown == replace(
            message,
            id=self.shown.id,
            version=self.shown.version,
            versions=self.shown.versions,
            statistics=self.shown.statistics,
            failure=self.shown.failure,
            reasoning_seconds=self.shown.reasoning_seconds,
        )

    @property
    def is_built(self) -> bool:
        return self._built

    @property
    def wants_reading(self) -> bool:
        """Whether it is still to be read as Markdown, which takes too long for now."""
        return self._is_plain and self._built and not self.growing and self._edit is None

    def read(self, blocks: tuple[Block, ...]) -> None:
        """It was read: show that."""
        self._blocks, self._is_plain = blocks, False
        self._remembered, self.parts, self.tops = [], [], []
        self._built = False
        self.changed()

    @property
    def is_edited(self) -> bool:
        """Whether an editor stands in its place."""
        return self._edit is not None

    @property
    def is_last(self) -> bool:
        """Whether it ends the conversation: only such an answer can go on."""
        return self._is_last

    @is_last.setter
    def is_last(self, last: bool) -> None:
        if last is not self._is_last:
            self._is_last = last
            for part in self.parts:
                if isinstance(part, FootPart):
                    part.is_last = last
            self.changed()

    def height(self, width: float, scale: float = 1.0) -> float:
        """The height in a column of that width: measured, else guessed."""
        if self._height is not None and self._height_at == width:
            return self._height
        content = self.shown.content
        lines = len(content) * GUESSED_LETTER * scale / max(width, 1) + content.count("\n") * 0.5
        return float(round((2 * MARGIN + GUESSED_AROUND + lines * GUESSED_LINE) * scale))

    def is_laid(self, look: Look, width: float, start: float = -inf, end: float = inf) -> bool:
        """Whether nothing between two of its heights is a guess."""
        if self._laid != (look, width) or self._height is None:
            return False
        seen = self.within(max(start, 0.0), end)
        return all(self.parts[at].is_laid(look, width) for at in seen)

    def layout(self, look: Look, width: float, start: float = -inf, end: float = inf) -> float:
        """Build what is missing, lay out what lies between `start` and `end`, place every part.

        Returns how far what stood at `start` has moved because of what was guessed above it.
        """
        moved = 0.0
        if not self._built:
            guessed = self.height(width, look.scale)
            self.build()
            if start > 0:
                moved = self._place(look, width, inf, inf)[0] - guessed
                start, end = start + moved, end + moved
        height, shift = self._place(look, width, start, end)
        self._laid = (look, width)
        self._height = height
        self._height_at = width
        return moved + shift

    def prepare(self, look: Look, width: float, start: float, view: float) -> float | None:
        """Lay out one part less than a viewport away from what is seen; None: none is missing."""
        if self._laid != (look, width):
            # Built at one time, laid out part by part at others.
            return self.layout(look, width, inf, inf)
        for at in self.within(start - view, start + 2 * view):
            part = self.parts[at]
            if part.is_laid(look, width):
                continue
            was, known = part.height, part.measured == (look, width)
            part.lay(look, width)
            taller = part.height - was
            if taller and self._height is not None:
                self.tops[at + 1 :] = [top + taller for top in self.tops[at + 1 :]]
                self._height += taller
            return taller if self.tops[at] < start and not known else 0.0
        return None

    def changed(self) -> None:
        """Some part has changed: place them again."""
        self._laid = None
        self._unchanged = 0

    def grow(self, parts: Sequence[Part], unchanged: int) -> None:
        """Show these parts, of which the first ones are as they were."""
        self.parts = list(parts)
        self._laid = None
        self._unchanged = min(self._unchanged, unchanged)
        self.changed_from = inf

    def forget(self) -> None:
        """Give the parts back; the heights are remembered."""
        if self.growing or self._edit is not None:
            return
        self._remembered = [part.height for part in self.parts]
        self.parts = []
        self.tops = []
        self._built = False
        self._laid = None

    def part_at(self, y: float) -> int | None:
        """The part at that height, or the nearest one above it; None for an empty message."""
        if not self.tops:
            return None
        return max(0, bisect_right(self.tops, y) - 1)

    def within(self, start: float, end: float) -> range:
        """The parts that lie, at least in part, between two heights."""
        first = self.part_at(start)
        if first is None:
            return range(0)
        return range(first, bisect_right(self.tops, end))

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

    def settle(self, shown: Shown, blocks: tuple[Block, ...], *, whole: bool = True) -> None:
        """The message is finished: keep every part that already shows what it should.

        Not `whole`: only reading it again tells everything.
        """
        self._blocks = blocks if len(shown.content) > READ_AT_ONCE else None
        self._is_plain = not whole
        self.growing = False
        self.shown = shown
        old = [part for part in self.parts if not isinstance(part, ReasoningPart)]
        head = [part for part in self.parts if isinstance(part, ReasoningPart)]
        self._reasoning_open = any(part.is_open for part in head)
        body: list[Part] = []
        for at, block in enumerate(blocks):
            part = old[at] if at < len(old) else None
            body.append(shown_by(part, block))
        self.parts = [*head, *body, *self._foot()]
        self._body = len(body)
        self._built = True
        self.changed()

    def amend(self, shown: Shown) -> None:
        """Something around the words is known now: its number, its versions, what it cost."""
        said_otherwise = shown.failure != self.shown.failure
        self.shown = shown
        if self._built and not self.growing and self._edit is None:
            if said_otherwise:
                self.forget()
            else:
                body = [part for part in self.parts if not isinstance(part, FootPart)]
                self.parts = [*body, *self._footing()]
        self.changed()

    def edit(self, part: EditPart) -> None:
        """Put an editor in the place of the words."""
        self._edit = part
        self.parts = [part]
        self.tops = []
        self._built = True
        self.changed()

    def stop_editing(self) -> None:
        """Show the words again."""
        self._edit = None
        self._built = False
        self.parts = []
        self.tops = []
        self._height = None
        self.changed()

    def build(self) -> None:
        """Make the parts; they are laid out when they come near."""
        if self._built:
            return
        self.parts = self._build()
        self._built = True
        if len(self._remembered) == len(self.parts):
            for part, height in zip(self.parts, self._remembered, strict=True):
                part.height = height

    def _place(self, look: Look, width: float, start: float, end: float) -> tuple[float, float]:
        """Where every part stands: the height of all, and how far `start` has moved."""
        keep = self._standing(look, width, start)
        top, moved = float(round(MARGIN * look.scale)), 0.0
        above: Part | None = None
        if keep:
            above = self.parts[keep - 1]
            top = self.tops[keep - 1] + above.height
        first, stood = self._unchanged if self._placed_in == (look, width) else 0, self.tops
        self.tops = self.tops[:keep]
        self._placed_in, self._unchanged = (look, width), len(self.parts)
        for part in self.parts[keep:]:
            if above is not None:
                top += round(_gap(above, part) * look.scale)
            if not part.height:
                part.height = float(round(part.guess(look, width)))
            if top <= end and top + part.height >= start:
                was, known = part.height, part.measured == (look, width)
                part.lay(look, width)
                # What grows does so at its end; what was guessed was wrong from the beginning.
                if top < start and not known and not self.growing:
                    change = part.height - was
                    moved += change
                    start, end = start + change, end + change
            self.tops.append(top)
            top += part.height
            above = part
        self.changed_from = min(self.changed_from, self._changed_from(first, stood, top))
        return top + round(MARGIN * look.scale), moved

    def _changed_from(self, first: int, stood: Sequence[float], end: float) -> float:
        """The height of what has changed, if the parts before the first one have not."""
        was = stood[first] if first < len(stood) else end
        if first >= len(self.parts):
            return min(was, end)
        now = self.tops[first]
        return now + self.parts[first].changed_from if was == now else min(was, now)

    def _standing(self, look: Look, width: float, start: float) -> int:
        """How many parts stand where they stood: unchanged, and above what is to be laid out."""
        if self._placed_in != (look, width):
            return 0
        above = bisect_right(self.tops, start) - 1
        return max(0, min(self._unchanged, above, len(self.tops)))

    def _build(self) -> list[Part]:
        shown = self.shown
        if shown.role == "user":
            self._body = 0
            files: list[Part] = [FilesPart(shown.files)] if shown.files else []
            return [*files, QuestionPart(shown.content), *self._foot()]
        if shown.role == "tool":
            self._body = 0
            return [ResultPart(shown.content), *self._foot()]
        parts: list[Part] = []
        if shown.reasoning.strip():
            thought = ReasoningPart(shown.reasoning.strip(), shown.reasoning_seconds)
            if self._reasoning_open:
                thought.toggle()
            parts.append(thought)
        blocks = self._blocks_now()
        self._body = len(blocks)
        parts.extend(part_of(block) for block in blocks)
        parts.extend(CallPart(call) for call in shown.tool_calls)
        return [*parts, *self._foot()]

    def _blocks_now(self) -> tuple[Block, ...]:
        if self._blocks is not None:
            return self._blocks
        if len(self.shown.content) <= READ_AT_ONCE:
            return parse(self.shown.content)
        self._is_plain = True
        return tuple(unread(self.shown.content))

    def _foot(self) -> list[Part]:
        failure: list[Part] = [FailurePart(self.shown.failure)] if self.shown.failure else []
        return [*failure, *self._footing()]

    def _footing(self) -> list[Part]:
        if self.shown.id is None and not self.shown.statistics:
            return []
        foot = FootPart(self.shown)
        foot.is_last = self._is_last
        return [foot]


def _gap(above: Part, part: Part) -> float:
    if part.goes_on:
        # A long paragraph goes on in its next line.
        return GOING_ON_GAP
    if part.is_foot:
        return FOOT_GAP
    return ITEM_GAP if part.is_item and above.is_item else BLOCK_GAP
