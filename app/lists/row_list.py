"""One flat list of values, shown in rows."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

Index = QModelIndex | QPersistentModelIndex
Row = TypeVar("Row")


class ListRole(IntEnum):
    """What a row can be asked for, besides Qt.ItemDataRole.DisplayRole (its title)."""

    VALUE = Qt.ItemDataRole.UserRole + 1  # the plain value itself
    DETAIL = Qt.ItemDataRole.UserRole + 2  # a second line; "" if there is none
    GROUP = Qt.ItemDataRole.UserRole + 3  # the heading above it; "" if there is none
    CURRENT = Qt.ItemDataRole.UserRole + 4  # bool: the one in use


class RowList(QAbstractListModel, Generic[Row]):
    """Rows of values. A subclass says a row's key and what it shows."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def key(self, row: Row) -> object:
        """What stays the same while the row's words change."""
        raise NotImplementedError

    def title(self, row: Row) -> str:
        """The row's first line."""
        raise NotImplementedError

    def detail(self, row: Row) -> str:  # noqa: ARG002 (most rows have none)
        """The row's second line."""
        return ""

    def group(self, row: Row) -> str:  # noqa: ARG002
        """The heading the row belongs under."""
        return ""

    def is_current(self, row: Row) -> bool:  # noqa: ARG002
        """Whether it is the one in use."""
        return False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The values, top to bottom."""
        return self._rows

    def replace(self, rows: Sequence[Row]) -> None:
        """Show these rows. The selection survives where the keys stay in place."""
        new = tuple(rows)
        if [self.key(row) for row in new] == [self.key(row) for row in self._rows]:
            self._rows = new
            self.redraw()
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def redraw(self) -> None:
        """Every row may show other words now."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def row_of(self, key: object) -> int | None:
        """Where the row with that key is."""
        for place, row in enumerate(self._rows):
            if self.key(row) == key:
                return place
        return None

    def value(self, index: Index) -> Row | None:
        """The value at that index."""
        return self._rows[index.row()] if index.isValid() else None

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.value(index)
        return None if row is None else self._shown(row, role)

    @override
    def roleNames(self) -> dict[int, QByteArray]:
        names = {int(role): QByteArray(role.name.lower().encode()) for role in ListRole}
        return super().roleNames() | names

    def _shown(self, row: Row, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.title(row)
            case Qt.ItemDataRole.ToolTipRole | ListRole.DETAIL:
                return self.detail(row)
            case ListRole.VALUE:
                return row
            case ListRole.GROUP:
                return self.group(row)
            case ListRole.CURRENT:
                return self.is_current(row)
            case _:
                return None
