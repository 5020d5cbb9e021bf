"""How fast transfers may be, and how many run side by side."""

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from app.presenters.downloads import DownloadsPresenter
from app.widgets.arranging import label, row

_MEGABYTE = 1_000_000
_MOST_AT_ONCE = 8


class PaceFields(QWidget):
    """Both hold at once, for what is under way too."""

    def __init__(self, downloads: DownloadsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._downloads = downloads
        self.limit = QDoubleSpinBox()
        self.limit.setRange(0, 10_000)
        self.limit.setDecimals(1)
        self.limit.setSingleStep(1)
        self.limit.setSuffix(" MB/s")
        self.limit.setSpecialValueText(self.tr("No limit"))
        self.limit.setAccessibleName(self.tr("Speed limit of all downloads together"))
        self.limit.setToolTip(self.limit.accessibleName())
        self.at_once = QSpinBox()
        self.at_once.setRange(1, _MOST_AT_ONCE)
        self.at_once.setAccessibleName(self.tr("Downloads at once"))
        self.at_once.setToolTip(self.at_once.accessibleName())
        for field in (self.limit, self.at_once):
            field.setKeyboardTracking(False)
            line = field.lineEdit()
            line.setTextMargins(8, 0, 0, 0)
        self.setLayout(
            row(
                label(self.tr("Speed"), "dim"),
                self.limit,
                label(self.tr("At once"), "dim"),
                self.at_once,
            )
        )
        self._show()
        self.limit.valueChanged.connect(self._set_limit)
        self.at_once.valueChanged.connect(downloads.set_at_once)
        downloads.pace_changed.connect(self._show)

    def _set_limit(self, megabytes: float) -> None:
        self._downloads.set_limit(round(megabytes * _MEGABYTE) or None)

    def _show(self) -> None:
        with QSignalBlocker(self.limit), QSignalBlocker(self.at_once):
            self.limit.setValue((self._downloads.limit_bytes_per_second or 0) / _MEGABYTE)
            self.at_once.setValue(self._downloads.at_once)
