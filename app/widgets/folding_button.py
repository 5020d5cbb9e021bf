"""A button with an icon and words; where room is scarce, the icon alone."""

from PySide6.QtWidgets import QPushButton, QWidget


class FoldingButton(QPushButton):
    """Folded, its words are in its tooltip; for a screen reader they always are its name."""

    def __init__(self, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._says = says
        self._folded = False
        self._show()

    @property
    def says(self) -> str:
        """Its words, shown or not."""
        return self._says

    def say(self, says: str) -> None:
        """Other words from now on."""
        if says != self._says:
            self._says = says
            self._show()

    def fold(self, *, folded: bool) -> None:
        """Show the icon alone, or the words too."""
        if folded != self._folded:
            self._folded = folded
            self._show()

    def _show(self) -> None:
        self.setText("" if self._folded else f" {self._says}")
        self.setToolTip(self._says if self._folded else "")
        self.setAccessibleName(self._says)
