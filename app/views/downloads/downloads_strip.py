"""How all transfers stand, in two lines for the sidebar."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget
from typing_extensions import override

from app.presenters.downloads import DownloadsPresenter
from app.theme.stylesheet import set_dress
from app.views import words
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar
from engine.download.values import Download


class DownloadsStrip(QFrame):
    """Count, bar, speed, time left, or what broke off; else hidden. A click opens the panel."""

    opened = Signal()

    def __init__(self, downloads: DownloadsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._downloads = downloads
        self._name = ElidedLabel()
        set_dress(self._name, "role", "dim")
        self._share = label("", "faint")
        self._bar = MeterBar(height=6)
        self._state = ElidedLabel()
        set_dress(self._state, "role", "faint")
        head = row(self._name, self._share)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._bar, self._state, margins=(12, 9, 12, 9), spacing=6))
        downloads.changed.connect(self._show)
        self._show()

    @property
    def sentence(self) -> str:
        """What it says."""
        return self.accessibleName()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        waiting, failed = self._downloads.waiting, self._downloads.failed_ones
        self.setVisible(bool(waiting or failed))
        set_dress(self._state, "role", "faint" if waiting else "error")
        self._bar.setVisible(bool(waiting))
        if not waiting:
            self._tell_failed(failed)
            return
        share = words.percent(self._downloads.fraction)
        one = len(waiting) == 1
        says = waiting[0].id if one else self.tr("{0} downloads").format(len(waiting))
        state = self._pace()
        self._name.setText(says)
        self._share.setText(share)
        self._bar.set_fraction(self._downloads.fraction)
        self._state.setText(state)
        self.setAccessibleName(" · ".join(part for part in (says, share, state) if part))

    def _tell_failed(self, failed: tuple[Download, ...]) -> None:
        if not failed:
            return
        one = len(failed) == 1
        says = failed[0].id if one else self.tr("{0} downloads").format(len(failed))
        state = self.tr("Broke off: see why")
        self._name.setText(says)
        self._share.setText("")
        self._state.setText(state)
        self.setAccessibleName(f"{says} · {state}")

    def _pace(self) -> str:
        speed, left = self._downloads.bytes_per_second, self._downloads.seconds_left
        if speed <= 0:
            return self.tr("Waiting")
        parts = [words.pace(speed)]
        if left is not None:
            parts.append(self.tr("{0} left").format(words.duration(left)))
        return " · ".join(parts)
