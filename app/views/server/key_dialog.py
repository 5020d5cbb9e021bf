"""A key is made or changed here; a new one's secret is shown once."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.presenters.server.keys import LONGEST_NAME, KeysPresenter
from app.theme.fonts import mono_font
from app.theme.scale import scaled
from app.theme.tokens import FONT
from app.views.server import server_words
from app.widgets.arranging import column, label, row
from engine.access import Key, Limits, NewKey, Scope

_MOST_REQUESTS = 100_000
_MOST_AT_ONCE = 1000
_WIDTH = 460


class KeyDialog(QDialog):
    """Without a `key` it makes one, and then shows the secret in the form's place."""

    made = Signal()

    def __init__(
        self,
        keys: KeysPresenter,
        key: Key | None = None,
        *,
        reason: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """`reason` is said first: why a key is needed."""
        super().__init__(parent)
        self._keys, self._key = keys, key
        self._waits = False
        self.setWindowTitle(self.tr("New key") if key is None else self.tr("Change the key"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = QLineEdit(key.name if key else "")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("Who uses it, such as: laptop"))
        self.name.setAccessibleName(self.tr("Name"))
        self.scopes = {scope: self._scope(scope) for scope in Scope}
        limits = key.limits if key else Limits()
        self.per_minute = self._limit(
            self.tr("Requests a minute"), limits.requests_per_minute, _MOST_REQUESTS
        )
        self.at_once = self._limit(self.tr("Requests at once"), limits.at_once, _MOST_AT_ONCE)
        self.trouble = label("", "error", wrap=True)
        self.trouble.hide()
        self.save = QPushButton(self.tr("Make the key") if key is None else self.tr("Save"))
        self.save.setProperty("kind", "primary")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.secret = QLineEdit()
        self.secret.setReadOnly(True)
        self.secret.setFont(mono_font(scaled(FONT.plain)))
        self.secret.setAccessibleName(self.tr("The key's secret"))
        self.copy = QPushButton(self.tr("Copy"))
        self.finish = QPushButton(self.tr("Done"))
        self._pages = QStackedWidget()
        self._pages.addWidget(_page(self._form(reason)))
        self._pages.addWidget(_page(self._shown_once()))
        self.setLayout(column(self._pages, margins=(18, 18, 18, 18)))
        self.setMinimumWidth(scaled(_WIDTH))
        for button in (self.cancel, self.copy, self.finish):
            button.setAutoDefault(False)  # Enter in a field saves
        self.save.setDefault(True)
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.name.textChanged.connect(self._show)
        for box in self.scopes.values():
            box.toggled.connect(self._show)
        self.save.clicked.connect(self._save)
        self.cancel.clicked.connect(self.reject)
        self.copy.clicked.connect(self._copy)
        self.finish.clicked.connect(self.accept)
        self._keys.made.connect(self._reveal)
        self._keys.changed.connect(self._saved)
        self._keys.failed.connect(self._fail)

    def _form(self, reason: str) -> QVBoxLayout:
        says = label(reason, wrap=True)
        says.setVisible(bool(reason))
        return column(
            says,
            label(self.tr("Name"), "dim"),
            self.name,
            label(self.tr("What it opens"), "dim"),
            *self.scopes.values(),
            label(self.tr("Limits"), "dim"),
            row(label(self.tr("Requests a minute")), None, self.per_minute),
            row(label(self.tr("Requests at once")), None, self.at_once),
            self.trouble,
            None,
            row(None, self.cancel, self.save),
        )

    def _shown_once(self) -> QVBoxLayout:
        once = self.tr(
            "Copy the secret now: it is shown this once. Fullbore keeps a hash of it alone, and "
            "nobody can read it again."
        )
        self.finish.setProperty("kind", "primary")
        return column(
            label(self.tr("The key is made"), "title"),
            label(once, wrap=True),
            row(self.secret, self.copy),
            None,
            row(None, self.finish),
            spacing=12,
        )

    def _scope(self, scope: Scope) -> QCheckBox:
        box = QCheckBox(server_words.scope_sentence(scope))
        box.setChecked(scope in self._key.scopes if self._key else scope is Scope.ANSWERS)
        return box

    def _limit(self, says: str, value: int | None, most: int) -> QSpinBox:
        spin = QSpinBox()
        spin.setAccessibleName(says)
        spin.setRange(0, most)
        spin.setSpecialValueText(self.tr("no limit"))
        spin.setValue(value or 0)
        spin.setFixedWidth(scaled(140))
        spin.lineEdit().setTextMargins(8, 0, 0, 0)
        return spin

    def _show(self) -> None:
        opens = any(box.isChecked() for box in self.scopes.values())
        self.save.setEnabled(bool(self.name.text().strip()) and opens and not self._waits)

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        name = self.name.text().strip()
        scopes = [scope for scope, box in self.scopes.items() if box.isChecked()]
        limits = Limits(
            requests_per_minute=self.per_minute.value() or None,
            at_once=self.at_once.value() or None,
        )
        self._waits = True
        self.trouble.hide()
        self._show()
        if self._key is None:
            self._keys.add(name, scopes, limits)
        elif (name, frozenset(scopes), limits) == (
            self._key.name,
            self._key.scopes,
            self._key.limits,
        ):
            self.accept()
        else:
            self._keys.change(self._key.id, name, scopes, limits)

    def _saved(self) -> None:
        if self._waits and self._key is not None:
            self.accept()

    def _reveal(self, made: object) -> None:
        if not (self._waits and isinstance(made, NewKey)):
            return
        self._waits = False
        self.secret.setText(made.secret)
        self.secret.setCursorPosition(0)
        self._pages.setCurrentIndex(1)
        self.copy.setFocus()
        self.made.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.secret.text())
        self.copy.setText(self.tr("Copied"))

    def _fail(self, sentence: str) -> None:
        if self._waits:
            self._waits = False
            self.trouble.setText(sentence)
            self.trouble.show()
            self._show()


def _page(layout: QVBoxLayout) -> QWidget:
    page = QWidget()
    page.setLayout(layout)
    return page
