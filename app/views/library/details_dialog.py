"""All that a model's file tells: its tensors by type, its metadata, its template."""

from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QTabWidget,
    QWidget,
)

from app.lists.sizes import size_text, whole_text
from app.lists.text_table import TextTable
from app.theme.fonts import mono_font
from app.theme.tokens import Tokens
from app.widgets.arranging import card, column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.stacked_bar import BarPart, StackedBar
from engine.library.files import Details, TensorLine

_MOST_TYPES = 6


class DetailsDialog(QDialog):
    """Nothing here can be changed; everything can be searched and copied."""

    def __init__(self, details: Details, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setWindowTitle(self.tr("Details of {0}").format(details.model))
        self.resize(820, 640)
        title = ElidedLabel(details.model, mode=Qt.TextElideMode.ElideMiddle)
        title.setProperty("role", "title")
        total = sum(tensor.size_bytes for tensor in details.tensors)
        figures = (
            self.tr("{0} tensors").format(whole_text(len(details.tensors))),
            size_text(total),
            self.tr("{0} bits per weight").format(f"{details.bits_per_weight:.2f}"),
        )
        self.bar = StackedBar(QColor(tokens.error))
        self.bar.setAccessibleName(self.tr("Tensors by type"))
        parts = self._parts(details.tensors)
        self.bar.show_parts(parts, total)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search in metadata and tensors"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.setClearButtonEnabled(True)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._add_tables(details)
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.clicked.connect(self.accept)
        files = label("\n".join(map(str, details.files[:3])), "faint", wrap=True)
        files.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head = column(
            row(title, label(" · ".join(figures), "dim"), spacing=16),
            files,
            self.bar,
            self._legend(parts),
            margins=(14, 12, 14, 12),
        )
        whole = column(
            card(head), self.search, self.tabs, row(None, done), margins=(18, 18, 18, 18)
        )
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _add_tables(self, details: Details) -> None:
        metadata = TextTable((self.tr("Key"), self.tr("Value")), details.metadata, parent=self)
        tensors = TextTable(
            (self.tr("Tensor"), self.tr("Type"), self.tr("Shape"), self.tr("Size")),
            [_tensor_row(tensor) for tensor in details.tensors],
            parent=self,
        )
        self.metadata = self._table(metadata, self.tr("Metadata"), stretched=1)
        self.tensors = self._table(tensors, self.tr("Tensors"), stretched=0)
        self.template = QPlainTextEdit(details.template or "")
        self.template.setReadOnly(True)
        self.template.setFont(mono_font())
        self.template.setAccessibleName(self.tr("Chat template"))
        self.template.setPlaceholderText(self.tr("The file brings no chat template."))
        self.tabs.addTab(self.metadata, self.tr("Metadata"))
        self.tabs.addTab(self.tensors, self.tr("Tensors"))
        self.tabs.addTab(self.template, self.tr("Chat template"))
        self.search.textChanged.connect(metadata.search)
        self.search.textChanged.connect(tensors.search)

    def _table(self, rows: TextTable, name: str, *, stretched: int) -> QTableView:
        table = QTableView()
        table.setModel(rows)
        table.setAccessibleName(name)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        if stretched:
            header.resizeSection(0, 280)
        return table

    def _parts(self, tensors: Sequence[TensorLine]) -> list[BarPart]:
        """Largest first; the many small ones together."""
        sizes = defaultdict[str, int](int)
        for tensor in tensors:
            sizes[tensor.type] += tensor.size_bytes
        ranked = sorted(sizes.items(), key=lambda pair: -pair[1])
        if len(ranked) > _MOST_TYPES:
            rest = sum(size for _, size in ranked[_MOST_TYPES - 1 :])
            ranked = [*ranked[: _MOST_TYPES - 1], (self.tr("others"), rest)]
        t = self._tokens
        colours = (t.weights, t.kv, t.compute, t.other, t.driver, t.faint)
        return [
            BarPart(size=size, colour=QColor(colour), says=f"{kind} {size_text(size)}")
            for (kind, size), colour in zip(ranked, colours, strict=False)
        ]

    def _legend(self, parts: Sequence[BarPart]) -> QWidget:
        dots: list[QWidget] = []
        for part in parts:
            dot = label("■")
            dot.setStyleSheet(f"color: {part.colour.name()};")
            dots += [dot, label(part.says, "dim")]
        legend = QWidget()
        legend.setLayout(row(*dots, None, spacing=6))
        return legend


def _tensor_row(tensor: TensorLine) -> tuple[str, ...]:
    shape = " × ".join(map(str, tensor.dimensions))
    return (tensor.name, tensor.type, shape, size_text(tensor.size_bytes))
