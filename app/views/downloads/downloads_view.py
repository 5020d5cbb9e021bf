"""The list of transfers: click a verb, drag a row, or do it all by keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QSizePolicy, QToolTip, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.presenters.downloads import DownloadsPresenter
from app.theme.scale import scale, scaled, unscaled, within
from app.theme.tokens import FONT, Tokens
from app.views.downloads.download_delegate import ROW_HEIGHT, DownloadDelegate
from app.views.downloads.download_verbs import Verb
from engine.download.values import Download

_LEAST_ROWS = 1.5
_MOST_ROWS = 3.5  # half a row tells that there are more


class DownloadsView(QListView):
    """Space pauses and goes on, Delete removes, Enter does what the row offers in words,
    Alt+↑ and Alt+↓ move it in the queue.
    """

    remove_wanted = Signal(str)

    def __init__(
        self, downloads: DownloadsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._downloads = downloads
        self._moving: str | None = None
        self.delegate = DownloadDelegate(tokens, downloads.mirror_would_help, self)
        self.setItemDelegate(self.delegate)
        self.setModel(downloads.downloads_list)
        self.setAccessibleName(self.tr("Downloads"))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        downloads.downloads_list.modelAboutToBeReset.connect(self._remember)
        downloads.downloads_list.modelReset.connect(self._find_again)
        downloads.changed.connect(self._fit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._fit()

    @property
    def current(self) -> Download | None:
        """The row the keyboard is on."""
        return _value(self.currentIndex())

    def do(self, verb: Verb, download: Download) -> None:
        """What was clicked, or chosen from the menu."""
        then: dict[Verb, Callable[[str], None]] = {
            Verb.PAUSE: self._downloads.pause,
            Verb.RESUME: self._downloads.resume,
            Verb.RETRY: self._downloads.resume,
            Verb.CANCEL: self._downloads.cancel,
            Verb.REMOVE: self.remove_wanted.emit,
            Verb.MIRROR: self._downloads.use_mirror,
            Verb.CHAT: self._downloads.chat_with,
        }
        then[verb](download.id)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a verb starts no drag."""
        if self._verb_at(event.position().toPoint()) is None:
            super().mousePressEvent(event)
        else:
            self.setCurrentIndex(self.indexAt(event.position().toPoint()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hit = self._verb_at(event.position().toPoint())
        if hit is not None and event.button() is Qt.MouseButton.LeftButton:
            self.do(*hit)
        else:
            super().mouseReleaseEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._verb_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        download = self.current
        if download is None or not self._answer(event, download):
            super().keyPressEvent(event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        """Verbs that are icons, and sentences that are cut, are told in a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            hit = self._verb_at(event.pos())
            if hit is not None:
                QToolTip.showText(event.globalPos(), self.delegate.says(hit[0]), self)
                return True
        return super().viewportEvent(event)

    def _answer(self, event: QKeyEvent, download: Download) -> bool:
        """Whether that key meant something here."""
        offered = self.delegate.verbs(download)
        place = self.currentIndex().row()
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._moving = download.id
                self._downloads.move(download.id, place + step)
            return step is not None
        by_key: dict[int, tuple[Verb, ...]] = {
            Qt.Key.Key_Space: (Verb.PAUSE, Verb.RESUME, Verb.RETRY),
            Qt.Key.Key_Return: (Verb.CHAT, Verb.RETRY, Verb.RESUME),
            Qt.Key.Key_Enter: (Verb.CHAT, Verb.RETRY, Verb.RESUME),
            Qt.Key.Key_Delete: (Verb.REMOVE, Verb.CANCEL),
        }
        for verb in by_key.get(event.key(), ()):
            if verb in offered:
                self.do(verb, download)
                return True
        return False

    def _verb_at(self, point: QPoint) -> tuple[Verb, Download] | None:
        index = self.indexAt(point)
        download = _value(index)
        if download is None:
            return None
        font = self.font()
        font.setPixelSize(FONT.small)
        row, zoom = self.visualRect(index), scale()
        inside = within(point, row, zoom)  # rows are laid out as at 100 %
        places = self.delegate.places(unscaled(row, zoom), download, QFontMetrics(font))
        for verb, place in places:
            if place.contains(inside):
                return verb, download
        return None

    def _open_menu(self, point: QPoint) -> None:
        download = _value(self.indexAt(point))
        if download is not None:
            self.menu_for(download).popup(self.viewport().mapToGlobal(point))

    def menu_for(self, download: Download) -> QMenu:
        """All verbs of one row, in words."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for verb in self.delegate.verbs(download):
            action = menu.addAction(self.delegate.says(verb))
            action.triggered.connect(lambda _=False, verb=verb: self.do(verb, download))
        menu.addSeparator()
        place = self._downloads.downloads_list.row_of(download.id) or 0
        for says, step in ((self.tr("Move up"), -1), (self.tr("Move down"), 1)):
            action = menu.addAction(says)
            action.setEnabled(0 <= place + step < len(self._downloads.downloads))
            action.triggered.connect(
                lambda _=False, step=step: self._downloads.move(download.id, place + step)
            )
        return menu

    def _remember(self) -> None:
        download = self.current
        self._moving = self._moving or (download.id if download is not None else None)

    def _find_again(self) -> None:
        """The same transfer stays chosen, wherever it stands now."""
        moving, self._moving = self._moving, None
        place = self._downloads.downloads_list.row_of(moving)
        if place is not None:
            self.selectionModel().setCurrentIndex(
                self.model().index(place, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    @override
    def sizeHint(self) -> QSize:
        """As tall as its rows, up to a few."""
        return QSize(super().sizeHint().width(), self._tall(_MOST_ROWS))

    def _fit(self) -> None:
        self.setMaximumHeight(self._tall(_MOST_ROWS))
        self.setMinimumHeight(self._tall(_LEAST_ROWS))
        self.updateGeometry()

    def _tall(self, most: float) -> int:
        return int(scaled(ROW_HEIGHT) * min(most, len(self._downloads.downloads))) + 2


def _value(index: QModelIndex) -> Download | None:
    found = index.data(ListRole.VALUE)
    return found if isinstance(found, Download) else None
