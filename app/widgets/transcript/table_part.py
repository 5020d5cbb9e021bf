"""A table: rows are added while it is written, and only those in view are drawn."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from typing_extensions import override

from app.text.blocks import Block
from app.text.documents import anchors
from app.text.mathematics.formulas import Formula
from app.text.mathematics.inline import take_formulas
from app.text.tables import Grid, plain
from app.theme.icons import IconName
from app.widgets.transcript.code_part import paint_thumb
from app.widgets.transcript.look import Link, Look, Stroke, Target
from app.widgets.transcript.part import Part, paint_ring, place_of
from app.widgets.transcript.table_cells import SIDES, Cell, Hand, column_widths, hand_of

PAD_X: Final = 12.0
PAD_Y: Final = 7.0
RADIUS: Final = 8.0
# These rows decide how wide the columns are: what follows cannot move them.
DECIDING: Final = 24
# Rows beyond these stand on one line each, so that nothing of them is measured before it is seen.
MEASURED: Final = 200
BUTTON: Final = 24.0


@dataclass(frozen=True)
class CopyTable(Target):
    """A place that copies the whole table."""

    form: Literal["markdown", "tsv"]


BUTTONS: Final[tuple[tuple[CopyTable, IconName], ...]] = (
    (CopyTable("markdown"), "copy"),
    (CopyTable("tsv"), "sidebar"),
)


class TablePart(Part):
    """A grid. A selection counts its cells, the head's first."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        self._hand: Hand | None = None
        self._room = 0.0
        self._rows: list[list[Cell]] = []
        self._columns: list[float] = []
        # The tops of the head and of every row, and where the last one ends.
        self._tops: list[float] = [0.0]
        self._done = 0
        self._kept = 0  # so many rows look as they did
        self._full = self._frame = 0.0
        self._scrolled = 0.0

    @property
    def grid(self) -> Grid:
        assert self.block.grid is not None
        return self.block.grid

    def become(self, block: Block) -> None:
        """Show a later state of the same table: what is shown already stays."""
        if block == self.block:
            return
        self.is_stale = True
        old, self.block = self.grid, block
        new = self.grid
        same = min(len(old.rows), len(new.rows))
        if same and old.rows[same - 1] != new.rows[same - 1]:
            same -= 1
        if (old.head, old.sides) != (new.head, new.sides) or old.rows[:same] != new.rows[:same]:
            self._hand = None
        else:
            self._keep(same + 1)

    def _keep(self, rows: int) -> None:
        """Forget all rows but the first; the head is one of them."""
        del self._rows[rows:]
        del self._tops[rows + 1 :]
        self._done = min(self._done, rows)
        self._kept = min(self._kept, rows)

    @override
    def layout(self, look: Look, width: float) -> None:
        if self._hand is None or self._hand.look is not look or self._room != width:
            self._hand = hand_of(look)
            self._room = width
            self._rows, self._columns, self._tops, self._done = [], [], [0.0], 0
            self._kept = 0
        shape, ended = (self._frame, self._full), self.height
        self._measure(self._hand)
        self.width = width
        self._frame = min(width, self._full)
        wide = self._full > width + 0.5
        self.height = self._tops[-1] + (10 * look.scale if wide else 0) + 1
        self.scroll_by(0)
        # The frame's corners are round, and a bar may lie above its lower edge.
        if self._kept and shape == (self._frame, self._full):
            above = min(self._tops[self._kept], ended - RADIUS - 10 * look.scale)
            self.changed_from = max(0.0, above)
        self._kept = self._done

    def _measure(self, hand: Hand) -> None:
        total = len(self.grid.rows) + 1
        pads = 2 * PAD_X * hand.look.scale
        while len(self._rows) < min(total, MEASURED):
            row = len(self._rows) - 1
            cells = zip(self.grid.cells(row), self.grid.sides, strict=True)
            self._rows.append([Cell(cell, side, is_head=row < 0) for cell, side in cells])
        if self._done < min(total, DECIDING + 1):
            room = self._room - pads * self.grid.columns - 1
            columns = column_widths(self._rows[: DECIDING + 1], hand, room)
            if columns != self._columns:
                self._columns = columns
                self._tops, self._done, self._kept = [0.0], 0, 0
            self._full = sum(columns) + pads * len(columns) + 1
        air = 2 * PAD_Y * hand.look.scale
        for cells in self._rows[self._done :]:
            widths = zip(cells, self._columns, strict=True)
            tall = max(cell.height(hand, width) for cell, width in widths)
            self._tops.append(self._tops[-1] + tall + air)
        line = hand.metrics.height() + air
        while len(self._tops) <= total:
            self._tops.append(self._tops[-1] + line)
        self._done = total

    @override
    def take_formulas(self, came: frozenset[Formula]) -> bool:
        cells = (cell for row in self._rows for cell in row)
        if not any(cell.document and take_formulas(cell.document, came) for cell in cells):
            return False
        # Every column may have another width now.
        self._hand = None
        return True

    @override
    def guess(self, look: Look, width: float) -> float:
        line = look.ink.prose.pixelSize() * 1.3 + 2 * PAD_Y * look.scale
        return (len(self.grid.rows) + 1) * line

    @override
    def scroll_by(self, distance: float) -> bool:
        before = self._scrolled
        self._scrolled = min(max(0.0, before + distance), max(0.0, self._full - self._frame))
        return self._scrolled != before

    # Cells as positions

    @property
    @override
    def length(self) -> int:
        return (len(self.grid.rows) + 1) * self.grid.columns

    def _cell_at(self, point: QPointF) -> tuple[int, float]:
        """The cell nearest to a point, and how far the point is into it, from 0 to 1."""
        row = min(max(0, bisect_right(self._tops, point.y()) - 1), len(self.grid.rows))
        column, left = 0, -self._scrolled
        for column in range(len(self._columns)):
            wide = self._wide(column)
            if point.x() < left + wide or column == len(self._columns) - 1:
                break
            left += wide
        share = (point.x() - left) / max(1.0, self._wide(column)) if self._columns else 0.0
        return row * self.grid.columns + column, share

    def _wide(self, column: int) -> float:
        scale = self._hand.look.scale if self._hand else 1.0
        return self._columns[column] + 2 * PAD_X * scale

    @override
    def position_at(self, point: QPointF) -> int:
        cell, share = self._cell_at(point)
        return min(self.length, cell + (share > 0.5))

    @override
    def word_at(self, position: int) -> tuple[int, int]:
        return (min(position, self.length - 1), min(position + 1, self.length))

    @override
    def place_of(self, position: int) -> QRectF:
        row, column = divmod(max(0, min(position, self.length - 1)), self.grid.columns)
        if row + 1 >= len(self._tops) or column >= len(self._columns):
            return super().place_of(position)
        left = sum(self._wide(at) for at in range(column)) - self._scrolled
        top = self._tops[row]
        return QRectF(left, top, self._wide(column), self._tops[row + 1] - top)

    @override
    def text(self, start: int, end: int) -> str:
        rows: dict[int, list[str]] = {}
        for row in range(start // self.grid.columns, -(-end // self.grid.columns)):
            first = max(0, start - row * self.grid.columns)
            cells = self.grid.cells(row - 1)[first : end - row * self.grid.columns]
            rows[row] = [plain(cell) for cell in cells]
        return "\n".join("\t".join(cells) for cells in rows.values())

    @override
    def markdown(self, start: int, end: int) -> str:
        if end - start <= 1:
            row, column = divmod(start, self.grid.columns)
            return self.grid.cells(row - 1)[column] if end > start else ""
        first = max(0, start // self.grid.columns - 1)
        return self.grid.as_markdown(first, max(0, -(-end // self.grid.columns) - 1))

    @override
    def hits(self, words: str) -> list[tuple[int, int]]:
        wanted = words.casefold()
        found: list[tuple[int, int]] = []
        for row in range(len(self.grid.rows) + 1):
            line = self.grid.rows[row - 1] if row else self.grid.head
            if not wanted or wanted not in plain(line).casefold():
                continue
            for column, cell in enumerate(self.grid.cells(row - 1)):
                if wanted in plain(cell).casefold():
                    at = row * self.grid.columns + column
                    found.append((at, at + 1))
        return found

    # What can be clicked

    def copied(self, target: CopyTable) -> str:
        """What that place copies."""
        return self.grid.as_markdown() if target.form == "markdown" else self.grid.as_tsv()

    def _buttons(self) -> list[tuple[CopyTable, IconName, QRectF]]:
        scale = self._hand.look.scale if self._hand else 1.0
        side = BUTTON * scale
        beside = self._room - self._frame >= 2 * side + 12 * scale
        left = self._frame + 6 * scale if beside else self._frame - 2 * side - 6 * scale
        return [
            (target, icon, QRectF(left + at * (side + 2), 4 * scale, side, side))
            for at, (target, icon) in enumerate(BUTTONS)
        ]

    @override
    def targets(self) -> list[tuple[Target, QRectF]]:
        found: list[tuple[Target, QRectF]] = [(one, place) for one, _, place in self._buttons()]
        for number, cells in enumerate(self._rows):
            for column, cell in enumerate(cells):
                if cell.document is None or not cell.has_links:
                    continue
                corner = self._inside(self.place_of(number * self.grid.columns + column)).topLeft()
                for address, position in anchors(cell.document):
                    place = place_of(cell.document, position).translated(corner)
                    found.append((Link(address), place))
        return found

    @override
    def target_at(self, point: QPointF) -> Target | None:
        for target, _, place in self._buttons():
            if place.contains(point):
                return target
        at, _ = self._cell_at(point)
        row, column = divmod(at, self.grid.columns)
        if row >= len(self._rows):
            return None
        inside = self._inside(self.place_of(at))
        address = self._rows[row][column].address_at(point - inside.topLeft())
        return Link(address) if address else None

    @override
    def says(self, target: Target) -> str:
        if not isinstance(target, CopyTable) or self._hand is None:
            return ""
        words = self._hand.look.blocks
        return words.as_markdown if target.form == "markdown" else words.for_a_spreadsheet

    # Drawing

    def _inside(self, place: QRectF) -> QRectF:
        scale = self._hand.look.scale if self._hand else 1.0
        across, down = PAD_X * scale, PAD_Y * scale
        return place.adjusted(across, down, -across, -down)

    @override
    def paint(self, stroke: Stroke) -> None:
        if self._hand is None:
            return
        painter, tokens = stroke.painter, stroke.look.tokens
        frame = QRectF(0.5, 0.5, self._frame - 1, self._tops[-1])
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
        head = QRectF(0, 0, self._frame, self._tops[1])
        painter.fillRect(head, QColor(tokens.code_head))
        first = max(0, bisect_right(self._tops, stroke.clip.top()) - 1)
        last = min(len(self._tops) - 1, bisect_right(self._tops, stroke.clip.bottom()))
        for row in range(first, last):
            self._paint_row(stroke, self._hand, row)
        self._paint_columns(stroke)
        painter.restore()
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        paint_thumb(stroke, self, self._full, self._scrolled)
        self._paint_buttons(stroke)

    def _paint_row(self, stroke: Stroke, hand: Hand, row: int) -> None:
        painter, columns = stroke.painter, self.grid.columns
        border = QColor(stroke.look.tokens.border)
        painter.fillRect(QRectF(0, self._tops[row + 1], self._frame, 1), border)
        cells = self._rows[row] if row < len(self._rows) else None
        for column in range(columns):
            at = row * columns + column
            place = self.place_of(at)
            if place.right() < 0 or place.left() > self._frame:
                continue
            self._paint_marks(stroke, at, place)
            inside = self._inside(place)
            if cells is not None:
                cells[column].paint(painter, hand, inside)
                continue
            painter.setFont(hand.font)
            painter.setPen(QColor(stroke.look.tokens.text))
            cell = plain(self.grid.cells(row - 1)[column])[:2000]
            words = hand.metrics.elidedText(cell, Qt.TextElideMode.ElideRight, inside.width() + 1)
            painter.drawText(inside, SIDES[self.grid.sides[column]], words)

    def _paint_marks(self, stroke: Stroke, at: int, place: QRectF) -> None:
        tokens = stroke.look.tokens
        if any(start <= at < end for start, end in stroke.found):
            ground = QColor(tokens.warn)
            now = stroke.found_now is not None and stroke.found_now[0] <= at < stroke.found_now[1]
            ground.setAlpha(200 if now else 90)
            stroke.painter.fillRect(place, ground)
        if stroke.selected is not None and stroke.selected[0] <= at < stroke.selected[1]:
            stroke.painter.fillRect(place, QColor(tokens.selection))

    def _paint_columns(self, stroke: Stroke) -> None:
        left = -self._scrolled
        border = QColor(stroke.look.tokens.border)
        for column in range(len(self._columns) - 1):
            left += self._wide(column)
            line = QRectF(round(left), stroke.clip.top(), 1, stroke.clip.height())
            stroke.painter.fillRect(line & QRectF(0, 0, self._frame, self._tops[-1]), border)

    def _paint_buttons(self, stroke: Stroke) -> None:
        tokens, look = stroke.look.tokens, stroke.look
        for target, icon, place in self._buttons():
            if not stroke.awake and target not in {stroke.hovered, stroke.focused}:
                continue
            stroke.painter.setPen(QPen(QColor(tokens.border), 1))
            lit = stroke.hovered == target
            stroke.painter.setBrush(QColor(tokens.hover if lit else tokens.bg))
            stroke.painter.drawRoundedRect(place, 6, 6)
            done = stroke.copied == target
            inset = 5 * look.scale
            colour = tokens.ok if done else tokens.dim
            name: IconName = "check" if done else icon
            look.icon(stroke.painter, name, colour, place.adjusted(inset, inset, -inset, -inset))
            if stroke.focused == target:
                paint_ring(stroke, place)
