"""The port's switch, its addresses to be copied, and who may connect."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.presenters.server.presenter import HERE, ServerPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views.icons import icon_button, recolour
from app.views.server.reach import let_in
from app.widgets.arranging import column, label, row
from app.widgets.segments import Segments
from app.widgets.toggle_switch import ToggleSwitch

_SAID_MS = 1500


class StatusCard(QFrame):
    """Follows the presenters."""

    def __init__(
        self, server: ServerPresenter, engine: EngineSettingsPresenter, tokens: Tokens
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(self.tr("Local server"))
        self._server, self._engine, self._tokens = server, engine, tokens
        self.switch = ToggleSwitch(self.tr("Local server"))
        self.switch.setToolTip(self.tr("Let other programs use your models"))
        self.reach = Segments(
            self.tr("Who may connect"), (self.tr("This computer only"), self.tr("The network"))
        )
        self.note = label("", "dim", wrap=True)
        self._shown: tuple[str, ...] | None = None
        self._lines: QVBoxLayout = column(spacing=4)
        self._copied = QTimer(self, singleShot=True, interval=_SAID_MS)
        who = row(self.reach, None)
        self.setLayout(
            column(
                row(label(self.tr("Local server"), "title"), None, self.switch),
                self._lines,
                who,
                self.note,
                margins=(16, 14, 16, 14),
                spacing=10,
            )
        )
        self.switch.clicked.connect(self._turn)
        self.reach.chosen.connect(self._choose)
        self._copied.timeout.connect(self._follow)
        server.changed.connect(self._follow)
        engine.changed.connect(self._follow)
        self._follow()

    @property
    def addresses(self) -> tuple[str, ...]:
        """What can be copied, top to bottom."""
        return self._shown or ()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        recolour(self, tokens)

    def copy(self, address: str) -> None:
        """Put it where it can be pasted, and say so."""
        QGuiApplication.clipboard().setText(address)
        self.note.setText(self.tr("Copied: {0}").format(address))
        self._copied.start()

    def _turn(self) -> None:
        if self.switch.isChecked():
            self._server.turn_on()
        else:
            self._server.turn_off()

    def _choose(self, place: int) -> None:
        let_in(self._server, self._engine, self, network=place == 1)
        self._follow()  # what was chosen holds when the engine says so

    def _follow(self) -> None:
        server = self._server
        self.switch.setChecked(server.on)
        self.reach.show_choice(0 if self._engine.config.host == HERE else 1)
        own = (server.address,) if server.address else ()
        self._list(tuple(f"{one}/v1" for one in dict.fromkeys((*own, *server.network_addresses))))
        self.note.setText(server.failure or self._says())
        set_dress(self.note, "role", "error" if server.failure else "dim")

    def _says(self) -> str:
        if self._server.address is None:
            return self.tr("Off: no other program reaches your models.")
        return self.tr(
            "Speaks OpenAI's language below /v1, Anthropic's at /v1/messages and Ollama's below "
            "/api."
        )

    def _list(self, addresses: tuple[str, ...]) -> None:
        if addresses == self._shown:
            return
        self._shown = addresses
        while (item := self._lines.takeAt(0)) is not None:
            line = item.widget()
            if line is not None:
                line.hide()
                line.deleteLater()
        for address in addresses:
            self._lines.addWidget(self._line(address))
        recolour(self, self._tokens)

    def _line(self, address: str) -> QFrame:
        says = QLabel(address)
        says.setTextFormat(Qt.TextFormat.PlainText)
        says.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        says.setAccessibleName(self.tr("Address: {0}").format(address))
        copy = icon_button("copy", self.tr("Copy {0}").format(address))
        copy.clicked.connect(lambda: self.copy(address))
        line = QFrame()
        line.setProperty("kind", "clear")
        line.setLayout(row(says, copy, None, spacing=6))
        return line
