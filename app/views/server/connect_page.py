"""What to write into other programs, ready to be copied."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QTabBar, QWidget

from app.presenters.models import ModelsPresenter
from app.presenters.server.presenter import ServerPresenter
from app.presenters.server.snippets import Reach, Snippet, snippets
from app.theme.tokens import Tokens
from app.views.icons import mark, recolour
from app.widgets.arranging import card, column, label, row
from app.widgets.code_view import CodeView
from engine.config import DEFAULT_PORT

_SAID_MS = 1500
_LINES = (8, 24)
_LETTERS = 12
_NARROWEST = 70


class ConnectPage(QWidget):
    """A tab for each client; the address, the model and the key's place are filled in."""

    def __init__(self, server: ServerPresenter, models: ModelsPresenter, tokens: Tokens) -> None:
        super().__init__()
        self._server, self._models = server, models
        self._snippets: tuple[Snippet, ...] = ()
        self._picked: str | None = None  # by a hand; else the window's model is named
        self.clients = QTabBar()
        self.clients.setAccessibleName(self.tr("Programs"))
        self.clients.setExpanding(False)
        self.clients.setDrawBase(False)
        self.clients.setUsesScrollButtons(True)
        self.model = QComboBox()
        self.model.setAccessibleName(self.tr("Model in the text"))
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.model.setMinimumContentsLength(_LETTERS)
        self.model.setMinimumWidth(_NARROWEST)  # its hint is wider, and holds where there is room
        self.code = CodeView(self.tr("What to write"), tokens.syntax, lines=_LINES)
        self.copy = QPushButton(" " + self.tr("Copy"))
        self.copy.setAccessibleName(self.tr("Copy the text"))
        mark(self.copy, "copy")
        self.says = label("", "dim", wrap=True)
        self._copied = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._arrange()
        self.clients.currentChanged.connect(self._show)
        self.model.activated.connect(self._pick)
        self.copy.clicked.connect(self._copy)
        self._copied.timeout.connect(lambda: self.copy.setText(" " + self.tr("Copy")))
        for signal in (server.changed, models.model_changed, models.shelf_changed):
            signal.connect(self._follow)
        self._follow()
        recolour(self, tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.code.wear(tokens.syntax)
        recolour(self, tokens)

    def turn_to(self, key: str) -> None:
        """Show that client's text."""
        for place, snippet in enumerate(self._snippets):
            if snippet.key == key:
                self.clients.setCurrentIndex(place)

    def _arrange(self) -> None:
        head = row(label(self.tr("Model"), "dim"), self.model, self.copy)
        head.setStretch(1, 1)
        inside = column(
            self.clients, head, self.code, self.says, margins=(16, 10, 16, 14), spacing=10
        )
        frame: QFrame = card(inside)
        self.setLayout(column(frame, None))

    def _pick(self) -> None:
        self._picked = self.model.currentData()
        self._fill()

    def _follow(self) -> None:
        known = [model.id for model in self._models.models if model.broken is None]
        if [self.model.itemData(at) for at in range(self.model.count())] != known:
            self.model.clear()
            for model in known:
                self.model.addItem(model, model)
        wanted = self._picked if self._picked in known else self._models.current
        if wanted in known:
            self.model.setCurrentIndex(known.index(wanted))
        self.model.setEnabled(bool(known))
        self._fill()

    def _fill(self) -> None:
        server = self._server
        others = server.network_addresses
        address = others[0] if others else server.address
        reach = Reach(
            address=address or f"http://127.0.0.1:{DEFAULT_PORT}",
            model=self.model.currentData(),
            keyed=server.has_key,
        )
        self._snippets = snippets(reach)
        if self.clients.count() != len(self._snippets):
            for snippet in self._snippets:
                self.clients.addTab(snippet.name)
        self._show()

    def _show(self) -> None:
        place = self.clients.currentIndex()
        if not 0 <= place < len(self._snippets):
            return
        snippet = self._snippets[place]
        self.code.show_code(snippet.text, snippet.language)
        self.says.setText(self._where(snippet.key))

    def _where(self, key: str) -> str:
        """Where the text belongs."""
        places = {
            "curl": self.tr("In a terminal."),
            "python": self.tr("With the package “openai”."),
            "javascript": self.tr("With the package “openai” of npm."),
            "anthropic": self.tr("With the package “anthropic”."),
            "ollama": self.tr("With the package “ollama”; or set OLLAMA_HOST to the address."),
            "continue": self.tr("In Continue's file config.yaml."),
            "cline": self.tr("In Cline's settings, under API Configuration."),
            "open-webui": self.tr(
                "In a terminal with Docker; or in Open WebUI's settings, under Connections."
            ),
            "cherry-studio": self.tr("In Cherry Studio's settings, under Model Provider: Add."),
        }
        where = places[key]
        if not self._server.has_key:
            return where
        return self.tr("{0} Put your key in the place of YOUR-KEY.").format(where)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.code)
        self.copy.setText(" " + self.tr("Copied"))
        self._copied.start()
