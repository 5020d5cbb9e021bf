"""The Server screen: the port, how programs reach it, what they ask, and what is loaded."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QWidget
from typing_extensions import override

from app.presenters.models import ModelsPresenter
from app.presenters.server.presenter import ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.theme.tokens import Tokens
from app.views.icons import recolour
from app.views.server.connect_page import ConnectPage
from app.views.server.keys_page import KeysPage
from app.views.server.requests_page import RequestsPage
from app.views.server.residents_page import ResidentsPage
from app.views.server.status_card import StatusCard
from app.views.settings.server_section import ServerSection
from app.widgets.arranging import column, label, row
from app.widgets.segments import Segments

_LEAST = 380


class ServerScreen(QWidget):
    """The port's card above, and one of five pages below it."""

    def __init__(
        self,
        server: ServerPresenter,
        engine: EngineSettingsPresenter,
        models: ModelsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._server = engine, server
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_LEAST)
        self.setAccessibleName(self.tr("Server"))
        self.status = StatusCard(server, engine, tokens)
        self.connecting = ConnectPage(server, models, tokens)
        self.requests = RequestsPage(server.requests, engine, tokens)
        self.residents = ResidentsPage(server.residents, engine, tokens)
        self.keys = KeysPage(server, tokens)
        self.options = ServerSection(server, engine)
        names = (
            self.tr("Connect"),
            self.tr("Requests"),
            self.tr("Loaded models"),
            self.tr("Keys"),
            self.tr("Options"),
        )
        self.pages = Segments(self.tr("Page"), names)
        self._shown = QStackedWidget()
        self._arrange()
        self.pages.chosen.connect(self._shown.setCurrentIndex)
        self.turn_to(0)
        recolour(self, tokens)

    @property
    def page(self) -> int:
        """Which page is shown: connect, requests, loaded models, keys, options."""
        return self._shown.currentIndex()

    def turn_to(self, page: int) -> None:
        """Show that page."""
        self.pages.show_choice(page)
        self._shown.setCurrentIndex(page)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        for part in (self.status, self.connecting, self.requests, self.residents, self.keys):
            part.wear(tokens)
        recolour(self, tokens)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._engine.look()
        self._server.keys.look()

    def _arrange(self) -> None:
        for page in (self.connecting, self.requests, self.residents, self.keys, self.options):
            self._shown.addWidget(page if page is self.requests else _scrolled(page))
        head = column(label(self.tr("Server"), "heading"), self.status, spacing=10)
        whole = column(
            head,
            row(self.pages, None),
            self._shown,
            margins=(20, 12, 20, 14),
            spacing=12,
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)


def _scrolled(page: QWidget) -> QScrollArea:
    """The page at its own height, scrolling where it must."""
    inside = QWidget()
    inside.setProperty("kind", "page")
    inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    inside.setLayout(column(page, None, margins=(0, 0, 4, 0)))
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inside)
    return scroll
