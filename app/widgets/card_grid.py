"""Cards side by side, as many as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from app.theme.scale import scaled

_GAP = 12


class CardGrid(QWidget):
    """Rows fill up from the left; all columns are alike. Hides when it is empty."""

    def __init__(self, narrowest: int, parent: QWidget | None = None) -> None:
        """`narrowest` a card may become, at a text size of 100 %."""
        super().__init__(parent)
        self._narrowest = narrowest
        self._cards: tuple[QWidget, ...] = ()
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)

    @property
    def across(self) -> int:
        """How many stand side by side."""
        return self._across

    def set_narrowest(self, pixels: int) -> None:
        """A card may become so narrow from now on."""
        self._narrowest = pixels
        self._lay(anew=False)

    def show_cards(self, cards: Sequence[QWidget]) -> None:
        """Show these; others go."""
        gone = [card for card in self._cards if card not in cards]
        self._cards = tuple(cards)
        for card in gone:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.setVisible(bool(cards))
        self._lay(anew=True)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay(anew=False)

    def _lay(self, *, anew: bool) -> None:
        room = (self.width() + _GAP) // (scaled(self._narrowest) + _GAP)
        across = max(1, min(len(self._cards), room))
        if across == self._across and not anew:
            return
        for column in range(max(across, self._across)):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        self._across = across
        for place, card in enumerate(self._cards):
            row, column = divmod(place, across)
            self._grid.addWidget(card, row, column, Qt.AlignmentFlag.AlignTop)
            card.show()
