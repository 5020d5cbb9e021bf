"""What clients ask, as it happens; the chosen one is shown from inside."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QPushButton,
    QSplitter,
    QTableView,
    QWidget,
)
from typing_extensions import override

from app.lists.requests_list import RequestColumn
from app.lists.row_list import ListRole
from app.presenters.server.requests import RequestsPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.theme.scale import scale, scaled
from app.theme.tokens import Tokens
from app.views.server.inspector import Inspector
from app.views.settings.kept_rows import SwitchRow
from app.widgets.arranging import card, column, label, row
from engine.requests import RequestSeen

_ROW = 30
_LEAST = 120
_GAP = 6
_WIDTHS = {
    RequestColumn.TIME: 74,
    RequestColumn.STAGE: 100,
    RequestColumn.MODEL: 180,
    RequestColumn.PATH: 158,
    RequestColumn.KEY: 76,
    RequestColumn.PROMPT: 64,
    RequestColumn.ANSWER: 64,
    RequestColumn.FIRST: 84,
    RequestColumn.SPEED: 60,
    RequestColumn.SECONDS: 66,
}


class RequestsPage(QWidget):
    """A table, and the inspector below it once a row is chosen."""

    def __init__(
        self, requests: RequestsPresenter, engine: EngineSettingsPresenter, tokens: Tokens
    ) -> None:
        super().__init__()
        self._requests = requests
        self._zoom = 0.0
        says = (
            self.tr("Look into requests"),
            self.tr(
                "The last requests are kept in memory with their words, and gone with Fullbore's "
                "end. They are never written to disk, unless you ask for that in the options."
            ),
        )
        self.inspects = SwitchRow(engine, "inspect", says)
        alone = self.inspects.reset.sizePolicy()  # no other switch to stand in line with
        alone.setRetainSizeWhenHidden(False)
        self.inspects.reset.setSizePolicy(alone)
        self.clear = QPushButton(self.tr("Clear the list"))
        self.table = QTableView()
        self.inspector = Inspector(requests, tokens)
        self._below = _apart(self.inspector, above=_GAP)
        self.nothing = label(
            self.tr("Nobody has asked anything yet. Requests appear here as they come."),
            "dim",
            wrap=True,
        )
        self._dress_table()
        self._arrange()
        self.clear.clicked.connect(requests.clear)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        requests.chosen.connect(self._follow)
        for signal in (requests.list.rowsInserted, requests.list.modelReset):
            signal.connect(self._follow)
        self._follow()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.inspector.wear(tokens)

    def choose(self, request: int) -> None:
        """Look into that one, if it is in the list."""
        at = self._requests.list.row_of(request)
        if at is not None:
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().setCurrentIndex(
                self._requests.list.index(at, 0), flags.ClearAndSelect | flags.Rows
            )

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._size()

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self._requests.list)
        table.setAccessibleName(self.tr("Requests"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.setMinimumHeight(_LEAST)
        self._size()

    def _size(self) -> None:
        if self._zoom == scale():
            return
        self._zoom = scale()
        self.table.verticalHeader().setDefaultSectionSize(scaled(_ROW))
        for at, width in _WIDTHS.items():
            self.table.horizontalHeader().resizeSection(at, scaled(width))

    def _arrange(self) -> None:
        options = card(column(self.inspects, margins=(16, 6, 16, 6)))
        head = row(label(self.tr("Requests"), "title"), None, self.clear)
        listed = card(column(head, self.nothing, self.table, margins=(16, 12, 16, 12)))
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(_apart(listed, below=_GAP))
        both.addWidget(self._below)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 4)
        whole = column(options, both, spacing=12)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _choose(self, current: QModelIndex) -> None:
        request = current.data(ListRole.VALUE)
        self._requests.choose(request.id if isinstance(request, RequestSeen) else None)

    def _follow(self) -> None:
        some = bool(self._requests.list.rows)
        self.nothing.setVisible(not some)
        self.clear.setEnabled(some)
        self._below.setVisible(self._requests.seen is not None)


def _apart(widget: QWidget, *, above: int = 0, below: int = 0) -> QWidget:
    """With room between it and the splitter's handle."""
    frame = QFrame()
    frame.setProperty("kind", "clear")
    frame.setLayout(column(widget, margins=(0, above, 0, below)))
    return frame
