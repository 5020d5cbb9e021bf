"""The field in which all chats are searched."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from app.views.icons import mark
from app.widgets.icon_button import tip


class SearchField(QLineEdit):
    """Enter opens the best hit, the arrow down goes to the results, Esc empties it."""

    down_wanted = Signal()
    first_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Search chats"))
        self.setAccessibleName(self.tr("Search chats"))
        self.setToolTip(tip(self.tr("Search chats"), QKeySequence("Ctrl+F")))
        self.setClearButtonEnabled(True)
        self.setMaxLength(1000)
        glass = QAction(self)
        mark(glass, "search", "faint")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.down_wanted.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.first_wanted.emit()
            case Qt.Key.Key_Escape:
                self.clear()
                self.left.emit()
            case _:
                super().keyPressEvent(event)
