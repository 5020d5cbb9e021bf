"""The round button that brings the end back into view."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from app.theme.icons import paint_icon
from app.theme.tokens import DARK, Tokens

SIDE = 36


class JumpButton(QAbstractButton):
    """Stands over the conversation while its end is out of view; lit when something new came."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens = DARK
        self._news = False
        self.resize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def news(self) -> bool:
        """Whether text has arrived that was not seen."""
        return self._news

    def wear(self, tokens: Tokens, says: str) -> None:
        """Take these colours, and say this."""
        self._tokens = tokens
        self.setAccessibleName(says)
        self.setToolTip(says)
        self.update()

    def tell_news(self) -> None:
        """Something arrived below what is seen."""
        if not self._news and not self.isHidden():
            self._news = True
            self.update()

    def stand(self, view: QRect) -> None:
        """Stand at the lower middle of `view`."""
        self.move(view.center().x() - SIDE // 2, view.bottom() - SIDE - 12)
        self.show()

    def go_away(self) -> None:
        """The end is in view."""
        self._news = False
        self.hide()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    @override
    def paintEvent(self, e: QPaintEvent) -> None:
        tokens = self._tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent if self._news else tokens.border), 1))
        rest = tokens.hover if self.underMouse() else tokens.card
        painter.setBrush(QColor(tokens.accent if self._news else rest))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        colour = tokens.on_accent if self._news else tokens.text
        paint_icon(painter, "arrow-down", colour, QRectF(9, 9, 18, 18))
