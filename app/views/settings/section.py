"""A part of the settings: options under one heading."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.views.settings.option_row import OptionRow
from app.widgets.arranging import label


class Section(QFrame):
    """Hides what is not looked for, and itself when nothing is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[OptionRow, ...] = ()
        self.setProperty("kind", "card")
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(16, 14, 16, 14)
        self._lines.setSpacing(6)
        self._title = label("", "title")
        self._lines.addWidget(self._title)
        self.setLayout(self._lines)

    @property
    def title(self) -> str:
        """Its heading."""
        return self._title.text()

    def entitle(self, title: str) -> None:
        """Give it its heading."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def add(self, *rows: OptionRow) -> None:
        """Show these options below those there are."""
        for row in rows:
            self.rows = (*self.rows, row)
            self._lines.addWidget(row)

    def add_widget(self, widget: QWidget) -> None:
        """Show that as well; a search does not ask it."""
        self._lines.addWidget(widget)

    def row(self, key: str) -> OptionRow:
        """The option of that name. Raises KeyError."""
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(key)

    def sieve(self, words: Sequence[str]) -> int:
        """Show the options with all these words alone; returns how many there are."""
        for row in self.rows:
            row.setVisible(row.matches(words))
        left = sum(row.matches(words) for row in self.rows)
        self.setVisible(left > 0)
        return left
