"""Every key that does something, in groups."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app.theme.scale import scaled
from app.views.commands.command import Command, LocalKeys, spelled
from app.widgets.arranging import card, column, label, row

_SIZE = QSize(560, 640)
_SMALLEST = QSize(420, 320)


class ShortcutsDialog(QDialog):
    """Shows the table of commands as far as it has keys."""

    def __init__(self, keys: Sequence[Command | LocalKeys], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Shortcuts"))
        self.setMinimumSize(_SMALLEST)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the shortcuts"))
        self.search.setAccessibleName(self.tr("Search the shortcuts"))
        self.search.setClearButtonEnabled(True)
        self._groups: list[tuple[QFrame, list[tuple[str, tuple[QWidget, ...]]]]] = []
        inside = QWidget()
        inside.setProperty("kind", "clear")
        groups = dict.fromkeys(one.group for one in keys)
        cards = [self._card(name, [one for one in keys if one.group == name]) for name in groups]
        inside.setLayout(column(*cards, None, margins=(0, 0, 8, 0), spacing=14))
        page = QScrollArea()
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setAccessibleName(self.tr("Shortcuts"))
        page.setWidget(inside)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        self.setLayout(
            column(self.search, page, row(None, done), margins=(18, 18, 18, 18), spacing=14)
        )
        room = self.screen().availableSize() * 0.9
        wanted = QSize(scaled(_SIZE.width()), scaled(_SIZE.height()))
        self.resize(wanted.boundedTo(room).expandedTo(_SMALLEST))
        self.search.textChanged.connect(self._sieve)

    @property
    def shown(self) -> tuple[str, ...]:
        """What the lines say that are not sieved out."""
        return tuple(
            says for _, lines in self._groups for says, parts in lines if not parts[0].isHidden()
        )

    def _card(self, name: str, keys: Sequence[Command | LocalKeys]) -> QFrame:
        grid = QGridLayout()
        grid.setContentsMargins(16, 14, 16, 14)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label(name, "title"), 0, 0, 1, 2)
        lines: list[tuple[str, tuple[QWidget, ...]]] = []
        for place, one in enumerate(keys, start=1):
            spelt = [spelled(text) for text in one.keys]
            says, badges = label(one.says, wrap=True), QWidget()
            badges.setLayout(row(None, *(label(text, "badge") for text in spelt), spacing=6))
            says.setAccessibleName(f"{one.says}: {', '.join(spelt)}")
            grid.addWidget(says, place, 0)
            grid.addWidget(badges, place, 1)
            lines.append((f"{one.says} {' '.join(spelt)}", (says, badges)))
        frame = card(grid)
        self._groups.append((frame, lines))
        return frame

    def _sieve(self, typed: str) -> None:
        words = typed.casefold().split()
        for frame, lines in self._groups:
            left = 0
            for says, parts in lines:
                fits = all(word in says.casefold() for word in words)
                left += fits
                for part in parts:
                    part.setVisible(fits)
            frame.setVisible(left > 0)
