"""The transfers, in the order they are to come."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from app.lists.row_list import RowList
from engine.download.values import Download, DownloadPhase

Index = QModelIndex | QPersistentModelIndex
_KIND = "application/x-fullbore-download"

UNDER_WAY = frozenset({DownloadPhase.RUNNING, DownloadPhase.VERIFYING, DownloadPhase.REPAIRING})
STOPPED = frozenset({DownloadPhase.PAUSED, DownloadPhase.FAILED, DownloadPhase.CANCELLED})


class DownloadsList(RowList[Download]):
    """Rows of transfers; dragging one says where it is to go."""

    moved = Signal(str, int)  # that download is to stand at this place

    def __init__(self, *, told: Callable[[str], str] = str, parent: QObject | None = None) -> None:
        """`told` puts a failure into the window's language."""
        super().__init__(parent=parent)
        self._told = told

    @override
    def key(self, row: Download) -> object:
        return row.id

    @override
    def title(self, row: Download) -> str:
        return row.id

    @override
    def detail(self, row: Download) -> str:
        if row.phase is DownloadPhase.FAILED and row.failure is not None:
            return self._told(row.failure)
        return self._says()[row.phase]

    def _says(self) -> dict[DownloadPhase, str]:
        return {
            DownloadPhase.QUEUED: self.tr("Queued"),
            DownloadPhase.RUNNING: self.tr("Downloading"),
            DownloadPhase.VERIFYING: self.tr("Verifying"),
            DownloadPhase.REPAIRING: self.tr("Repairing damaged parts"),
            DownloadPhase.PAUSED: self.tr("Paused"),
            DownloadPhase.DONE: self.tr("Here, and complete"),
            DownloadPhase.FAILED: self.tr("Broke off; what has arrived is kept"),
            DownloadPhase.CANCELLED: self.tr("Stopped; what has arrived is kept"),
        }

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid():
            return flags | Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsDropEnabled  # between rows, never onto one

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [_KIND]

    @override
    def mimeData(self, indexes: object, /) -> QMimeData:
        carried = QMimeData()
        places = [index for index in indexes if isinstance(index, QModelIndex)]  # pyright: ignore[reportUnknownVariableType, reportGeneralTypeIssues]
        download = self.value(places[0]) if places else None
        if download is not None:
            carried.setData(_KIND, download.id.encode())
        return carried

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index, /
    ) -> bool:
        if not data.hasFormat(_KIND):
            return False
        download = bytes(data.data(_KIND).data()).decode()
        start = self.row_of(download)
        if start is None:
            return False
        place = len(self.rows) if row < 0 else row
        self.moved.emit(download, place - 1 if place > start else place)
        return False  # the queue itself moves it, and says so
