"""How the transfer stands, in a card."""

from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.get_model import GetModelPresenter
from app.theme.stylesheet import set_dress
from app.views import words
from app.views.icons import icon_button
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar
from engine.download.values import Download, DownloadPhase


class DownloadCard(QFrame):
    """Name, bar, rate; cancel and resume; hidden until there is a transfer."""

    opened = Signal()  # the person wants to see more of it

    def __init__(self, get_model: GetModelPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._get_model = get_model
        self._name = ElidedLabel()
        set_dress(self._name, "role", "dim")
        self._share = label("", "faint")
        self._bar = MeterBar()
        self._state = label("", "faint", wrap=True)
        self.cancel = icon_button("x", self.tr("Cancel the download"))
        self.resume = icon_button("refresh", self.tr("Resume the download"))
        self.chat = QPushButton(self.tr("Chat with it"))
        self.chat.setProperty("kind", "primary")
        self.chat.setAutoDefault(False)  # Enter in the dialog's search field searches
        head = row(self._name, self._share, self.resume, self.cancel, spacing=4)
        head.setStretch(0, 1)
        self.setLayout(
            column(
                head,
                self._bar,
                self._state,
                self.chat,
                margins=(12, 8, 10, 10),
                spacing=6,
            )
        )
        self.cancel.clicked.connect(get_model.cancel)
        self.resume.clicked.connect(get_model.resume)
        self.chat.clicked.connect(get_model.chat_with_it)
        get_model.download_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        download = self._get_model.download
        self.setVisible(download is not None)
        if download is None:
            return
        done = download.phase is DownloadPhase.DONE
        share = 1.0 if done else download.received_bytes / max(1, download.total_bytes)
        self._name.setText(download.id)
        self._share.setText(words.percent(share))
        self._bar.set_fraction(share)
        self._bar.setAccessibleName(f"{download.id} {words.percent(share)}")
        self._state.setText(self._words(download))
        set_dress(self._state, "role", "error" if download.failure else "faint")
        self.cancel.setVisible(download.phase is DownloadPhase.RUNNING)
        self.resume.setVisible(download.phase in (DownloadPhase.FAILED, DownloadPhase.CANCELLED))
        self.chat.setVisible(done and self._get_model.model is not None)

    def _words(self, download: Download) -> str:
        match download.phase:
            case DownloadPhase.RUNNING:
                return words.transfer(
                    download.received_bytes, download.total_bytes, download.bytes_per_second
                )
            case DownloadPhase.DONE:
                return self.tr("Here, and complete")
            case DownloadPhase.CANCELLED:
                return self.tr("Stopped; what has arrived is kept")
            case DownloadPhase.FAILED:
                return download.failure or self.tr("Broke off; what has arrived is kept")
            case _:
                assert_never(download.phase)
