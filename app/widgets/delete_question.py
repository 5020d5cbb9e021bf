"""Asked before something goes that cannot come back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class DeleteQuestion(QMessageBox):
    """Neither a stray Enter nor Escape deletes. Goes with its answer."""

    confirmed = Signal()

    def __init__(self, parent: QWidget, title: str, asked: str, *, verb: str = "") -> None:
        """`verb` is what deleting is called here."""
        super().__init__(QMessageBox.Icon.Question, title, asked, parent=parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sure = self.addButton(verb or self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        sure.setProperty("kind", "danger")
        keep = self.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(keep)
        self.setEscapeButton(keep)
        sure.clicked.connect(self.confirmed)
