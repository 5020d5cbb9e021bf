"""How a row of the shelf looks: name and origin, numbers, and how it stands."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.shelf_table import Column, ShelfLine, origin_text
from app.theme.scale import scaled
from app.theme.tokens import FONT, RADIUS, Tokens
from app.views.painted import RowLook, write
from engine.library.files import Origin, Soundness

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 50
_INSET = 7  # as the header's
_NUMBERS = frozenset({Column.PARAMETERS, Column.SIZE})


class ShelfDelegate(QStyledItemDelegate):
    """Paints the cells of a `ShelfTable`; no widget stands in any row."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, scaled(ROW_HEIGHT))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(ListRole.VALUE)
        if not isinstance(line, ShelfLine):
            return
        look, column = RowLook(option), Column(index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look.zoom(painter)
        self._paint_back(painter, look, column)
        inside = look.box.adjusted(_INSET, 0, -_INSET, 0)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        match column:
            case Column.NAME:
                self._paint_name(painter, look, inside, line)
            case Column.STATE:
                self._paint_state(painter, look, inside, line, text)
            case _:
                painter.setFont(look.sized(FONT.plain))
                dim = column is Column.USED or text == "–"
                role = QPalette.ColorRole.PlaceholderText if dim else QPalette.ColorRole.WindowText
                painter.setPen(look.colour(role))
                right = column in _NUMBERS
                side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                write(painter, inside, text, side)
        painter.restore()

    def _paint_back(self, painter: QPainter, look: RowLook, column: Column) -> None:
        """One rounded band across the row, painted cell by cell."""
        if not (look.selected or look.hovered):
            return
        band = look.box.adjusted(0, 1, 0, -1)
        painter.setClipRect(look.box)
        if column is not Column.NAME:
            band.setLeft(band.left() - RADIUS.m * 2)
        if column is not Column.STATE:
            band.setRight(band.right() + RADIUS.m * 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(band, RADIUS.m, RADIUS.m)
        if look.selected and column is Column.NAME:
            mark = QRect(look.box.left(), look.box.top() + 14, 3, ROW_HEIGHT - 28)
            painter.setBrush(look.colour(QPalette.ColorRole.Accent))
            painter.drawRoundedRect(mark, 1.5, 1.5)

    def _paint_name(self, painter: QPainter, look: RowLook, box: QRect, line: ShelfLine) -> None:
        model = line.model
        painter.setFont(look.sized(FONT.plain, bold=True))
        broken = model.broken is not None
        role = QPalette.ColorRole.PlaceholderText if broken else QPalette.ColorRole.WindowText
        painter.setPen(look.colour(role))
        detail = " · ".join(self._details(line))
        alone = not detail and model.origin is Origin.FULLBORE
        title = QRect(box.left(), box.top() + (15 if alone else 7), box.width(), 19)
        write(painter, title, model.id, cut=Qt.TextElideMode.ElideMiddle)
        middle = box.top() + 36
        left = box.left()
        if model.origin is not Origin.FULLBORE:
            left = look.paint_badge(painter, left, middle, origin_text(model.origin)) + 7
        painter.setFont(look.sized(FONT.tiny))
        painter.setPen(look.colour(QPalette.ColorRole.PlaceholderText))
        write(painter, QRect(left, middle - 9, max(0, box.right() - left), 18), detail)

    def _details(self, line: ShelfLine) -> list[str]:
        model = line.model
        parts = [part for part in (model.name, model.architecture) if part]
        if len(model.files) > 1:
            parts.append(self.tr("{0} files").format(len(model.files)))
        return parts

    def _paint_state(
        self, painter: QPainter, look: RowLook, box: QRect, line: ShelfLine, text: str
    ) -> None:
        painter.setFont(look.sized(FONT.small))
        painter.setPen(self._colour(look, line))
        fraction = line.check.fraction if line.check is not None else None
        if fraction is not None:
            write(painter, QRect(box.left(), box.top() + 8, box.width(), 18), text)
            bar = QRect(box.left(), box.top() + 33, box.width(), 6)
            look.paint_bar(painter, bar, fraction)
            return
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        lines = painter.boundingRect(box, int(flags), text)
        if lines.height() <= ROW_HEIGHT - 12:
            painter.drawText(box, int(flags), text)
        else:  # the whole sentence is in the tooltip, and below the table when chosen
            write(painter, box, text)

    def _colour(self, look: RowLook, line: ShelfLine) -> QColor:
        check = line.check
        failed = check is not None and (
            check.failure is not None or check.soundness is Soundness.DAMAGED
        )
        if failed or (check is None and line.model.broken is not None):
            return QColor(self._tokens.error)
        waits = check is not None and check.soundness is None
        if not waits and (line.newer or line.twins):
            return QColor(self._tokens.warn)
        if check is not None and check.soundness is Soundness.SOUND:
            return QColor(self._tokens.ok)
        if check is None and line.loaded:
            return QColor(self._tokens.accent)
        return look.colour(QPalette.ColorRole.PlaceholderText)
