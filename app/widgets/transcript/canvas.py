"""The part of the transcript that scrolls and lays out."""

from math import floor
from time import monotonic

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget
from typing_extensions import override

from app.text.mathematics.mathematics import Mathematics
from app.theme.tokens import DARK, Tokens
from app.widgets.transcript.column import Column
from app.widgets.transcript.edit_part import EditPart
from app.widgets.transcript.entry import Entry
from app.widgets.transcript.finder import Finder
from app.widgets.transcript.jump_button import JumpButton
from app.widgets.transcript.look import COLUMN_WIDTH, SIDE_MARGIN, Words, look_of
from app.widgets.transcript.math_part import taught
from app.widgets.transcript.part import Part
from app.widgets.transcript.picture_loading import Pictures
from app.widgets.transcript.selection import Place, Selection
from app.widgets.transcript.spot import Spot

# This near to the end counts as being there.
NEAR_END = 4
SETTLING_ROUNDS = 5
# Marks on letters, and letters of other scripts, may stand so far outside of their line.
REACH = 20.0
# This long after a change there is time for what comes near next, so much at once: less than what
# is left of a frame.
PREPARE_MS = 8
PREPARE_SECONDS = 0.003


class Canvas(QAbstractScrollArea):
    """Shows a column of messages and stays at its end unless the reader has scrolled away."""

    laid_out = Signal()  # what is in view, or something near it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = Column()
        self.pictures = Pictures(self)
        self.wraps_code = False
        self.mathematics: Mathematics | None = None
        self.look = look_of(DARK, self._words(), pictures=self.pictures)
        self.selection: Selection | None = None
        self.hovered: Spot | None = None
        self.pointed: int | None = None  # the message under the pointer
        self.focused: Spot | None = None
        self.copied_spot: Spot | None = None
        self.current: int | None = None  # the message that the keyboard went to
        self.lit: int | None = None  # the message that was asked for from elsewhere
        self.finder = Finder()
        self._percent = 100
        self._following = True
        self._adjusting = False
        self._slid = 0  # how far the scroll bar has moved while settling
        self._preparing = QTimer(self, singleShot=True, interval=PREPARE_MS)
        self._preparing.timeout.connect(self._prepare)
        self.jump = JumpButton(self.viewport())
        self.jump.clicked.connect(self.follow)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take another look; what is seen is laid out again, the rest when it comes near."""
        look = look_of(
            tokens, self._words(), self._percent, wrap_code=self.wraps_code, pictures=self.pictures
        )
        self.look = taught(look, self.mathematics)
        self.column.scale = self.look.scale
        self.jump.wear(tokens, self.tr("To the end"))
        self.settle()

    def set_text_percent(self, percent: int) -> None:
        """Take letters of another size, and everything around them with it."""
        if percent == self._percent:
            return
        self._percent = percent
        self._fit_width()
        self.set_tokens(self.look.tokens)

    @property
    def following(self) -> bool:
        """Whether the end is in view and stays there."""
        return self._following

    def settle(self, grown: Entry | None = None) -> None:
        """Lay out what is in view and put the scroll bar where it belongs.

        `grown` is the last message if only that has changed; what stands above is at most shifted.
        """
        jumped = self._arrange()
        if grown is None or jumped:
            self.viewport().update()
            return
        if self._slid:
            self.viewport().scroll(0, self._slid)
        top = self.column.top(len(self.column.entries) - 1) - self.verticalScrollBar().value()
        width, height = self.viewport().width(), self.viewport().height()
        first = max(0, floor(min(height, top + grown.changed_from) - REACH * self.look.scale))
        self.viewport().update(0, first, width, height)

    def _arrange(self) -> bool:
        """Lay out what is in view; whether something above it was guessed wrongly."""
        self._adjusting = True
        self._slid = 0
        jumped = False
        bar = self.verticalScrollBar()
        for _ in range(SETTLING_ROUNDS):
            before = (bar.value(), self.column.height)
            self._sync()
            top = bar.value()
            moved = self.column.lay_out(self.look, top, self.viewport().height())
            jumped = jumped or bool(moved)
            self._sync(None if self._following or not moved else round(top + moved))
            if before == (bar.value(), self.column.height):
                break
        self._adjusting = False
        self._place_over()
        self._prepare_soon()
        self.laid_out.emit()
        return jumped

    def shift(self, distance: float) -> None:
        """What is in view lies lower by that now: go there, and nothing is seen of it."""
        self._adjusting = True
        self._sync(round(self.verticalScrollBar().value() + distance))
        self._adjusting = False
        self._place_over()
        self._prepare_soon()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self.settle()

    def reveal(self, index: int, at: int = 0, inside: float = 0.0) -> None:
        """Bring a height of a part into view; what was guessed above it may move it meanwhile."""
        bar, view = self.verticalScrollBar(), self.viewport().height()
        self._following = False
        for _ in range(SETTLING_ROUNDS):
            entry = self.column.entries[index]
            entry.build()
            if not entry.tops:
                self.column.lay_out(self.look, self.column.top(index), 1)
            at = min(at, max(0, len(entry.tops) - 1))
            y = self.column.top(index)
            if entry.tops and (at or inside):
                y += entry.tops[at] + inside
            before = bar.value()
            air = view / 4 if inside or at else 8 * self.look.scale
            if not before + air <= y <= before + view * 0.75 or not (at or inside):
                self._adjusting = True
                self._sync()
                bar.setValue(round(y - air))
                self._adjusting = False
            self.settle()
            if bar.value() == before:
                break
        self._scrolled()

    def stay(self) -> None:
        """Keep what is in view where it is, whatever changes below it."""
        self._following = False
        self.settle()
        self._scrolled()

    def place_at(self, point: QPointF) -> Place | None:
        """The position of a selection nearest to a point of the viewport."""
        found = self.nearest(point)
        if found is None:
            return None
        index, at, part, inside = found
        return Place(index, at, part.position_at(inside))

    def spot_at(self, point: QPointF) -> Spot | None:
        """What a click at a point of the viewport would act on."""
        part = self.part_at(point)
        found = self.nearest(point)
        if part is None or found is None:
            return None
        target = part.target_at(found[3])
        return Spot(found[0], found[1], target) if target else None

    def entry_at(self, point: QPointF) -> int | None:
        """The message at that height of the viewport."""
        if not self.column.entries:
            return None
        y = point.y() + self.verticalScrollBar().value()
        return self.column.index_at(y) if 0 <= y < self.column.height else None

    def part_at(self, point: QPointF) -> Part | None:
        """The part under a point of the viewport."""
        found = self.nearest(point)
        if found is None:
            return None
        _, _, part, inside = found
        return part if QRectF(0, 0, part.width, part.height).contains(inside) else None

    def spots(self) -> list[tuple[Spot, QRectF]]:
        """Everything in view that can be acted on, with its place in the viewport."""
        seen: list[tuple[Spot, QRectF]] = []
        window = QRectF(self.viewport().rect())
        for index in self.visible_entries():
            for at in self.visible_parts(index):
                corner = self.corner(index, at)
                for target, place in self.column.entries[index].parts[at].targets():
                    where = place.translated(corner)
                    if window.intersects(where):
                        seen.append((Spot(index, at, target), where))
        return seen

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The scroll bar comes and goes: its width is never the column's.
        self._fit_width()
        self.settle()

    def _fit_width(self) -> None:
        room = self.width() - 2 * SIDE_MARGIN - self.verticalScrollBar().sizeHint().width()
        width = float(max(120, min(COLUMN_WIDTH * self._percent / 100, room)))
        top = self.verticalScrollBar().value()
        if width != self.column.width and self.column.entries:
            index = self.column.index_at(top)
            share = (top - self.column.top(index)) / self._height_of(index)
            self.column.width = width
            self.column.place()
            top = round(self.column.top(index) + share * self._height_of(index))
        self.column.width = width
        self._adjusting = True
        self._sync(None if self._following else top)
        self._adjusting = False

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._adjusting:
            self._slid += dy
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if not self.column.entries or self.column.is_laid(self.look, bar.value(), height):
            self.viewport().scroll(0, dy)
            self._place_over()
            self._prepare_soon()
        else:
            # Before painting, so that it is painted once.
            self._following = bar.value() >= bar.maximum() - NEAR_END
            stood = self._stood()
            self._arrange()
            if stood and self._stands(stood):
                self.viewport().scroll(0, dy)
                self._place_over()
            else:
                self.viewport().update()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.set_tokens(self.look.tokens)
        super().changeEvent(event)

    def _words(self) -> Words:
        return Words(
            copy=self.tr("Copy"),
            copied=self.tr("Copied"),
            code=self.tr("code"),
            thinking=self.tr("Thinking…"),
            thought=self.tr("Thought"),
            thought_for=self.tr("Thought for %1 s"),
            verbs={
                "copy": self.tr("Copy"),
                "edit": self.tr("Edit"),
                "regenerate": self.tr("Answer again"),
                "continue": self.tr("Continue"),
                "fork": self.tr("Fork to a new chat"),
                "delete": self.tr("Delete"),
                "previous": self.tr("Previous version"),
                "next": self.tr("Next version"),
            },
        )

    def _scrolled(self) -> None:
        if not self._adjusting:
            bar = self.verticalScrollBar()
            self._following = bar.value() >= bar.maximum() - NEAR_END
            self._place_over()

    def _prepare(self) -> None:
        """While nothing happens, lay out what is near: scrolling there will only paint."""
        bar, began = self.verticalScrollBar(), monotonic()
        stood = self._stood()
        while monotonic() - began < PREPARE_SECONDS:
            top = bar.value()
            moved = self.column.prepare(self.look, top, self.viewport().height())
            if moved is None:
                self.laid_out.emit()
                return
            self._adjusting = True
            self._sync(None if self._following or not moved else round(top + moved))
            self._adjusting = False
            if moved and not self._stands(stood):
                self.viewport().update()
        self._place_over()
        self._prepare_soon()

    @property
    def is_prepared(self) -> bool:
        """Whether all that is near has been laid out."""
        return not self._preparing.isActive()

    def _prepare_soon(self) -> None:
        if not self._preparing.isActive():
            self._preparing.start()

    def _place_over(self) -> None:
        """Put what stands on the canvas where it belongs."""
        bar = self.verticalScrollBar()
        far = bar.maximum() - bar.value() > self.viewport().height() / 4
        if far and not self._following:
            self.jump.stand(self.viewport().rect())
        else:
            self.jump.go_away()
        for index in self.visible_entries():
            entry = self.column.entries[index]
            for at in self.visible_parts(index):
                part = entry.parts[at]
                if isinstance(part, EditPart):
                    part.editor.setGeometry(
                        QRectF(self.corner(index, at), QSizeF(part.width, part.height)).toRect()
                    )

    def _sync(self, value: int | None = None) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        bar.setPageStep(height)
        bar.setRange(0, max(0, round(self.column.height) - height))
        if self._following:
            bar.setValue(bar.maximum())
        elif value is not None:
            bar.setValue(value)

    def _stood(self) -> list[tuple[Part, QPointF]]:
        """Where in the viewport what can be painted stands."""
        return [
            (self.column.entries[index].parts[at], self.corner(index, at))
            for index in self.visible_entries()
            for at in self.visible_parts(index)
            if self.column.entries[index].parts[at].is_laid(self.look, self.column.width)
        ]

    def _stands(self, stood: list[tuple[Part, QPointF]]) -> bool:
        """Whether all that still stands where it stood: then nothing must be painted anew."""
        now = dict(self._stood())
        return all(now.get(part, corner) == corner for part, corner in stood)

    def _height_of(self, index: int) -> float:
        return max(1.0, self.column.top(index + 1) - self.column.top(index))

    def _left(self) -> float:
        return (self.width() - self.column.width) / 2

    def corner(self, index: int, at: int) -> QPointF:
        """Where a part begins in the viewport."""
        entry = self.column.entries[index]
        top = self.column.top(index) + entry.tops[at] - self.verticalScrollBar().value()
        # Always rounded in the same direction: what scrolls by a pixel is shifted by one.
        return QPointF(floor(self._left() + entry.parts[at].left + 0.5), floor(top + 0.5))

    def visible_entries(self) -> range:
        """The messages in view."""
        if not self.column.entries:
            return range(0)
        top = self.verticalScrollBar().value()
        first = self.column.index_at(top)
        return range(first, self.column.index_at(top + self.viewport().height()) + 1)

    def visible_parts(self, index: int) -> range:
        """The parts of a message that are in view."""
        start = self.verticalScrollBar().value() - self.column.top(index)
        return self.column.entries[index].within(start, start + self.viewport().height())

    def nearest(self, point: QPointF) -> tuple[int, int, Part, QPointF] | None:
        """The entry and the part nearest to a point of the viewport, and the point seen from it."""
        if not self.column.entries:
            return None
        y = point.y() + self.verticalScrollBar().value()
        index = self.column.index_at(y)
        entry = self.column.entries[index]
        at = entry.part_at(y - self.column.top(index))
        if at is None or at >= len(entry.tops):
            return None
        return index, at, entry.parts[at], point - self.corner(index, at)
