"""What clients asked of the port, the newest first."""

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.sizes import decimal_text, time_text, whole_text
from engine.requests import RequestSeen, Stage

Index = QModelIndex | QPersistentModelIndex

MOST = 200  # older ones go
_NOTHING = "–"


class RequestColumn(IntEnum):
    """What the table tells of a request, left to right."""

    TIME = 0
    STAGE = 1
    MODEL = 2
    PATH = 3
    KEY = 4
    PROMPT = 5
    ANSWER = 6
    FIRST = 7
    SPEED = 8
    SECONDS = 9


_NUMBERS = frozenset(
    {
        RequestColumn.PROMPT,
        RequestColumn.ANSWER,
        RequestColumn.FIRST,
        RequestColumn.SPEED,
        RequestColumn.SECONDS,
    }
)


class RequestsList(QAbstractTableModel):
    """Rows of requests; `ListRole.VALUE` is the whole request, in any column."""

    def __init__(self, *, told: Callable[[str], str] = str, parent: QObject | None = None) -> None:
        """`told` puts a failure into the window's language."""
        super().__init__(parent)
        self._told = told
        self._rows: list[RequestSeen] = []

    @property
    def rows(self) -> tuple[RequestSeen, ...]:
        """The newest first."""
        return tuple(self._rows)

    def of(self, request: int) -> RequestSeen | None:
        """The request of that number."""
        return next((row for row in self._rows if row.id == request), None)

    def row_of(self, request: int) -> int | None:
        """Where it stands."""
        return next((at for at, row in enumerate(self._rows) if row.id == request), None)

    def put(self, request: RequestSeen) -> None:
        """It came, or came further. The oldest goes when there are too many."""
        at = self.row_of(request.id)
        if at is not None:
            self._rows[at] = request
            self.dataChanged.emit(self.index(at, 0), self.index(at, len(RequestColumn) - 1))
            return
        if len(self._rows) == MOST:
            if request.id < self._rows[-1].id:
                return
            self.beginRemoveRows(QModelIndex(), MOST - 1, MOST - 1)
            self._rows.pop()
            self.endRemoveRows()
        place = next(
            (at for at, row in enumerate(self._rows) if row.id < request.id), len(self._rows)
        )
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.insert(place, request)
        self.endInsertRows()

    def keep(self, wanted: Callable[[RequestSeen], bool]) -> None:
        """Show only those of which that is true."""
        self.beginResetModel()
        self._rows = [row for row in self._rows if wanted(row)]
        self.endResetModel()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(RequestColumn)

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(RequestColumn):
            return None
        column = RequestColumn(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return self.titles()[column] if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        request, column = self._rows[index.row()], RequestColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(request, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _side(column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.titles()[column]}: {self.text(request, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                said = self._told(request.failure) if request.failure else ""
                return said or self.text(request, column)
            case _:
                return request if role == ListRole.VALUE else None

    def text(self, request: RequestSeen, column: RequestColumn) -> str:
        """What a cell says."""
        match column:
            case RequestColumn.TIME:
                return time_text(request.at)
            case RequestColumn.STAGE:
                return self.stage(request)
            case RequestColumn.MODEL:
                return request.model or _NOTHING
            case RequestColumn.PATH:
                return request.path
            case RequestColumn.KEY:
                return request.key or _NOTHING
            case _:
                return _number(request, column)

    def stage(self, request: RequestSeen) -> str:
        """How far it is, and how it ended."""
        names = {
            Stage.WAITING: self.tr("waiting"),
            Stage.READING: self.tr("reading"),
            Stage.WRITING: self.tr("writing"),
            Stage.DONE: self.tr("done"),
            Stage.FAILED: self.tr("failed"),
            Stage.LEFT: self.tr("client left"),
        }
        name = names[request.stage]
        return name if request.status is None else f"{name} · {request.status}"

    def titles(self) -> dict[RequestColumn, str]:
        """What stands above the columns."""
        return {
            RequestColumn.TIME: self.tr("Time"),
            RequestColumn.STAGE: self.tr("State"),
            RequestColumn.MODEL: self.tr("Model"),
            RequestColumn.PATH: self.tr("Path"),
            RequestColumn.KEY: self.tr("Key"),
            RequestColumn.PROMPT: self.tr("Prompt"),
            RequestColumn.ANSWER: self.tr("Answer"),
            RequestColumn.FIRST: self.tr("First token"),
            RequestColumn.SPEED: self.tr("tok/s"),
            RequestColumn.SECONDS: self.tr("Took"),
        }


def _number(request: RequestSeen, column: RequestColumn) -> str:
    match column:
        case RequestColumn.PROMPT:
            return _NOTHING if request.prompt_tokens is None else whole_text(request.prompt_tokens)
        case RequestColumn.ANSWER:
            return _NOTHING if request.answer_tokens is None else whole_text(request.answer_tokens)
        case RequestColumn.FIRST:
            return _seconds(request.first_token_seconds)
        case RequestColumn.SPEED:
            return _NOTHING if request.decode_tps is None else decimal_text(request.decode_tps, 1)
        case _:
            return _seconds(request.seconds)


def _seconds(seconds: float | None) -> str:
    return _NOTHING if seconds is None else f"{decimal_text(seconds, 2)} s"


def _side(column: RequestColumn) -> Qt.AlignmentFlag:
    right = column in _NUMBERS
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
