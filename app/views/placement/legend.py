"""What the colours of the bars mean."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.presenters.placement.places import PartKind
from app.theme.tokens import Tokens
from app.views.placement import said
from app.widgets.arranging import label, row

_SIDE = 11


class Legend(QWidget):
    """A square and a name for each kind of part."""

    def __init__(
        self, kinds: Sequence[PartKind], tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        line = row(spacing=6)
        for kind in kinds:
            line.addWidget(_Square(said.part_colour(tokens, kind), hatched=kind == "reserve"))
            line.addWidget(label(said.part_name(kind), "dim"))
            line.addSpacing(10)
        line.addStretch(1)
        self.setLayout(line)


class _Square(QWidget):
    def __init__(self, colour: QColor, *, hatched: bool) -> None:
        super().__init__()
        self._colour, self._hatched = colour, hatched
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._colour if self._hatched else Qt.PenStyle.NoPen)
        style = Qt.BrushStyle.BDiagPattern if self._hatched else Qt.BrushStyle.SolidPattern
        painter.setBrush(QBrush(self._colour, style))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
