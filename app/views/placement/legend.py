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
        self._squares: dict[PartKind, _Square] = {}
        line = row(spacing=6)
        for kind in kinds:
            square = _Square(said.part_colour(tokens, kind), hatched=kind == "reserve")
            self._squares[kind] = square
            line.addWidget(square)
            line.addWidget(label(said.part_name(kind), "dim"))
            line.addSpacing(10)
        line.addStretch(1)
        self.setLayout(line)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        for kind, square in self._squares.items():
            square.show_colour(said.part_colour(tokens, kind))


class _Square(QWidget):
    def __init__(self, colour: QColor, *, hatched: bool) -> None:
        super().__init__()
        self._colour, self._hatched = colour, hatched
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_colour(self, colour: QColor) -> None:
        """Show this one from now on."""
        self._colour = colour
        self.update()

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
