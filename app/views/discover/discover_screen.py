"""Discover: what is worth knowing, what a search finds, and one repository with its picker."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QProgressBar, QPushButton, QSplitter, QStackedWidget, QWidget
from typing_extensions import override

from app.presenters.discover import DiscoverPresenter
from app.presenters.picker import PickerPresenter
from app.theme.tokens import Tokens
from app.views.discover.finds_view import FindsView
from app.views.discover.repository_view import RepositoryView
from app.views.discover.sieve_bar import SieveBar
from app.views.icons import icon_button, recolour
from app.widgets.arranging import column, label, row
from app.widgets.banner import Banner

_LIST = 300
_BOTH = 900  # the width from which list and page stand side by side


class DiscoverScreen(QWidget):
    """Lists at the left, a page at the right; in a narrow window one of the two."""

    mirror_wanted = Signal()  # another address for the Hub

    def __init__(
        self,
        discover: DiscoverPresenter,
        picker: PickerPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._discover = discover
        self._told: str | None = None  # the failure that was sent away
        self.sieve = SieveBar(discover)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(3)
        self._busy.setAccessibleName(self.tr("The Hub is being asked"))
        held = self._busy.sizePolicy()
        held.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(held)
        self._failure = label("", "", wrap=True)
        self.again = QPushButton(self.tr("Try again"))
        self.mirror = QPushButton(self.tr("Use a mirror…"))
        self.dismiss = icon_button("x", self.tr("Dismiss"))
        self.notice = QFrame()
        self.notice.setProperty("kind", "failure")
        self.worthy = FindsView(discover.worthy_list, self.tr("Worth knowing"), tokens)
        self.finds = FindsView(discover.finds_list, self.tr("Repositories"), tokens)
        self._title = label("", "section")
        self._nothing = label(self.tr("Nothing was found. Try fewer words or filters."), "dim")
        self._lists = QStackedWidget()
        self._lists.addWidget(self.worthy)
        self._lists.addWidget(self.finds)
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.page = RepositoryView(discover, picker, tokens)
        self._left, self._sides = QWidget(), QSplitter()
        self._arrange()
        self._connect()
        self._show()
        self._show_page()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.worthy.delegate.wear(tokens)
        self.finds.delegate.wear(tokens)
        self.page.wear(tokens)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_sides()

    def _arrange(self) -> None:
        failed = row(self._failure, self.again, self.mirror, self.dismiss, margins=(14, 8, 8, 8))
        failed.setStretch(0, 1)
        self.notice.setLayout(failed)
        left = column(
            self.sieve,
            self._busy,
            self.notice,
            self._title,
            self._nothing,
            self._lists,
            margins=(16, 14, 8, 8),
            spacing=8,
        )
        left.setStretch(5, 1)
        self._left.setLayout(left)
        right = QWidget()
        right.setLayout(column(self.banner, self.page, spacing=0))
        self._right = right
        self._sides.addWidget(self._left)
        self._sides.addWidget(right)
        self._sides.setHandleWidth(1)
        self._sides.setChildrenCollapsible(False)
        self._sides.setStretchFactor(1, 1)
        self._left.setMinimumWidth(260)
        self.setLayout(column(self._sides))

    def _connect(self) -> None:
        discover = self._discover
        for view in (self.worthy, self.finds):
            view.opened.connect(discover.open)
        self.page.back_wanted.connect(discover.close_page)
        self.again.clicked.connect(discover.try_again)
        self.mirror.clicked.connect(self.mirror_wanted)
        self.dismiss.clicked.connect(self._dismiss)
        discover.finds_changed.connect(self._show)
        discover.failure_changed.connect(self._show)
        discover.busy_changed.connect(self._show)
        discover.page_changed.connect(self._show_page)

    def _dismiss(self) -> None:
        self._told = self._discover.failure
        self._show()

    def _show(self) -> None:
        discover = self._discover
        failure = discover.failure
        if failure is None:
            self._told = None
        self.notice.setVisible(failure is not None and failure != self._told)
        self._failure.setText(failure or "")
        self.mirror.setVisible(discover.offline)
        self._busy.setVisible(discover.busy)
        self._lists.setCurrentWidget(self.finds if discover.searching else self.worthy)
        count = len(discover.finds_list.rows)
        self._title.setText(
            self.tr("{0} repositories").format(count)
            if discover.searching
            else self.tr("Worth knowing, what runs best here first")
        )
        self._title.setVisible(not discover.searching or count > 0)
        nothing = discover.searching and not count and not discover.busy and failure is None
        self._nothing.setVisible(nothing)

    def _show_page(self) -> None:
        self._show_sides()

    def _show_sides(self) -> None:
        """A list alone fills the screen; beside a page it is narrow, or gives way to it."""
        opened = self._discover.repository is not None
        wide = self.width() >= _BOTH
        self._right.setVisible(opened)
        self._left.setVisible(not opened or wide)
        if opened and wide and self._left.width() > self.width() // 2:
            self._sides.setSizes([_LIST, self.width() - _LIST])
