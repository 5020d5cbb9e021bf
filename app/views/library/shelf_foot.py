"""How much the models take, and how much room is left."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.lists.sizes import size_text
from app.presenters.library import LibraryPresenter
from app.theme.tokens import Tokens
from app.widgets.arranging import label, row
from app.widgets.meter_bar import MeterBar, MeterPart

_SCARCE = 0.1  # of the disk


class ShelfFoot(QWidget):
    """One line below the table."""

    def __init__(
        self, library: LibraryPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library, self._tokens = library, tokens
        self._models = label("", "dim")
        self._free = label("", "dim")
        self.bar = MeterBar(height=8)
        self.bar.setMinimumWidth(80)
        line = row(self._models, self.bar, self._free, spacing=14)
        line.setStretch(1, 1)
        self.setLayout(line)
        library.changed.connect(self._show)
        self._show()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._show()

    @property
    def sentence(self) -> str:
        """What it says."""
        return f"{self._models.text()} · {self._free.text()}"

    def _show(self) -> None:
        taken, disk = self._library.total_bytes, self._library.disk
        count = len(self._library.models)
        models = self.tr("1 model") if count == 1 else self.tr("{0} models").format(count)
        self._models.setText(f"{models} · {size_text(taken)}")
        self.bar.setVisible(disk is not None)
        self._free.setVisible(disk is not None)
        if disk is None:
            return
        whole = max(1, disk.total_bytes)
        others = max(0, disk.total_bytes - disk.free_bytes - disk.models_bytes)
        scarce = disk.free_bytes / whole < _SCARCE
        own = QColor(self._tokens.error) if scarce else None
        self.bar.set_parts(
            (
                MeterPart(fraction=disk.models_bytes / whole, colour=own),
                MeterPart(fraction=others / whole, colour=QColor(self._tokens.faint)),
            )
        )
        says = self.tr("{0} free of {1}")
        free = says.format(size_text(disk.free_bytes), size_text(disk.total_bytes))
        self._free.setText(free)
        self.bar.setAccessibleName(self.tr("Disk: {0}").format(free))
