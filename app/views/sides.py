"""The window's three parts side by side, and which of them there is room for."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from app.theme.scale import scale, scaled
from app.views.chat import sidebar
from app.views.monitor import side_panel

MIDDLE = 360


class Sides(QSplitter):
    """The chats, the conversation, the machine; a narrow window has room for one side only."""

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__()
        self._left, self._right = left, right
        self._folded: QWidget | None = None  # the side that is hidden for want of room
        self._aside = False  # the right comes back with the conversation
        self._zoom = 0.0  # for which the sides were sized
        middle.setMinimumWidth(MIDDLE)
        self.setHandleWidth(1)
        for part in (left, middle, right):
            self.addWidget(part)
        self.setStretchFactor(1, 1)
        self.setChildrenCollapsible(False)

    def turn_left(self) -> None:
        """Show or hide the left."""
        self._turn(self._left, self._right)

    def turn_right(self) -> None:
        """Show or hide the right."""
        self._turn(self._right, self._left)

    def keep_right(self, *, wanted: bool) -> None:
        """The right stands beside some screens alone; it comes back if it was there."""
        if wanted and self._aside:
            self._right.show()
            self._aside = False
        elif not wanted and not self._right.isHidden():
            self._right.hide()
            self._aside = True

    def fit(self) -> None:
        """Sides are as wide as their letters need, and hidden where there is no room for both."""
        if self._zoom != scale():
            self._zoom = scale()
            left, right = scaled(sidebar.WIDTH), scaled(side_panel.WIDTH)
            self._left.setMaximumWidth(scaled(sidebar.WIDEST))
            self._right.setMaximumWidth(scaled(side_panel.WIDEST))
            self._right.setMinimumWidth(scaled(side_panel.NARROWEST))
            self.setSizes([left, max(MIDDLE, self.window().width() - left - right), right])
        if self._narrow and not self._left.isHidden() and not self._right.isHidden():
            self._right.hide()
            self._folded = self._right
        elif self._folded is not None and not self._narrow:
            self._folded.show()
            self._folded = None

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit()

    @property
    def _narrow(self) -> bool:
        """Whether there is no room for the chats, the conversation and the machine at once."""
        return self.window().width() < scaled(sidebar.WIDTH + MIDDLE + side_panel.WIDTH)

    def _turn(self, side: QWidget, other: QWidget) -> None:
        """Show or hide that side; where there is room for one only, the other goes."""
        self._folded = None
        side.setVisible(side.isHidden())
        if self._narrow and not side.isHidden() and not other.isHidden():
            other.hide()
            self._folded = other
