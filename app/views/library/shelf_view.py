"""The shelf's table: choose rows, and hear what the person wants of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.shelf_table import Column, ShelfLine, ShelfTable
from app.theme.scale import scale, scaled
from app.theme.tokens import Tokens
from app.views.library.shelf_delegate import ROW_HEIGHT, ShelfDelegate

_WIDTHS = {
    Column.QUANTIZATION: 116,
    Column.PARAMETERS: 100,
    Column.SIZE: 90,
    Column.USED: 110,
    Column.STATE: 230,
}

_TIGHT = 620


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to do with the chosen models, for a menu."""

    says: str
    then: Callable[[], object]
    enabled: bool = True


class ShelfView(QTableView):
    """Enter chats, Delete deletes; the chosen models stay chosen while rows move."""

    chosen_changed = Signal()
    activated_model = Signal(str)
    delete_wanted = Signal()
    _zoom = 0.0  # for which the columns were sized

    def __init__(self, table: ShelfTable, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._kept: tuple[str, ...] = ()
        self.choices: Callable[[], list[Choice]] = list
        self.delegate = ShelfDelegate(tokens, self)
        self.setItemDelegate(self.delegate)
        self.setModel(table)
        self.setAccessibleName(self.tr("Models"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self._size_rows()
        self._arrange_header()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.doubleClicked.connect(self._activate)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        table.modelAboutToBeReset.connect(self._keep)
        table.modelReset.connect(self._choose_again)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The models whose rows are selected, top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._table.rows[row].model.id for row in rows)

    def choose(self, models: tuple[str, ...]) -> None:
        """Select these rows, as far as they are shown."""
        wanted, selection = set(models), QItemSelection()
        for place, line in enumerate(self._table.rows):
            if line.model.id in wanted:
                left, right = self._table.index(place, 0), self._table.index(place, Column.STATE)
                selection.select(left, right)
                self.selectionModel().setCurrentIndex(
                    left, QItemSelectionModel.SelectionFlag.NoUpdate
                )
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def fold(self, *, folded: bool) -> None:
        """Show only what matters most; most names end in their quantization."""
        self.setColumnHidden(Column.QUANTIZATION, folded and self.width() < scaled(_TIGHT))
        for column in (Column.PARAMETERS, Column.USED):
            self.setColumnHidden(column, folded)
        width = 150 if folded else _WIDTHS[Column.STATE]
        self.horizontalHeader().resizeSection(Column.STATE, width)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate()
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        else:
            super().keyPressEvent(event)

    def menu(self) -> QMenu:
        """All that can be done with the chosen models."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in self.choices():
            action = menu.addAction(choice.says)
            action.setEnabled(choice.enabled)
            action.triggered.connect(partial(_do, choice))
        return menu

    def _arrange_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(60)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(Column.NAME, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._size_rows()

    def _size_rows(self) -> None:
        """Columns that a hand has moved stay so, as long as letters are of the same size."""
        if self._zoom == scale():
            return
        self._zoom = scale()
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        for column, width in _WIDTHS.items():
            self.horizontalHeader().resizeSection(column, scaled(width))

    def _activate(self) -> None:
        line = self.currentIndex().data(ListRole.VALUE)
        if isinstance(line, ShelfLine) and line.model.broken is None:
            self.activated_model.emit(line.model.id)

    def _open_menu(self, point: QPoint) -> None:
        if self.indexAt(point).isValid():
            self.menu().popup(self.viewport().mapToGlobal(point))

    def _keep(self) -> None:
        self._kept = self.chosen

    def _choose_again(self) -> None:
        self.choose(self._kept)
        self.chosen_changed.emit()


def _do(choice: Choice, *_: bool) -> None:
    choice.then()
