"""One advised model: what it is good for, how it would run here, and the way to get it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.lists.offers_list import Offer
from app.presenters.guide.advice import Advice
from app.text import failures
from app.views import words
from app.views.discover import find_words, offer_words
from app.views.guide import guide_words
from app.widgets.arranging import column, label, row
from app.widgets.flow import Flow
from app.widgets.meter_bar import MeterBar
from engine.download.values import Download, DownloadPhase, Role

_UNDER_WAY = frozenset(
    {
        DownloadPhase.QUEUED,
        DownloadPhase.RUNNING,
        DownloadPhase.VERIFYING,
        DownloadPhase.REPAIRING,
    }
)


class AdviceCard(QFrame):
    """Shows the row it was given last."""

    wanted = Signal(object)  # the Advice whose button was clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._row: Advice | None = None
        self._title = label("", "title")
        self._role = label("", "badge")
        self._why = label("", "dim", wrap=True)
        self._figures = Flow()
        self._bar = MeterBar(height=6)
        self._state = label("", "faint", wrap=True)
        self.button = QPushButton()
        head = row(self._title, self._role, None, self.button, spacing=10)
        head.setAlignment(self._role, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(
            column(
                head,
                self._why,
                self._figures,
                self._bar,
                self._state,
                margins=(16, 12, 16, 13),
                spacing=8,
            )
        )
        self.button.clicked.connect(self._want)

    @property
    def words(self) -> str:
        """Everything it says."""
        return self.accessibleName()

    def show_row(self, row: Advice, *, offline: bool) -> None:
        """Say this of it."""
        self._row = row
        known, offer = row.advised.curated, row.offer
        figures = guide_words.figures(row)
        download = None if offer is None else offer.download
        self._title.setText(known.title)
        self._role.setText(guide_words.role(row.advised.role))
        self._why.setText(find_words.why(known))
        self._figures.show_words(figures)
        best = row.advised.role is Role.BEST
        self.button.setText(self._action(offer))
        self.button.setEnabled(offer is not None and self._clickable(offer))
        self.button.setAccessibleName(f"{self.button.text()}: {known.title}")
        state = self._told(row, download, offline=offline)
        self._bar.setVisible(download is not None and download.phase in _UNDER_WAY)
        self._bar.set_fraction(0.0 if offer is None else offer_words.share(offer))
        self._state.setText(state)
        self._state.setVisible(bool(state))
        self.setProperty("focused", best)
        parts = (known.title, self._role.text(), self._why.text(), *figures, state)
        self.setAccessibleName(" · ".join(part for part in parts if part))

    def _want(self) -> None:
        if self._row is not None:
            self.wanted.emit(self._row)

    def _action(self, offer: Offer | None) -> str:
        if offer is None:
            return self.tr("Download")
        return self.tr("It is here") if offer.model is not None else offer_words.action(offer)

    def _clickable(self, offer: Offer) -> bool:
        if offer.model is not None:
            return False
        return offer.download is None or offer.download.phase not in _UNDER_WAY

    def _told(self, row: Advice, download: Download | None, *, offline: bool) -> str:
        if row.failure:
            return row.failure
        if download is not None and download.phase is DownloadPhase.FAILED:
            return failures.told(download.failure or "")
        if download is not None and download.phase in _UNDER_WAY:
            return words.transfer(
                download.received_bytes, download.total_bytes, download.bytes_per_second
            )
        if row.offer is None and not offline:
            return self.tr("Reading its header, to know exactly…")
        return ""
