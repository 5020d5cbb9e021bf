"""The Server screen: the port, how programs reach it, what they ask, and what is loaded."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
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
            self.tr("Models"),
            self.tr("Keys"),
            self.tr("Options"),
        )
        self.pages = Segments(self.tr("Page"), names)
        self._parts: tuple[QWidget, ...] = (
            self.connecting,
            self.requests,
            self.residents,
            self.keys,
            self.options,
        )
        self._page = 0
        self._arrange()
        self.pages.chosen.connect(self.turn_to)
        self.turn_to(0)
        recolour(self, tokens)

    @property
    def page(self) -> int:
        """Which page is shown: connect, requests, loaded models, keys, options."""
        return self._page

    def turn_to(self, page: int) -> None:
        """Show that page."""
        self._page = page
        self.pages.show_choice(page)
        for place, part in enumerate(self._parts):
            part.setVisible(place == page)

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
        inside = QWidget()
        inside.setProperty("kind", "page")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole = column(
            self.status,
            row(self.pages, None),
            *self._parts,
            margins=(20, 6, 20, 20),
            spacing=12,
        )
        for part in self._parts:
            whole.setStretchFactor(part, 1)
        inside.setLayout(whole)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        head = column(label(self.tr("Server"), "heading"), margins=(20, 12, 20, 4))
        self.setLayout(column(head, scroll, spacing=0))
