"""One picture, as large as the window allows."""

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget
from typing_extensions import override

MARGIN = 24


class PictureView(QDialog):
    """Lies over its window until a click or a key sends it away."""

    def __init__(self, picture: QImage, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAccessibleName(name)
        self.setGeometry(parent.window().geometry())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 190))
        room = QSizeF(self.size()) - QSizeF(2 * MARGIN, 2 * MARGIN)
        size = QSizeF(self._picture.size())
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._picture)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.close()
