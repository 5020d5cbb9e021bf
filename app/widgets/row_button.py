"""A button as wide as its column, with two lines and a figure at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from app.theme.stylesheet import set_dress
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel


class RowButton(QPushButton):
    """One thing to choose: what it is, more about it, and what it gives."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title, self._detail = ElidedLabel(), ElidedLabel()
        set_dress(self._detail, "role", "faint")
        self._figure = label()
        for part in (self._title, self._detail, self._figure):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._inside = inside = row(
            column(self._title, self._detail, spacing=1), self._figure, spacing=10
        )
        inside.setStretch(0, 1)
        inside.setContentsMargins(10, 7, 10, 7)
        self.setLayout(inside)

    def say(self, title: str, detail: str, figure: str) -> None:
        """What it is, more about it, and what it gives."""
        self._title.setText(title)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._figure.setText(figure)
        self.setAccessibleName(" · ".join(part for part in (title, detail, figure) if part))

    @override
    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._inside.minimumSize().height())
