"""The local port: its address, to be copied, and a switch."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.server.presenter import ServerPresenter
from app.theme.stylesheet import set_dress
from app.views.icons import icon_button
from app.widgets.arranging import column, label, row
from app.widgets.toggle_switch import ToggleSwitch

_SAID_MS = 1500


class ServerPanel(QFrame):
    """Other programs reach the model at this address. The rest is on the Server screen."""

    screen_wanted = Signal()

    def __init__(self, server: ServerPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._server = server
        self._switch = ToggleSwitch(self.tr("Local server"))
        self._switch.setToolTip(self.tr("Let other programs on this computer use the model"))
        self._address = label()
        self._address.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = icon_button("copy", self.tr("Copy the address"))
        self.more = icon_button("sliders", self.tr("Keys, requests and more"))
        self._note = label("", "faint", wrap=True)
        self._copied = QTimer(self, singleShot=True, interval=_SAID_MS)
        self.setLayout(
            column(
                row(label(self.tr("Local server"), "title"), None, self._switch),
                row(self._address, None, self._copy, self.more),
                self._note,
                margins=(12, 11, 12, 11),
                spacing=6,
            )
        )
        self._switch.clicked.connect(self._turn)
        self._copy.clicked.connect(self._copy_address)
        self.more.clicked.connect(self.screen_wanted)
        self._copied.timeout.connect(self._show)
        server.changed.connect(self._show)
        self._show()

    def _turn(self) -> None:
        if self._switch.isChecked():
            self._server.turn_on()
        else:
            self._server.turn_off()

    def _copy_address(self) -> None:
        if self._server.address:
            QGuiApplication.clipboard().setText(f"{self._server.address}/v1")
            self._note.setText(self.tr("Copied: {0}").format(f"{self._server.address}/v1"))
            self._copied.start()

    def _show(self) -> None:
        address, failure = self._server.address, self._server.failure
        self._switch.setChecked(self._server.on)
        self._address.setText(address or self.tr("Off"))
        self._address.setAccessibleName(self.tr("Address: {0}").format(self._address.text()))
        set_dress(self._address, "role", "" if address else "dim")
        self._copy.setVisible(address is not None)
        self._note.setText(failure or self.tr("Speaks OpenAI's language, at /v1"))
        set_dress(self._note, "role", "error" if failure else "faint")
