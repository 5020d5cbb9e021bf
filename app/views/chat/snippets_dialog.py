"""The prompt library: write, change and delete what a slash offers."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.lists.row_list import ListRole
from app.lists.snippets_list import SnippetsList
from app.presenters.snippets import LONGEST_NAME, SnippetsPresenter
from app.store.values import Snippet
from app.theme.tokens import Tokens
from app.views.icons import mark, recolour
from app.views.rows import RowDelegate
from app.widgets.arranging import column, label, row
from app.widgets.delete_question import DeleteQuestion


class SnippetsDialog(QDialog):
    """A list at the left, the chosen prompt at the right. Saving is a click, or Ctrl+S."""

    def __init__(
        self, snippets: SnippetsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._snippets = snippets
        self._edited: Snippet | None = None  # None: a new one
        self.setWindowTitle(self.tr("Prompts"))
        self.resize(760, 480)
        self._rows = SnippetsList(parent=self)
        self.list = QListView()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(RowDelegate(self.list, details=True))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(self.tr("Prompts"))
        self.new = QPushButton(" " + self.tr("New prompt"))
        mark(self.new, "plus")
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("A word, such as: review"))
        self.name.setAccessibleName(self.tr("Name"))
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(self.tr("The text that is written for you"))
        self.text.setAccessibleName(self.tr("Text"))
        self._trouble = label("", "error", wrap=True)
        self.delete = QPushButton(self.tr("Delete…"))
        self.delete.setProperty("kind", "danger")
        self.save = QPushButton(self.tr("Save"))
        self.save.setProperty("kind", "primary")
        self.close_button = QPushButton(self.tr("Done"))
        self._arrange()
        self._connect()
        self._list()
        self._begin_new()
        recolour(self, tokens)

    def _arrange(self) -> None:
        for button in (self.new, self.delete, self.save, self.close_button):
            button.setAutoDefault(False)
        says = label(
            self.tr("Type a slash and a prompt's name in an empty line, and it is written."),
            "dim",
            wrap=True,
        )
        left = column(self.list, self.new)
        foot = row(self.delete, None, self.save, self.close_button)
        right = column(
            label(self.tr("Name"), "dim"),
            self.name,
            label(self.tr("Text"), "dim"),
            self.text,
            self._trouble,
            foot,
        )
        both = row(left, right, spacing=16)
        both.setStretch(0, 2)
        both.setStretch(1, 3)
        self.setLayout(column(says, both, margins=(18, 18, 18, 18), spacing=14))

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._open)
        self.new.clicked.connect(self._begin_new)
        self.save.clicked.connect(self._save)
        self.delete.clicked.connect(self._ask_to_delete)
        self.close_button.clicked.connect(self.accept)
        self.name.textChanged.connect(self._show)
        self.name.returnPressed.connect(self._save)
        self.text.textChanged.connect(self._show)
        self._snippets.changed.connect(self._list)
        self._snippets.failed.connect(self._trouble.setText)
        for keys, then in (
            (QKeySequence(QKeySequence.StandardKey.Save), self._save),
            (QKeySequence(QKeySequence.StandardKey.New), self._begin_new),
        ):
            QShortcut(keys, self).activated.connect(then)

    def _list(self) -> None:
        self._rows.replace(self._snippets.snippets)

    def _open(self, index: QModelIndex) -> None:
        snippet = index.data(ListRole.VALUE)
        if isinstance(snippet, Snippet):
            self._edit(snippet)

    def _begin_new(self) -> None:
        self.list.setCurrentIndex(QModelIndex())
        self._edit(None)
        self.name.setFocus()

    def _edit(self, snippet: Snippet | None) -> None:
        self._edited = snippet
        self.name.setText(snippet.name if snippet else "")
        self.text.setPlainText(snippet.text if snippet else "")
        self._show()

    def _show(self) -> None:
        edited, name, text = self._edited, self.name.text(), self.text.toPlainText()
        changed = edited is None or (name, text) != (edited.name, edited.text)
        self.save.setEnabled(changed and bool(name.strip()) and bool(text.strip()))
        self.delete.setEnabled(edited is not None)
        self._trouble.clear()

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        edited, name, text = self._edited, self.name.text(), self.text.toPlainText()
        if edited is None:
            kept = self._snippets.add(name, text)
        else:
            amended = replace(edited, name=name, text=text)
            kept = amended if self._snippets.amend(amended) else None
        if kept is not None:
            at = self._rows.row_of(kept.id)
            if at is not None:
                self.list.setCurrentIndex(self._rows.index(at))
                self._edit(self._rows.rows[at])

    def _ask_to_delete(self) -> None:
        doomed = self._edited
        if doomed is None:
            return
        says = self.tr("Delete “{0}” for good?").format(doomed.name)
        question = DeleteQuestion(self, self.tr("Delete prompt"), says)

        def gone() -> None:
            self._snippets.delete(doomed.id)
            self._begin_new()

        question.confirmed.connect(gone)
        question.open()
