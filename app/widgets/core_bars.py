"""How busy each core is: upright bars beside each other."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

_HEIGHT = 30
_WIDEST = 18.0


class CoreBars(QWidget):
    """Shares of 0 to 1."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[float, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: Sequence[float]) -> None:
        """Show these, in their order."""
        if tuple(shares) != self._shares:
            self._shares = tuple(shares)
            told = ", ".join(f"{share * 100:.0f} %" for share in shares)
            self.setAccessibleDescription(told)
            self.setVisible(bool(shares))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shares:
            return
        painter = QPainter(self)
        step = min(_WIDEST, self.width() / len(self._shares))
        gap = 2.0 if step > 4 else 0.5
        ground = self.palette().color(QPalette.ColorRole.Midlight)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        for place, share in enumerate(self._shares):
            box = QRectF(place * step, 0, step - gap, self.height())
            painter.fillRect(box, ground)
            box.setTop(box.bottom() - box.height() * min(1.0, max(0.0, share)))
            painter.fillRect(box, accent)
