"""The shelf as a table: searched, sorted, and with what checking each model found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final, assert_never

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.sizes import count_text, day_text, size_text
from engine.library.files import Origin, Soundness
from engine.library.shelf_model import ShelfModel

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What the table tells of a model, left to right."""

    NAME = 0
    QUANTIZATION = 1
    PARAMETERS = 2
    SIZE = 3
    USED = 4
    STATE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How the hashing of a model stands: waiting (all None), under way, or ended."""

    fraction: float | None = None
    soundness: Soundness | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLine:
    """One row. `twins` are other models whose files are the same bytes."""

    model: ShelfModel
    loaded: bool = False
    check: Check | None = None
    newer: bool = False
    twins: tuple[str, ...] = ()


def origin_text(origin: Origin) -> str:
    """Whose folder it is, as a badge says it."""
    if origin is Origin.FOLDER:
        return QCoreApplication.translate("ShelfTable", "Own folder")
    return _PROGRAMS[origin]


_PROGRAMS: Final = {
    Origin.FULLBORE: "Fullbore",
    Origin.HUGGING_FACE: "Hugging Face",
    Origin.LM_STUDIO: "LM Studio",
    Origin.OLLAMA: "Ollama",
    Origin.JAN: "Jan",
    Origin.GPT4ALL: "GPT4All",
    Origin.KOBOLDCPP: "KoboldCpp",
    Origin.TEXT_GENERATION_WEBUI: "text-generation-webui",
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ShelfTable(QAbstractTableModel):
    """Rows of models; `ListRole.VALUE` is the whole line, in any column."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = _utc_now,
        told: Callable[[str], str] = str,
        parent: QObject | None = None,
    ) -> None:
        """`told` puts a failure into the window's language."""
        super().__init__(parent)
        self._told = told
        self._now = now
        self._all: tuple[ShelfLine, ...] = ()
        self._rows: list[ShelfLine] = []
        self._words: tuple[str, ...] = ()
        self._only_twins = False
        self._column, self._order = Column.NAME, Qt.SortOrder.AscendingOrder

    @property
    def rows(self) -> tuple[ShelfLine, ...]:
        """What is shown, top to bottom."""
        return tuple(self._rows)

    @property
    def lines(self) -> tuple[ShelfLine, ...]:
        """All of them, shown or not."""
        return self._all

    def replace(self, lines: Sequence[ShelfLine]) -> None:
        """These are the models now. Rows that stay where they are keep the selection."""
        self._all = tuple(lines)
        self._arrange()

    def renew(self, lines: Mapping[str, ShelfLine]) -> None:
        """These models' lines say other things; their places stay."""
        self._all = tuple(lines.get(line.model.id, line) for line in self._all)
        for place, line in enumerate(self._rows):
            new = lines.get(line.model.id)
            if new is not None and new != line:
                self._rows[place] = new
                self.dataChanged.emit(self.index(place, 0), self.index(place, Column.STATE))

    def search(self, text: str) -> None:
        """Show only what has all these words in its name, quantization, kind or origin."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self._arrange()

    def show_twins(self, *, only: bool) -> None:
        """Show only models that are here more than once, side by side."""
        if only != self._only_twins:
            self._only_twins = only
            self._arrange()

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder, /) -> None:
        if 0 <= column < len(Column):
            self._column, self._order = Column(column), order
            self._arrange()

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    @override
    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = Column(section) in _NUMBERS
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return self._title(Column(section)) if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        line, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(line, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._title(column)}: {self._text(line, column)}"
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(line, column)
            case ListRole.VALUE:
                return line
            case _:
                return None

    def _title(self, column: Column) -> str:
        match column:
            case Column.NAME:
                return self.tr("Model")
            case Column.QUANTIZATION:
                return self.tr("Quantization")
            case Column.PARAMETERS:
                return self.tr("Parameters")
            case Column.SIZE:
                return self.tr("Size")
            case Column.USED:
                return self.tr("Last use")
            case Column.STATE:
                return self.tr("State")
            case _:
                assert_never(column)

    def _text(self, line: ShelfLine, column: Column) -> str:
        model = line.model
        match column:
            case Column.NAME:
                return model.id
            case Column.QUANTIZATION:
                return model.quantization or "–"
            case Column.PARAMETERS:
                return "–" if model.parameters is None else count_text(model.parameters)
            case Column.SIZE:
                return size_text(model.size_bytes)
            case Column.USED:
                return self._used(model.used_at)
            case Column.STATE:
                return self._state(line)
            case _:
                assert_never(column)

    def _tip(self, line: ShelfLine, column: Column) -> str:
        if column is Column.STATE:
            return self._state(line)
        known = [line.model.id, origin_text(line.model.origin), *map(str, line.model.files)]
        return "\n".join(known)

    def _used(self, used_at: str | None) -> str:
        if used_at is None:
            return self.tr("never")
        then = datetime.fromisoformat(used_at)
        zone = self._now().tzinfo
        then = then.replace(tzinfo=UTC) if then.tzinfo is None else then
        days = (self._now().date() - then.astimezone(zone).date()).days
        if days < 1:
            return self.tr("today")
        if days == 1:
            return self.tr("yesterday")
        if days < 31:
            return self.tr("{0} days ago").format(days)
        return day_text(then.date())

    def _state(self, line: ShelfLine) -> str:
        check = line.check
        if check is not None and check.soundness in (None, Soundness.DAMAGED):
            return self._checked(check)
        if line.model.broken is not None:
            return self._told(line.model.broken)
        parts: list[str] = []
        if line.loaded:
            parts.append(self.tr("Loaded"))
        if line.newer:
            parts.append(self.tr("Newer upstream"))
        if line.twins:
            parts.append(self.tr("Same bytes as {0}").format(", ".join(line.twins)))
        if check is not None:
            parts.append(self._checked(check))
        return " · ".join(parts)

    def _checked(self, check: Check) -> str:
        if check.failure is not None:
            return check.failure
        match check.soundness:
            case Soundness.SOUND:
                return self.tr("Verified: every byte is as it was published")
            case Soundness.DAMAGED:
                return self.tr("Damaged: its bytes are not the published ones. Download it again.")
            case Soundness.UNKNOWN:
                return self.tr("Read through; nobody published a hash to compare with")
            case None:
                pass
            case _:
                assert_never(check.soundness)
        if check.fraction is None:
            return self.tr("Waiting to be verified")
        return self.tr("Verifying, {0} %").format(int(check.fraction * 100))

    def _arrange(self) -> None:
        shown = [line for line in self._all if self._wanted(line)]
        shown.sort(key=_named)
        ranks = [(_rank(line, self._column, self._state(line)), line) for line in shown]
        known = [(rank, line) for rank, line in ranks if rank is not None]
        known.sort(key=_ranked, reverse=self._order is Qt.SortOrder.DescendingOrder)
        # What is not known comes last, whichever way it is sorted.
        shown = [line for _, line in known] + [line for rank, line in ranks if rank is None]
        if self._only_twins:
            shown.sort(key=lambda line: min(line.model.id, *line.twins))
        if [line.model.id for line in shown] == [line.model.id for line in self._rows]:
            self._rows = shown
            if shown:
                self.dataChanged.emit(self.index(0, 0), self.index(len(shown) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = shown
        self.endResetModel()

    def _wanted(self, line: ShelfLine) -> bool:
        if self._only_twins and not line.twins:
            return False
        model = line.model
        told = (model.id, model.name, model.quantization, model.architecture)
        known = " ".join((*(part for part in told if part), origin_text(model.origin))).casefold()
        return all(word in known for word in self._words)


_NUMBERS = frozenset({Column.PARAMETERS, Column.SIZE})


def _named(line: ShelfLine) -> str:
    return line.model.id.casefold()


def _ranked(ranked: tuple[tuple[int, str], ShelfLine]) -> tuple[int, str]:
    return ranked[0]


def _rank(line: ShelfLine, column: Column, state: str) -> tuple[int, str] | None:
    """What the rows are sorted by; None where it is not known."""
    model = line.model
    match column:
        case Column.NAME:
            return (0, model.id.casefold())
        case Column.QUANTIZATION:
            return None if model.quantization is None else (0, model.quantization)
        case Column.PARAMETERS:
            return None if model.parameters is None else (model.parameters, "")
        case Column.SIZE:
            return (model.size_bytes, "")
        case Column.USED:
            return None if model.used_at is None else (0, model.used_at)
        case Column.STATE:
            return (0, state) if state else None
        case _:
            assert_never(column)
