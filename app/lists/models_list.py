"""The language models on the shelf."""

from PySide6.QtCore import QObject
from typing_extensions import override

from app.lists.row_list import RowList
from app.lists.sizes import count_text, size_text
from engine.library.shelf_model import ShelfModel


class ModelsList(RowList[ShelfModel]):
    """Rows of models; the detail is what is known of one, or what is wrong with it."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent=parent)
        self._current: str | None = None

    def mark(self, model: str | None) -> None:
        """That model is the loaded one."""
        self._current = model
        self.redraw()

    @override
    def key(self, row: ShelfModel) -> object:
        return row.id

    @override
    def title(self, row: ShelfModel) -> str:
        return row.id

    @override
    def detail(self, row: ShelfModel) -> str:
        if row.broken is not None:
            return row.broken
        known = (
            None if row.parameters is None else count_text(row.parameters),
            row.quantization,
            row.architecture,
            size_text(row.size_bytes),
        )
        return " · ".join(part for part in known if part)

    @override
    def is_current(self, row: ShelfModel) -> bool:
        return row.id == self._current
