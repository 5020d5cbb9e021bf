"""How a quantization's row looks: painted, so that hundreds of rows cost nothing."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)
from typing_extensions import override

from app.lists.offers_list import Offer
from app.lists.row_list import ListRole
from app.theme.fonts import ui_font
from app.theme.scale import scale, scaled, unscaled, within
from app.theme.tokens import FONT, RADIUS, Tokens
from app.views import words
from app.views.discover import offer_cells, offer_words
from app.views.discover.offer_cells import Cells
from app.views.painted import zoomed
from app.views.placement import said
from app.views.rows import StyleFields
from app.widgets.letters import Letters
from app.widgets.mini_stack import MiniStack
from engine.download.values import DownloadPhase

Index = QModelIndex | QPersistentModelIndex
_MOST_BARS = 4  # beside each other; of more cards the fullest are shown
_BAR = 8


class OfferDelegate(QStyledItemDelegate):
    """Paints rows of offers; a click on the last column is `acted`."""

    acted = Signal(object)  # the Offer

    def __init__(self, tokens: Tokens, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._view = parent
        self._pen = _Pens(tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._pen = _Pens(tokens)
        self._view.viewport().update()

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = int(self._view.viewport().width() / scale())
        return QSize(200, scaled(offer_cells.height(width)))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = index.data(ListRole.VALUE)
        if not isinstance(offer, Offer):
            return
        fields = StyleFields(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = zoomed(painter, fields.rect).adjusted(0, 1, -1, -2)
        self._paint_ground(painter, box, offer, fields.state)
        where = offer_cells.cells(box)
        self._paint_name(painter, where.name, offer)
        if offer.plan is None:
            self._paint_waiting(painter, where, offer)
        else:
            self._paint_plan(painter, where, offer)
        self._paint_action(painter, where.action, offer)
        painter.restore()

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            where, point = _found(option, event.position().toPoint())
            offer = index.data(ListRole.VALUE)
            on_button = where.action.contains(point)
            if on_button and isinstance(offer, Offer):
                self.acted.emit(offer)
                return True
        return super().editorEvent(event, model, option, index)

    @override
    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        offer = index.data(ListRole.VALUE)
        if not isinstance(offer, Offer):
            return False
        where, point = _found(option, event.pos())
        QToolTip.showText(event.globalPos(), tip_at(where, point.x(), offer), view)
        return True

    def _paint_ground(
        self, painter: QPainter, box: QRect, offer: Offer, state: QStyle.StateFlag
    ) -> None:
        pen = self._pen
        selected = bool(state & QStyle.StateFlag.State_Selected)
        lit = selected or bool(state & QStyle.StateFlag.State_MouseOver)
        if not (lit or offer.advised):
            painter.setPen(pen.border)
            painter.drawLine(box.left() + 8, box.bottom() + 1, box.right() - 8, box.bottom() + 1)
            return
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        ring = pen.accent if focused or offer.advised else QColor(0, 0, 0, 0)
        painter.setPen(ring)
        painter.setBrush(pen.lit if lit else pen.advised)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS.m, RADIUS.m)

    def _paint_name(self, painter: QPainter, box: QRect, offer: Offer) -> None:
        pen = self._pen
        above, below = _halves(box)
        name = offer.quantization.label
        pen.strong.draw(painter, above, name, pen.text)
        if offer.advised:
            room = above.adjusted(pen.strong.width(name) + 8, 0, 0, 0)
            pen.small.draw(painter, room, "★", pen.accent)
        known = " · ".join(
            part for part in (offer_words.size(offer), offer_words.bits(offer)) if part
        )
        pen.small.draw(painter, below, known, pen.dim)

    def _paint_waiting(self, painter: QPainter, where: Cells, offer: Offer) -> None:
        """No plan yet, or never."""
        pen = self._pen
        box = where.memory.united(where.verdict)
        if offer.refusal is not None:
            pen.small.draw(painter, box, offer_words.why(offer), pen.error)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pen.lit)
        bar = QRectF(where.memory.left(), where.memory.center().y() - 4, where.memory.width(), _BAR)
        painter.drawRoundedRect(bar, 4, 4)

    def _paint_plan(self, painter: QPainter, where: Cells, offer: Offer) -> None:
        pen, plan = self._pen, offer.plan
        assert plan is not None
        if where.quality is not None:
            self._paint_quality(painter, where.quality, offer)
        self._paint_memory(painter, where.memory, offer)
        context = words.count(plan.layout.context_tokens)
        if where.context is not None:
            pen.plain.draw(painter, where.context, context, pen.text)
        expected, reach = offer_words.speed(plan)
        if where.context is None:
            reach = f"{reach} · {context}"
        above, below = _halves(where.speed)
        pen.plain.draw(painter, above, expected, pen.text if plan.fits else pen.faint)
        pen.small.draw(painter, below, reach, pen.faint)
        which, second = offer.verdict, offer_words.more(offer)
        colour = pen.verdicts[which]
        above, below = _halves(where.verdict) if second else (where.verdict, QRect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QRectF(above.left(), above.center().y() - 3.5, 8, 8))
        pen.plain.draw(painter, above.adjusted(14, 0, 0, 0), offer_words.verdict(which), pen.text)
        if second:
            pen.small.draw(painter, below.adjusted(14, 0, 0, 0), second, pen.faint)

    def _paint_quality(self, painter: QPainter, box: QRect, offer: Offer) -> None:
        pen, fraction = self._pen, offer_words.goodness(offer)
        if fraction is None:
            return
        above, below = _halves(box)
        colour = pen.ok if fraction >= 0.75 else pen.warn if fraction >= 0.5 else pen.error
        bar = MiniStack(parts=((fraction, colour),), capacity=1.0, ground=pen.track, over=pen.error)
        bar.paint(painter, QRectF(above.left(), above.center().y() - 1, box.width(), 6))
        pen.small.draw(painter, below, offer_words.quality_word(fraction), pen.dim)

    def _paint_memory(self, painter: QPainter, box: QRect, offer: Offer) -> None:
        assert offer.plan is not None
        pen, found = self._pen, offer_words.bars(offer.plan)
        shown = found if len(found) <= _MOST_BARS else (*found[: _MOST_BARS - 1], found[-1])
        above, below = _halves(box)
        width = (box.width() - 8 * (len(shown) - 1)) / len(shown)
        for at, (name, parts, capacity, taken) in enumerate(shown):
            left = box.left() + at * (width + 8)
            bar = MiniStack(
                parts=tuple((float(size), pen.kinds[kind]) for kind, size in parts if size > 0),
                capacity=float(capacity),
                ground=pen.track,
                over=pen.error,
            )
            bar.paint(painter, QRectF(left, above.center().y() - 2, width, _BAR))
            text = words.memory_of(taken, capacity)
            room = QRect(round(left), below.top(), round(width), below.height())
            if pen.tiny.width(text) > width:
                text = words.memory(taken)
            long = f"{name.split(' ')[0]} {name.split(' ')[1] if ' ' in name else ''}".strip()
            if pen.tiny.width(f"{long}  {text}") <= width:
                text = f"{long}  {text}"
            pen.tiny.draw(painter, room, text, pen.faint)

    def _paint_action(self, painter: QPainter, box: QRect, offer: Offer) -> None:
        pen = self._pen
        button = QRectF(box.left() + 0.5, box.center().y() - 14.5, box.width() - 1, 29)
        running = offer.download is not None and offer.download.phase is DownloadPhase.RUNNING
        if running and offer.model is None:
            bar = MiniStack(
                parts=((offer_words.share(offer), pen.accent),),
                capacity=1.0,
                ground=pen.track,
                over=pen.error,
            )
            bar.paint(painter, QRectF(button.left(), button.bottom() - 8, button.width(), 6))
            room = QRect(box.left(), round(button.top()) - 2, box.width(), 20)
            pen.small.draw_centred(painter, room, offer_words.action(offer), pen.dim)
            return
        prime = offer.advised or offer.model is not None
        painter.setPen(pen.accent if prime else pen.border)
        painter.setBrush(pen.accent if prime else pen.card)
        painter.drawRoundedRect(button, RADIUS.m, RADIUS.m)
        colour = pen.on_accent if prime else pen.text
        pen.small.draw_centred(painter, button.toRect(), offer_words.action(offer), colour)


class _Pens:
    """Colours and letters of one look, made once."""

    def __init__(self, tokens: Tokens) -> None:
        self.text, self.dim = QColor(tokens.text), QColor(tokens.dim)
        self.faint, self.accent = QColor(tokens.faint), QColor(tokens.accent)
        self.on_accent, self.card = QColor(tokens.on_accent), QColor(tokens.card)
        self.border, self.lit = QColor(tokens.border), QColor(tokens.hover)
        self.track = QColor(tokens.pressed)
        self.ok, self.warn = QColor(tokens.ok), QColor(tokens.warn)
        self.error = QColor(tokens.error)
        self.advised = QColor(tokens.accent)
        self.advised.setAlphaF(0.08)
        self.kinds = {kind: said.part_colour(tokens, kind) for kind in said.KINDS}
        self.kinds["other"] = QColor(tokens.faint)
        self.verdicts = {
            which: QColor(offer_words.verdict_colour(tokens, which))
            for which in offer_words.VERDICTS
        }
        self.plain, self.small = Letters(ui_font(FONT.plain)), Letters(ui_font(FONT.small))
        self.tiny = Letters(ui_font(FONT.tiny))
        strong = ui_font(FONT.plain)
        strong.setWeight(QFont.Weight.DemiBold)
        self.strong = Letters(strong)


def _found(option: QStyleOptionViewItem, point: QPoint) -> tuple[Cells, QPoint]:
    """The columns of a row as at a text size of 100 %, and the point among them."""
    row, zoom = StyleFields(option).rect, scale()
    where = offer_cells.cells(unscaled(row, zoom).adjusted(0, 1, -1, -2))
    return where, within(point, row, zoom)


def tip_at(where: Cells, x: int, offer: Offer) -> str:
    """What is said under the pointer, by the column it is in."""
    if offer.plan is None:
        return offer_words.why(offer) or offer_words.size(offer)
    if where.quality is not None and where.quality.left() <= x <= where.quality.right():
        return offer_words.quality(offer)
    if where.memory.left() <= x <= where.memory.right():
        return offer_words.memory(offer)
    if where.speed.left() <= x <= where.speed.right():
        return offer_words.pace(offer)
    if where.verdict.left() <= x <= where.verdict.right():
        return offer_words.why(offer)
    return "\n".join((offer.quantization.label, *offer.quantization.files[:3]))


def _halves(box: QRect) -> tuple[QRect, QRect]:
    """Two lines in the middle of that box."""
    middle = box.center().y() + 1
    return (
        QRect(box.left(), middle - 20, box.width(), 20),
        QRect(box.left(), middle, box.width(), 18),
    )
