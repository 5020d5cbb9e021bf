"""What a repository offers, planned: one row a quantization."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt
from typing_extensions import override

from app.lists.row_list import Index, RowList
from app.lists.sizes import size_text
from engine.download.values import Download, Quantization
from engine.fit.plan import Plan

Verdict = Literal["cards", "experts", "layers", "ram", "disk", "no", "unknown"]

_VERDICTS: dict[str, Verdict] = {"experts": "experts", "layers": "layers", "cpu": "ram"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A quantization, what the planner says of it, and whether it is here or on its way.

    `plan` is None until its header was read; `refusal` says why there never will be one.
    `model` is its name on the shelf, None while it is not there.
    """

    quantization: Quantization
    plan: Plan | None = None
    kind: str = ""
    refusal: str | None = None
    advised: bool = False
    download: Download | None = None
    model: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Where it would run."""
        if self.plan is None:
            return "unknown"
        if not self.plan.fits:
            return "no"
        host = self.plan.footprint.host
        if host.over > host.total // 50:
            return "disk"
        return _VERDICTS.get(self.kind, "cards")


class OffersList(RowList[Offer]):
    """Rows of quantizations. `speak` says a whole row to those who cannot see it."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent=parent)
        self.speak: Callable[[Offer], str] = self.title

    @override
    def key(self, row: Offer) -> object:
        return row.quantization.files

    @override
    def title(self, row: Offer) -> str:
        return row.quantization.label

    @override
    def detail(self, row: Offer) -> str:
        size = size_text(row.quantization.size_bytes)
        count = len(row.quantization.files)
        if count == 1:
            return size
        return self.tr("{size} in {count} files").format(size=size, count=count)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.value(index)
        if row is not None and role == Qt.ItemDataRole.AccessibleTextRole:
            return self.speak(row)
        return super().data(index, role)

    @override
    def is_current(self, row: Offer) -> bool:
        return row.advised
