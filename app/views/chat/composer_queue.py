"""Questions that wait for the answer in progress, each of which can be taken back."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.presenters.chat.asking import Question
from app.presenters.chat.presenter import ChatPresenter
from app.theme.tokens import Tokens
from app.views.chat.attachments_bar import Chip
from app.views.icons import recolour
from app.widgets.arranging import column
from app.widgets.flow import Flow

_LONGEST = 60


class ComposerQueue(QWidget):
    """Hidden while nothing waits."""

    taken_back = Signal(int)  # the place in the queue

    def __init__(self, chat: ChatPresenter, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._tokens = tokens
        self.chips: tuple[Chip, ...] = ()
        self._flow = Flow()
        self.setAccessibleName(self.tr("Waiting questions"))
        self.setLayout(column(self._flow))
        chat.queue_changed.connect(self._show)
        self._show()

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        recolour(self, tokens)

    def _show(self) -> None:
        old = self.chips
        queued = self._chat.queued
        self.chips = tuple(self._chip(place, one) for place, one in enumerate(queued))
        self._flow.show_things(self.chips)
        recolour(self, self._tokens)
        self.setVisible(bool(queued))
        for chip in old:
            chip.hide()
            chip.deleteLater()

    def _chip(self, place: int, question: Question) -> Chip:
        files = len(question.attachments)
        title = " ".join(question.text[: 4 * _LONGEST].split())[:_LONGEST]
        if not title:
            title = question.attachments[0].name
        detail = self.tr("Is asked next") if place == 0 else self.tr("Waits")
        if files:
            detail += " · " + self.tr("files: {0}").format(files)
        chip = Chip(title, detail)
        chip.mark.hide()
        chip.removed.connect(lambda: self.taken_back.emit(place))
        return chip
