"""Where the person writes: Enter sends, Shift+Enter breaks the line, Esc stops."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QWidget
from typing_extensions import override

from app.presenters.chat.presenter import ChatPresenter
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views.icons import mark, recolour
from app.widgets.arranging import column, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.growing_edit import GrowingEdit
from app.widgets.icon_button import tip

WIDEST = 820


class Composer(QFrame):
    """A growing field and one round button that sends, or stops."""

    def __init__(self, chat: ChatPresenter, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self._tokens = tokens
        self.setProperty("kind", "composer")
        self.setMaximumWidth(WIDEST)
        self.edit = GrowingEdit()
        self.edit.setProperty("kind", "input")
        self.edit.setAccessibleName(self.tr("Your message"))
        self.edit.installEventFilter(self)
        self._note = ElidedLabel()
        set_dress(self._note, "role", "faint")
        self.button = QPushButton()
        self.button.setProperty("kind", "round")
        self.button.setIconSize(QSize(18, 18))
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        foot = row(self._note, self.button)
        foot.setStretch(0, 1)
        self.setLayout(column(self.edit, foot, margins=(16, 12, 12, 12), spacing=8))
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.activated.connect(self._stop)
        self.edit.submitted.connect(self._send)
        self.edit.textChanged.connect(self._show)
        self.button.clicked.connect(self._press)
        chat.busy_changed.connect(self._show)
        chat.waiting.connect(self._say)
        self.name_model(None)
        self._say("")
        self._show()

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        recolour(self, tokens)

    def name_model(self, model: str | None) -> None:
        """Whom the message is for."""
        self.edit.setPlaceholderText(
            self.tr("Message {0}…").format(model) if model else self.tr("Write a message…")
        )
        self.edit.viewport().update()  # Qt shows another placeholder only when it must paint

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_dress(self, "focused", "true" if event.type() == QEvent.Type.FocusIn else "false")
        return super().eventFilter(watched, event)

    def _press(self) -> None:
        if self._chat.busy:
            self._stop()
        else:
            self._send()

    def _send(self) -> None:
        if self._chat.send(self.edit.toPlainText()):
            self.edit.clear()
        self.edit.setFocus()

    def _stop(self) -> None:
        self._chat.stop()

    def _say(self, why: str) -> None:
        self._note.setText(why or self.tr("Enter sends · Shift+Enter breaks the line"))

    def _show(self) -> None:
        self._escape.setEnabled(self._chat.busy)
        if self._chat.busy:
            says, keys = self.tr("Stop"), QKeySequence(Qt.Key.Key_Escape)
            mark(self.button, "stop", "on_accent")
            self.button.setEnabled(True)
        else:
            says, keys = self.tr("Send"), QKeySequence(Qt.Key.Key_Return)
            ready = bool(self.edit.toPlainText().strip())
            mark(self.button, "arrow-up", "on_accent" if ready else "faint")
            self.button.setEnabled(ready)
        self.button.setAccessibleName(says)
        self.button.setToolTip(tip(says, keys))
        recolour(self, self._tokens)
