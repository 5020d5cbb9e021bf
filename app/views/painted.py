"""What delegates that paint their rows have in common: a look, texts, bars and badges."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPalette
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.theme.scale import scale, unscaled
from app.theme.tokens import FONT, RADIUS


class RowLook:
    """The fields of a style option, which Qt's stubs leave untyped, and ways to paint with them."""

    def __init__(self, option: QStyleOptionViewItem) -> None:
        self.box: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.selected = bool(state & QStyle.StateFlag.State_Selected)
        self.hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        self.focused = bool(state & QStyle.StateFlag.State_HasFocus)

    def zoom(self, painter: QPainter) -> None:
        """From here on the box is as at a text size of 100 %, and the painter enlarges."""
        self.box = zoomed(painter, self.box)

    def colour(self, role: QPalette.ColorRole) -> QColor:
        """Of the present look."""
        return self.palette.color(role)

    def sized(self, pixels: int, *, bold: bool = False) -> QFont:
        """The row's font, of that height."""
        font = QFont(self.font)
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def paint_badge(self, painter: QPainter, left: int, middle: int, text: str) -> int:
        """A small rounded label around that line's middle; returns where it ends."""
        painter.setFont(self.sized(FONT.tiny))
        metrics = QFontMetrics(painter.font())
        width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 3
        box = QRect(left, middle - height // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        back = QPalette.ColorRole.Mid if self.selected or self.hovered else _BADGE
        painter.setBrush(self.colour(back))
        painter.drawRoundedRect(box, RADIUS.s, RADIUS.s)
        painter.setPen(self.colour(QPalette.ColorRole.WindowText))
        painter.setOpacity(0.8)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.setOpacity(1.0)
        return box.right() + 1

    def paint_bar(
        self, painter: QPainter, box: QRect, fraction: float, colour: QColor | None = None
    ) -> None:
        """A rounded bar that is filled so far."""
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(box), box.height() / 2, box.height() / 2)
        painter.save()
        painter.setClipPath(outline)
        back = QPalette.ColorRole.Mid if self.selected or self.hovered else _BADGE
        painter.fillRect(box, self.colour(back))
        filled = QRectF(box)
        filled.setWidth(box.width() * min(1.0, max(0.0, fraction)))
        painter.fillRect(filled, colour or self.colour(QPalette.ColorRole.Accent))
        painter.restore()


_BADGE = QPalette.ColorRole.Midlight


def zoomed(painter: QPainter, box: QRect) -> QRect:
    """Rows are drawn for a text size of 100 %: let the painter enlarge what is drawn in there."""
    zoom = scale()
    if zoom == 1:
        return QRect(box)
    painter.translate(box.topLeft())
    painter.scale(zoom, zoom)
    return unscaled(box, zoom)


def write(
    painter: QPainter,
    box: QRect,
    text: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text, cut with an ellipsis where the room ends."""
    shown = QFontMetrics(painter.font()).elidedText(text, cut, box.width())
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown)
