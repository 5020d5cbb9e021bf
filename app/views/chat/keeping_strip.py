"""How exports, imports and backups stand, and what came of them."""

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from app.presenters.keeping import KeepingPresenter, Progress
from app.views.icons import icon_button
from app.widgets.arranging import column, label, row
from app.widgets.meter_bar import MeterBar

STAYS_MS: Final = 15_000


class KeepingStrip(QFrame):
    """Hidden until something is under way; then says what came of it for a while."""

    def __init__(self, keeping: KeepingPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._keeping = keeping
        self._says = label("", "dim", wrap=True)
        self._bar = MeterBar(height=6)
        self.stop = icon_button("x", self.tr("Stop"))
        head = row(self._says, self.stop, spacing=4)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._bar, margins=(12, 6, 6, 8), spacing=4))
        self._goes = QTimer(self)
        self._goes.setSingleShot(True)
        self._goes.setInterval(STAYS_MS)
        self._goes.timeout.connect(self.hide)
        self.stop.clicked.connect(self._end)
        keeping.progressed.connect(self._show)
        keeping.done.connect(self._tell)
        self._show(keeping.progress)

    @property
    def sentence(self) -> str:
        """What it says; "" while hidden."""
        return "" if self.isHidden() else self._says.text()

    def _show(self, progress: Progress | None) -> None:
        self._goes.stop()
        self.setVisible(progress is not None)
        if progress is None:
            return
        counted = progress.total > 1
        says = progress.says
        if counted:
            says = f"{says} · {progress.done} / {progress.total}"
        self._say(says)
        self.stop.say(self.tr("Stop"))
        self._bar.setVisible(counted)
        if counted:
            self._bar.set_fraction(progress.done / progress.total)

    def _tell(self, sentence: str) -> None:
        self._say(sentence)
        self.stop.say(self.tr("Dismiss"))
        self._bar.hide()
        self.show()
        self._goes.start()

    def _say(self, sentence: str) -> None:
        self._says.setText(sentence)
        self.setAccessibleName(sentence)

    def _end(self) -> None:
        if self._keeping.busy:
            self._keeping.stop()
        else:
            self.hide()
