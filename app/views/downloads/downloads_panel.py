"""All transfers in a card: what they add up to, their pace, and each in a row."""

from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.downloads import DownloadsPresenter
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.views.downloads.downloads_view import DownloadsView
from app.views.downloads.pace_fields import PaceFields
from app.views.icons import icon_button, mark
from app.widgets.arranging import column, label, row
from app.widgets.delete_question import DeleteQuestion
from app.widgets.elided_label import ElidedLabel
from app.widgets.folding_button import FoldingButton
from engine.download.values import DownloadPhase


class DownloadsPanel(QFrame):
    """Hidden while there is nothing to tell."""

    def __init__(
        self, downloads: DownloadsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._downloads = downloads
        self._sum = ElidedLabel()
        set_dress(self._sum, "role", "dim")
        self.pace = PaceFields(downloads)
        self.pause_all = FoldingButton(self.tr("Pause all"))
        mark(self.pause_all, "pause")
        self.resume_all = FoldingButton(self.tr("Go on with all"))
        mark(self.resume_all, "play")
        self.clear = icon_button("check", self.tr("Take complete ones off the list"))
        self.list = DownloadsView(downloads, tokens)
        self._failure = label("", "error", wrap=True)
        set_dress(self._failure, "role", "error")
        head = row(
            label(self.tr("Downloads"), "title"),
            self._sum,
            None,
            self.pace,
            self.pause_all,
            self.resume_all,
            self.clear,
            spacing=10,
        )
        foot = row(self._failure, margins=(12, 0, 12, 0))
        self.setLayout(column(head, self.list, foot, margins=(14, 10, 10, 10), spacing=6))
        self.pause_all.clicked.connect(downloads.pause_all)
        self.resume_all.clicked.connect(downloads.resume_all)
        self.clear.clicked.connect(downloads.clear_done)
        self.list.remove_wanted.connect(self._remove)
        self.list.selectionModel().currentChanged.connect(self._show)
        downloads.changed.connect(self._show)
        self._show()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self.list.delegate.wear(tokens)
        self.list.viewport().update()

    def fold(self, *, folded: bool) -> None:
        """Without room the pace is to be found in the settings alone."""
        self.pace.setVisible(not folded)
        for button in (self.pause_all, self.resume_all):
            button.fold(folded=folded)

    @property
    def failure(self) -> str:
        """The whole sentence of the row that failed: the chosen one, or the first."""
        return "" if self._failure.isHidden() else self._failure.text()

    def _show(self) -> None:
        rows = self._downloads.downloads
        self.setVisible(bool(rows))
        self._sum.setText(self._sums())
        self.pause_all.setVisible(self._downloads.can_pause)
        self.resume_all.setVisible(self._downloads.can_resume and not self._downloads.can_pause)
        self.clear.setVisible(any(row.phase is DownloadPhase.DONE for row in rows))
        current = self.list.current
        told = "" if current is None else current.failure or ""
        says = "" if current is None else self._downloads.downloads_list.detail(current)
        room = self.list.viewport().width() - 24
        cut = self._failure.fontMetrics().horizontalAdvance(says) > room
        self._failure.setText(says if told and cut else "")  # the row itself shows a short one
        self._failure.setVisible(bool(told) and cut)

    def _sums(self) -> str:
        waiting = self._downloads.waiting
        if not waiting:
            return ""
        parts = [self.tr("{0} under way or queued").format(len(waiting))]
        if self._downloads.bytes_per_second > 0:
            parts.append(words.pace(self._downloads.bytes_per_second))
        left = self._downloads.seconds_left
        if left is not None:
            parts.append(self.tr("{0} left").format(words.duration(left)))
        return " · ".join(parts)

    def _remove(self, download: str) -> None:
        """What arrived is deleted with it: ask, unless it is complete or nothing arrived."""
        known = next((row for row in self._downloads.downloads if row.id == download), None)
        if known is None or known.phase is DownloadPhase.DONE or not known.received_bytes:
            self._downloads.remove(download)
            return
        remove, asked = self.tr("Remove"), self.tr("Remove {0}?").format(download)
        question = DeleteQuestion(self, remove, asked, verb=remove)
        question.setInformativeText(self.tr("What has arrived of it is deleted."))
        question.confirmed.connect(lambda: self._downloads.remove(download))
        question.open()
