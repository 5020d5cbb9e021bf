"""How a row of any list looks: a heading where the group changes, a title, perhaps a detail."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.theme.scale import scaled
from app.theme.tokens import FONT, RADIUS, SPACE
from app.views.painted import zoomed

Index = QModelIndex | QPersistentModelIndex

_TITLE = 34
_DETAIL = 18
_HEADING = 30


class RowDelegate(QStyledItemDelegate):
    """Paints rows by the roles of `ListRole`; an editor covers the title only."""

    def __init__(self, parent: QWidget | None = None, *, details: bool = False) -> None:
        super().__init__(parent)
        self._details = details

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = _TITLE + (_DETAIL if self._details else 0)
        return QSize(80, scaled(height + (_HEADING if _heading(index) else 0)))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = StyleFields(option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = zoomed(painter, look.rect)
        heading = _heading(index)
        if heading:
            painter.setFont(_font(look.font, FONT.tiny, bold=True))
            painter.setPen(look.palette.color(QPalette.ColorRole.PlaceholderText))
            place = box.adjusted(2, 0, 0, 0)
            place.setHeight(_HEADING - SPACE.xs)
            painter.drawText(place, Qt.AlignmentFlag.AlignBottom, heading.upper())
            box.setTop(box.top() + _HEADING)
        self._paint_row(painter, look, box.adjusted(0, 1, 0, -1), index)
        painter.restore()

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        box = QRect(StyleFields(option).rect)
        if _heading(index):
            box.setTop(box.top() + scaled(_HEADING))
        editor.setGeometry(box)

    def _paint_row(self, painter: QPainter, look: "StyleFields", box: QRect, index: Index) -> None:
        selected = bool(look.state & QStyle.StateFlag.State_Selected)
        lit = selected or bool(look.state & QStyle.StateFlag.State_MouseOver)
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(box, RADIUS.m, RADIUS.m)
        if selected and look.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.palette.color(QPalette.ColorRole.Accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), RADIUS.m, RADIUS.m)
        inside = box.adjusted(SPACE.m, 0, -SPACE.m, 0)
        title_box = QRect(inside)
        title_box.setHeight(min(inside.height(), _TITLE - 2))
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        role = QPalette.ColorRole.WindowText if enabled else QPalette.ColorRole.PlaceholderText
        colour = QColor(look.palette.color(role))
        if not (lit or self._details):
            colour.setAlphaF(0.75)
        painter.setPen(colour)
        painter.setFont(_font(look.font, FONT.plain, bold=self._details))
        _draw(painter, title_box, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        if self._details:
            detail_box = QRect(inside)
            detail_box.setTop(inside.top() + _TITLE - 10)
            painter.setPen(look.palette.color(QPalette.ColorRole.PlaceholderText))
            painter.setFont(_font(look.font, FONT.small))
            _draw(painter, detail_box, str(index.data(ListRole.DETAIL) or ""))


class StyleFields:
    """The fields of a style option, which Qt's stubs leave untyped."""

    def __init__(self, option: QStyleOptionViewItem) -> None:
        self.rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self.font: QFont = option.font  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def _heading(index: Index) -> str:
    group = str(index.data(ListRole.GROUP) or "")
    if index.row() == 0:
        return group
    rows: QAbstractItemModel = index.model()
    above = rows.index(index.row() - 1, 0)
    return "" if above.data(ListRole.GROUP) == group else group


def _font(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    font = QFont(base)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _draw(painter: QPainter, box: QRect, text: str) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
