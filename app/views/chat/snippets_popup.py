"""What a slash offers: the prompts whose names begin with what is typed after it."""

import re

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget
from typing_extensions import override

from app.lists.row_list import ListRole
from app.lists.snippets_list import SnippetsList
from app.presenters.snippets import SnippetsPresenter
from app.store.values import Snippet
from app.theme.scale import scaled
from app.views.rows import RowDelegate
from app.widgets.arranging import column, label
from app.widgets.growing_edit import GrowingEdit

_SLASH = re.compile(r"/(\S{0,40})\Z")
_ROW = 52
_MOST_ROWS = 6
_WIDTH = 420
_GAP = 6


class SnippetsPopup(QFrame):
    """Lies over the conversation; the cursor stays in the field."""

    inserted = Signal(str)  # the name of the prompt

    def __init__(self, snippets: SnippetsPresenter, edit: GrowingEdit, below: QWidget) -> None:
        super().__init__(edit)  # the window's child once it is shown
        self._snippets = snippets
        self._edit = edit
        self._below = below
        self._sent_away = ""  # what Esc closed it over
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows = SnippetsList(parent=self)
        self.list = QListView()
        self.list.setModel(self._rows)
        self.list.setItemDelegate(RowDelegate(self.list, details=True))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(self.tr("Prompts"))
        keys = label(self.tr("Enter or Tab inserts · Esc closes"), "faint")
        keys.setContentsMargins(8, 0, 0, 2)
        self.setLayout(column(self.list, keys, margins=(6, 6, 6, 6), spacing=4))
        self.hide()
        self.list.clicked.connect(self._insert)
        edit.textChanged.connect(self._follow)
        edit.cursorPositionChanged.connect(self._follow)
        edit.installEventFilter(self)

    @property
    def offered(self) -> tuple[Snippet, ...]:
        """What it shows."""
        return self._rows.rows if self.isVisible() else ()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._edit or not self.isVisible():
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        if isinstance(event, QKeyEvent) and self._is_mine(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # Esc would stop an answer
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().eventFilter(watched, event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        if self._edit.composing or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        return event.key() in (
            Qt.Key.Key_Up,
            Qt.Key.Key_Down,
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Tab,
            Qt.Key.Key_Escape,
        )

    def _press(self, event: QKeyEvent) -> None:
        at, count = self.list.currentIndex().row(), self._rows.rowCount()
        match event.key():
            case Qt.Key.Key_Escape:
                self._sent_away = self._typed() or ""
                self.hide()
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.list.setCurrentIndex(self._rows.index((at + step) % count))
            case _:
                self._insert(self.list.currentIndex())

    def _typed(self) -> str | None:
        """The slash before the cursor, at the start of a line, and the word after it."""
        cursor = self._edit.textCursor()
        if cursor.hasSelection():
            return None
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = _SLASH.fullmatch(before) if len(before) <= _WIDTH else None
        return None if found is None else found.group(0)

    def _follow(self) -> None:
        typed = self._typed()
        if typed is None or not self._edit.hasFocus():
            self._sent_away = "" if typed is None else self._sent_away
            self.hide()
            return
        if self._sent_away and typed.startswith(self._sent_away):
            return
        offered = self._snippets.matching(typed[1:])
        self._rows.replace(offered)
        if not offered:
            self.hide()
            return
        self.list.setCurrentIndex(self._rows.index(0))
        self._place(len(offered))
        self.show()

    def _place(self, count: int) -> None:
        window = self._edit.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.list.setFixedHeight(scaled(_ROW) * min(count, _MOST_ROWS) + 2)
        width = min(_WIDTH, max(200, self._edit.width()))
        self.setFixedWidth(width)
        self.adjustSize()
        corner = self._below.mapTo(window, QPoint(0, 0))
        self.move(corner.x(), max(_GAP, corner.y() - self.height() - _GAP))
        self.raise_()

    def _insert(self, index: QModelIndex) -> None:
        snippet = index.data(ListRole.VALUE)
        typed = self._typed()
        self.hide()
        if not isinstance(snippet, Snippet) or typed is None:
            return
        cursor = self._edit.textCursor()
        cursor.movePosition(
            QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(typed)
        )
        cursor.insertText(snippet.text)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()
        self._edit.setFocus()
        self.inserted.emit(snippet.name)
