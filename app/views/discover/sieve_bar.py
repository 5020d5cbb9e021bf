"""The search field with what narrows it: order, family, size, what fits, what is open."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget
from typing_extensions import override

from app.presenters.discover import DiscoverPresenter
from app.views.icons import icon_button, mark
from app.widgets.arranging import column, row
from app.widgets.flow import Flow
from app.widgets.icon_button import IconButton
from engine.download.values import SortBy

_BILLION = 10**9
_BOX_LETTERS = 6
_FAMILIES = (
    ("Qwen 3", "qwen3"),
    ("Qwen 3 MoE", "qwen3moe"),
    ("Qwen 2", "qwen2"),
    ("Llama", "llama"),
    ("Llama 4", "llama4"),
    ("Gemma 3", "gemma3"),
    ("Gemma 2", "gemma2"),
    ("gpt-oss", "gpt-oss"),
    ("DeepSeek", "deepseek2"),
    ("GLM 4 MoE", "glm4moe"),
    ("Mistral 3", "mistral3"),
    ("Phi", "phi3"),
    ("Granite", "granite"),
)
_SIZES = ((None, 4), (4, 10), (10, 20), (20, 45), (45, 130), (130, None))


class SearchField(QLineEdit):
    """Down goes to the list, Escape empties."""

    def __init__(self, discover: DiscoverPresenter) -> None:
        super().__init__()
        self._discover = discover
        self.setPlaceholderText(self.tr("Search Hugging Face, or type owner/name"))
        self.setAccessibleName(self.tr("Search for models"))
        self.setClearButtonEnabled(True)
        glass = QAction(self)
        mark(glass, "search", "faint")
        self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.textChanged.connect(discover.type)
        self.returnPressed.connect(discover.search_now)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._discover.cancel()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class SieveBar(QWidget):
    """Says what is looked for."""

    def __init__(self, discover: DiscoverPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._discover = discover
        self.search = SearchField(discover)
        self.sort = self._box(self.tr("Order"))
        for name, sort in (
            (self.tr("Trending"), SortBy.TRENDING),
            (self.tr("Most downloads"), SortBy.DOWNLOADS),
            (self.tr("Most likes"), SortBy.LIKES),
            (self.tr("Newest"), SortBy.UPDATED),
        ):
            self.sort.addItem(name, sort)
        self.family = self._box(self.tr("Family"))
        self.family.addItem(self.tr("Any family"), None)
        for name, architecture in _FAMILIES:
            self.family.addItem(name, architecture)
        self.size_box = self._box(self.tr("Size"))
        self.size_box.addItem(self.tr("Any size"), (None, None))
        for least, most in _SIZES:
            self.size_box.addItem(self._size(least, most), (least, most))
        self.fits = QCheckBox(self.tr("Fits this machine"))
        self.fits.setToolTip(self.tr("Estimated from the size alone"))
        self.open_only = QCheckBox(self.tr("Without login"))
        self.stop: IconButton = icon_button("stop", self.tr("Stop the search"))
        self.setLayout(
            column(
                row(self.search, self.stop, spacing=4),
                Flow(self.sort, self.family, self.size_box, self.fits, self.open_only),
                spacing=8,
            )
        )
        sieve = discover.sieve
        self.search.setText(sieve.words)
        self.fits.setChecked(sieve.fits)
        self.open_only.setChecked(sieve.open_only)
        self.sort.setCurrentIndex(max(0, self.sort.findData(sieve.sort)))
        self.family.setCurrentIndex(max(0, self.family.findData(sieve.architecture)))
        for box in (self.sort, self.family, self.size_box):
            box.currentIndexChanged.connect(self._sift)
        for check in (self.fits, self.open_only):
            check.toggled.connect(self._sift)
        self.stop.clicked.connect(discover.cancel)
        discover.busy_changed.connect(self.stop.setVisible)
        self.stop.setVisible(discover.busy)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(_BOX_LETTERS)
        return box

    def _size(self, least: int | None, most: int | None) -> str:
        if least is None:
            return self.tr("up to {0}B").format(most)
        if most is None:
            return self.tr("over {0}B").format(least)
        return f"{least}B \u2013 {most}B"

    def _sift(self) -> None:
        least, most = self.size_box.currentData()
        self._discover.sift(
            replace(
                self._discover.sieve,
                sort=self.sort.currentData(),
                architecture=self.family.currentData(),
                least_parameters=None if least is None else least * _BILLION,
                most_parameters=None if most is None else most * _BILLION,
                fits=self.fits.isChecked(),
                open_only=self.open_only.isChecked(),
            )
        )
