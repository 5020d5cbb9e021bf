"""Files that are dropped anywhere on the conversation go along with the next question."""

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFrame, QWidget
from typing_extensions import override

from app.presenters.attachments import AttachmentsPresenter
from app.widgets.arranging import column, label
from app.widgets.growing_edit import files_of

_MARGIN = 16


class AttachmentsDrop(QObject):
    """Watches that part of the window, and says over it what a drop would do."""

    def __init__(self, attachments: AttachmentsPresenter, place: QWidget) -> None:
        super().__init__(place)
        self._attachments = attachments
        self._place = place
        self.veil = QFrame(place)
        self.veil.setProperty("kind", "composer")
        self.veil.setProperty("focused", "true")
        self.veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        says = label(self.tr("Drop to attach to your question"), "title")
        says.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.veil.setLayout(column(says))
        self.veil.hide()
        place.setAcceptDrops(True)
        place.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDropEvent() if event.type() == QEvent.Type.Drop:
                self.veil.hide()
                return self._drop(event)
            # Qt's enter events are move events, and those are drop events.
            case QDragEnterEvent() | QDragMoveEvent():
                if not _is_wanted(event.mimeData()):
                    return False
                event.acceptProposedAction()
                self._show_veil()
                return True
            case _ if event.type() == QEvent.Type.DragLeave:
                self.veil.hide()
            case _:
                pass
        return super().eventFilter(watched, event)

    def _drop(self, event: QDropEvent) -> bool:
        dropped = event.mimeData()
        if not _is_wanted(dropped):
            return False
        event.acceptProposedAction()
        files = files_of(dropped)
        if files:
            self._attachments.add_files(files)
            return True
        picture = dropped.imageData()
        if isinstance(picture, QImage):
            self._attachments.add_picture(picture)
        return True

    def _show_veil(self) -> None:
        box: QRect = self._place.rect()
        self.veil.setGeometry(box.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN))
        self.veil.raise_()
        self.veil.show()


def _is_wanted(source: QMimeData) -> bool:
    return bool(files_of(source)) or source.hasImage()
