"""A machine that is not here: cards out of the catalogue, and RAM."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.theme.tokens import Tokens
from app.views.icons import icon_button, mark, recolour
from app.widgets.arranging import column, label, row
from app.widgets.icon_button import IconButton

_KINDS = ("DDR4-2666", "DDR4-3200", "DDR5-4800", "DDR5-5600", "DDR5-6400")
_USUAL_KIND = 3
_USUAL_CARD = "RTX 4090"
_SIZES = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
_USUAL_SIZE = 128
_MOST_ROWS = 4


class _Cards(QWidget):
    """So many of one card."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = QSpinBox()
        self.count.setRange(1, 16)
        self.count.setSuffix(" ×")
        self.count.setAccessibleName(self.tr("How many of this card"))
        self.card = QComboBox()
        self.card.addItems(list(names))
        self.card.setCurrentText(_USUAL_CARD)
        self.card.setMaxVisibleItems(16)
        self.card.setAccessibleName(self.tr("Card"))
        self.away: IconButton = icon_button("x", self.tr("Leave this card out"))
        line = row(self.count, self.card, self.away)
        line.setStretch(1, 1)
        self.setLayout(line)

    @property
    def words(self) -> str:
        """As the planner reads it."""
        count = self.count.value()
        name = self.card.currentText()
        return name if count == 1 else f"{count}x {name}"


class MachineDialog(QDialog):
    """Says a machine in words the planner understands; the words can be edited, too."""

    planned_for = Signal(str)

    def __init__(self, names: Sequence[str], tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names, self._tokens = tuple(names), tokens
        self.setWindowTitle(self.tr("Plan for other hardware"))
        self.setMinimumWidth(440)
        self.rows: list[_Cards] = []
        self._cards = QVBoxLayout()
        self.add = QPushButton(" " + self.tr("Another card"))
        self.add.setProperty("kind", "ghost")
        self.add.setAutoDefault(False)
        mark(self.add, "plus")
        self.size_box = QComboBox()
        self.size_box.addItems([f"{size} GB" for size in _SIZES])
        self.size_box.setCurrentIndex(_SIZES.index(_USUAL_SIZE))
        self.size_box.setAccessibleName(self.tr("Amount of RAM"))
        self.kind = QComboBox()
        self.kind.addItems(_KINDS)
        self.kind.setCurrentIndex(_USUAL_KIND)
        self.kind.setAccessibleName(self.tr("Kind of RAM"))
        self.channels = QComboBox()
        self.channels.addItem(self.tr("2 channels"), 2)
        for channels in (1, 4, 8, 12):
            self.channels.addItem(self.tr("{0} channels").format(channels), channels)
        self.channels.setAccessibleName(self.tr("Channels of RAM"))
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("The machine in words"))
        self.plan = QPushButton(self.tr("Plan for it"))
        self.plan.setProperty("kind", "primary")
        self.plan.setDefault(True)
        leave = QPushButton(self.tr("Cancel"))
        leave.setAutoDefault(False)
        memory = row(self.size_box, self.kind, self.channels)
        self.setLayout(
            column(
                label(self.tr("Cards"), "section"),
                self._cards,
                row(self.add, None),
                label(self.tr("Memory"), "section"),
                memory,
                label(self.tr("In words"), "section"),
                self.words,
                row(None, leave, self.plan, margins=(0, 8, 0, 0)),
                margins=(18, 18, 18, 18),
            )
        )
        self.add.clicked.connect(self._add)
        for box in (self.size_box, self.kind, self.channels):
            box.currentIndexChanged.connect(self._say)
        self.plan.clicked.connect(self._done)
        leave.clicked.connect(self.reject)
        self._add()
        recolour(self, tokens)

    def _add(self) -> None:
        made = _Cards(self._names)
        recolour(made, self._tokens)
        self.rows.append(made)
        self._cards.addWidget(made)
        made.count.valueChanged.connect(self._say)
        made.card.currentIndexChanged.connect(self._say)
        made.away.clicked.connect(lambda: self._drop(made))
        self._say()

    def _drop(self, which: _Cards) -> None:
        self.rows.remove(which)
        which.hide()
        which.deleteLater()
        self._say()

    def _say(self) -> None:
        channels = self.channels.currentData()
        memory = f"{self.size_box.currentText()} {self.kind.currentText()}"
        if channels != 2:
            memory += f" {channels} channels"
        cards = [made.words for made in self.rows] or ["no gpu"]
        self.words.setText(", ".join((*cards, memory)))
        self.add.setEnabled(len(self.rows) < _MOST_ROWS)

    def _done(self) -> None:
        if self.words.text().strip():
            self.planned_for.emit(self.words.text().strip())
            self.accept()
