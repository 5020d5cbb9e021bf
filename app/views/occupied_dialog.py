"""Another Fullbore, which has no window, owns this home: what now?"""

from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QProgressBar, QPushButton, QWidget

from app.text import failures
from app.widgets.arranging import column, label, row
from engine.errors import EngineError
from engine.handover.words import Owner

_LOOK_MS = 200
_WIDTH = 440


class Neighbour(Protocol):
    """Who owns the home."""

    def is_there(self) -> bool:
        """Whether it still does."""
        ...

    def ask_to_end(self) -> None:
        """A second time: at once. Raises EngineError."""
        ...


class OccupiedDialog(QDialog):
    """Is accepted once the home is free."""

    def __init__(
        self, neighbour: Neighbour, owner: Owner | None, parent: QWidget | None = None
    ) -> None:
        """`owner` is what it says of itself; None: it does not answer."""
        super().__init__(parent)
        self._neighbour = neighbour
        self._address = owner.address if owner is not None else None
        self.setWindowTitle("Fullbore")
        self.setMinimumWidth(_WIDTH)
        self.says = label(self._situation(owner), wrap=True)
        self.adds = label("", "dim", wrap=True)
        self._waiting = QProgressBar()
        self._waiting.setRange(0, 0)
        self._waiting.setTextVisible(False)
        self._waiting.setAccessibleName(self.tr("Waiting"))
        self.take_over = QPushButton(self.tr("Take over"))
        self.take_over.setProperty("kind", "primary")
        self.at_once = QPushButton(self.tr("End it at once"))
        self.copy = QPushButton(self.tr("Copy the address"))
        self.leave = QPushButton(self.tr("Quit"))
        serves = owner is not None and owner.holder == "port"
        buttons = row(None, self.copy, self.at_once, self.take_over, self.leave, spacing=8)
        self.setLayout(
            column(
                self.says, self.adds, self._waiting, buttons, margins=(18, 18, 18, 18), spacing=12
            )
        )
        self.take_over.setVisible(serves)
        self.copy.setVisible(self._address is not None)
        self.at_once.hide()
        self._waiting.setVisible(not serves)
        self.adds.setText(self._prospect() if serves else self._patience())
        self.take_over.clicked.connect(self._take_over)
        self.at_once.clicked.connect(self._end_at_once)
        self.copy.clicked.connect(self._copy)
        self.leave.clicked.connect(self.reject)
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self._look)
        self._clock.start()

    def _situation(self, owner: Owner | None) -> str:
        if owner is None:
            return self.tr("Another Fullbore is running here, but does not answer.")
        if owner.holder == "port" and owner.address is not None:
            return self.tr("Fullbore is serving at {0}, without a window.").format(owner.address)
        if owner.holder == "port":
            return self.tr("Fullbore is running here without a window.")
        return self.tr("A command of Fullbore is at work in a terminal.")

    def _prospect(self) -> str:
        return self.tr(
            "If the window takes over, answers in progress are finished first. If it does not,"
            " other programs go on using that address."
        )

    def _patience(self) -> str:
        return self.tr("The window opens as soon as it has ended.")

    def _take_over(self) -> None:
        if self._ask():
            self.take_over.hide()
            self.at_once.show()
            self._waiting.show()
            self.adds.setText(self.tr("Answers in progress are being finished."))

    def _end_at_once(self) -> None:
        self.at_once.setEnabled(False)
        self._ask()

    def _ask(self) -> bool:
        try:
            self._neighbour.ask_to_end()
        except EngineError as error:
            self.adds.setText(failures.told(error))
            return False
        return True

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address or "")
        self.adds.setText(self.tr("The address is in the clipboard."))

    def _look(self) -> None:
        if not self._neighbour.is_there():
            self._clock.stop()
            self.accept()
