"""The panel at the window's right: what the machine does, and the local port."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.widgets.arranging import column, label

WIDTH = 312
NARROWEST, WIDEST = 260, 460


class SidePanel(QWidget):
    """A title and, below it, the parts one under the other, scrolling where they must."""

    def __init__(self, *parts: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.setAccessibleName(self.tr("Hardware and server"))
        inside = QWidget()
        inside.setProperty("kind", "clear")
        inside.setLayout(column(*parts, None, margins=(14, 4, 14, 14), spacing=12))
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        title = column(label(self.tr("Hardware"), "title"), margins=(14, 16, 14, 8))
        self.setLayout(column(title, scroll, spacing=0))
