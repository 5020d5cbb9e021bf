"""Get a model: find a repository, see its quantizations with their sizes, bring one here."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QWidget,
)

from app.lists.row_list import ListRole
from app.presenters.get_model import GetModelPresenter
from app.theme.tokens import Tokens
from app.views.icons import icon_button, mark, recolour
from app.views.models.download_card import DownloadCard
from app.views.rows import RowDelegate
from app.widgets.arranging import card, column, label, row
from app.widgets.banner import Banner
from engine.download.values import DownloadPhase, Quantization, RepositoryHit


class GetModelDialog(QDialog):
    """Search at the top, repositories at the left, what one offers at the right."""

    def __init__(
        self, get_model: GetModelPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._get_model = get_model
        self.setWindowTitle(self.tr("Get a model"))
        self.resize(860, 600)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search, or type a repository: owner/name"))
        self.search.setAccessibleName(self.tr("Search for models"))
        self.search.setClearButtonEnabled(True)
        self.seek = QPushButton(" " + self.tr("Search"))
        self.seek.setAutoDefault(False)
        mark(self.seek, "search")
        self._working = QProgressBar()
        self._working.setRange(0, 0)
        self._working.setTextVisible(False)
        self._working.setAccessibleName(self.tr("The Hub is being asked"))
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.hits = self._list(self.tr("Repositories"))
        self.hits.setModel(get_model.hits_list)
        self.offers = self._list(self.tr("Quantizations"))
        self.offers.setModel(get_model.quantizations_list)
        self._repository = label("", "section")
        self.fetch = QPushButton(" " + self.tr("Download"))
        self.fetch.setProperty("kind", "primary")
        self.fetch.setAutoDefault(False)
        mark(self.fetch, "download", "on_accent")
        self.download = DownloadCard(get_model)
        self._arrange()
        self._connect()
        self._show()
        self._show_busy()
        recolour(self, tokens)

    def _list(self, name: str) -> QListView:
        view = QListView()
        view.setItemDelegate(RowDelegate(view, details=True))
        view.setAccessibleName(name)
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        return view

    def _arrange(self) -> None:
        finds = column(label(self.tr("Repositories"), "section"), self.hits)
        offers = column(self._repository, self.offers, row(None, self.fetch))
        line = row(self.search, self.seek)
        self._working.setFixedHeight(4)
        held = self._working.sizePolicy()
        held.setRetainSizeWhenHidden(True)
        self._working.setSizePolicy(held)
        for inside in (finds, offers):
            inside.setContentsMargins(10, 12, 10, 10)
        sides = row(card(finds), card(offers), spacing=12)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        whole = column(
            line, self._working, self.banner, sides, self.download, margins=(18, 18, 18, 18)
        )
        whole.setStretch(3, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.search.returnPressed.connect(self._search)
        self.seek.clicked.connect(self._search)
        self.hits.clicked.connect(self._open)
        self.hits.activated.connect(self._open)
        self.offers.activated.connect(self._fetch)
        self.fetch.clicked.connect(self._fetch)
        presenter = self._get_model
        presenter.hits_changed.connect(self._show)
        presenter.quantizations_changed.connect(self._show)
        presenter.download_changed.connect(self._show)
        presenter.busy_changed.connect(self._show_busy)
        presenter.failed.connect(self.banner.say)
        presenter.chosen.connect(self.accept)
        presenter.quantizations_list.modelReset.connect(self._select_first)
        self.offers.selectionModel().currentChanged.connect(self._show)
        self._select_first()

    def _search(self) -> None:
        if self.search.text().strip():
            self.banner.dismiss()
            self._get_model.search(self.search.text())

    def _open(self, index: QModelIndex) -> None:
        hit = index.data(ListRole.VALUE)
        if isinstance(hit, RepositoryHit):
            self.banner.dismiss()
            self._get_model.open_repository(hit.id)

    def _fetch(self) -> None:
        chosen = self.offers.currentIndex().data(ListRole.VALUE)
        if isinstance(chosen, Quantization):
            self.banner.dismiss()
            self._get_model.fetch(chosen)

    def _select_first(self) -> None:
        first = self._get_model.quantizations_list.index(0)
        self.offers.selectionModel().setCurrentIndex(
            first, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def _show(self) -> None:
        self._repository.setText(self._get_model.repository or self.tr("Quantizations"))
        download = self._get_model.download
        running = download is not None and download.phase is DownloadPhase.RUNNING
        self.fetch.setEnabled(self.offers.currentIndex().isValid() and not running)

    def _show_busy(self) -> None:
        busy = self._get_model.busy
        self._working.setVisible(busy)
        self.seek.setEnabled(not busy)
