"""The port's keys: who has one, what it opens, and when it was used last."""

from functools import partial

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.presenters.server.presenter import ServerPresenter
from app.theme.tokens import Tokens
from app.views.icons import icon_button, mark, recolour
from app.views.server import server_words
from app.views.server.key_dialog import KeyDialog
from app.widgets.arranging import card, column, label, row
from app.widgets.delete_question import DeleteQuestion
from app.widgets.elided_label import ElidedLabel
from engine.access import Key


class KeysPage(QWidget):
    """A line for each key."""

    def __init__(self, server: ServerPresenter, tokens: Tokens) -> None:
        super().__init__()
        self._server, self._keys, self._tokens = server, server.keys, tokens
        self.lines: tuple[KeyLine, ...] = ()
        self._shown: tuple[Key, ...] | None = None
        self.add = QPushButton(" " + self.tr("New key"))
        self.add.setAccessibleName(self.tr("New key"))
        self.add.setProperty("kind", "primary")
        mark(self.add, "plus", "on_accent")
        says = self.tr(
            "As soon as there is a key, every program must say one. Of a secret nothing is kept "
            "but a hash."
        )
        self.nothing = label(
            self.tr("There is no key: whoever reaches the port is answered."), "dim", wrap=True
        )
        head = row(label(self.tr("Keys"), "title"), None, self.add)
        self._list: QVBoxLayout = column(spacing=2)
        inside = column(
            head,
            label(says, "dim", wrap=True),
            self.nothing,
            self._list,
            margins=(16, 14, 16, 14),
            spacing=10,
        )
        self.setLayout(column(card(inside), None))
        self.add.clicked.connect(self.open_new)
        self._keys.changed.connect(self._follow)
        self._follow()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        recolour(self, tokens)

    def open_new(self) -> KeyDialog:
        """Ask for a new key's name."""
        dialog = KeyDialog(self._keys, parent=self)
        dialog.open()
        return dialog

    def open_change(self, key: Key) -> KeyDialog:
        """Ask what is to be another way."""
        dialog = KeyDialog(self._keys, key, parent=self)
        dialog.open()
        return dialog

    def ask_to_remove(self, key: Key) -> DeleteQuestion:
        """Who has the key is let in no longer: ask first."""
        says = self.tr("Delete “{0}”? Programs that say it are refused from then on.")
        question = DeleteQuestion(self, self.tr("Delete the key"), says.format(key.name))
        question.confirmed.connect(partial(self._keys.remove, key.id))
        question.open()
        return question

    def _follow(self) -> None:
        keys = self._keys.keys
        self.nothing.setVisible(not keys)
        if keys == self._shown:
            return
        self._shown = keys
        for line in self.lines:
            self._list.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = tuple(KeyLine(key) for key in keys)
        for line in self.lines:
            self._list.addWidget(line)
            line.change.clicked.connect(partial(self._change, line.key))
            line.remove.clicked.connect(partial(self._ask, line.key))
        recolour(self, self._tokens)

    def _change(self, key: Key, *_: bool) -> None:
        self.open_change(key)

    def _ask(self, key: Key, *_: bool) -> None:
        self.ask_to_remove(key)


class KeyLine(QFrame):
    """One key, in two lines of words."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self.key = key
        self.setProperty("kind", "clear")
        self.change = icon_button("pencil", self.tr("Change {0}").format(key.name))
        self.remove = icon_button("trash", self.tr("Delete {0}").format(key.name))
        opens = [server_words.scope_name(scope) for scope in sorted(key.scopes)]
        told = (
            self.tr("opens {0}").format(", ".join(opens)),
            server_words.limits_text(key.limits),
            self.tr("made {0}").format(server_words.moment(key.made_at)),
            self.tr("last used: {0}").format(server_words.moment(key.used_at)),
        )
        self.words = f"{key.name} …{key.ending}\n{' · '.join(told)}"
        self.setAccessibleName(self.words)
        name = row(label(key.name), label(f"…{key.ending}", "badge"), None)
        details = ElidedLabel(" · ".join(told))
        details.setProperty("role", "dim")
        texts = column(name, details, spacing=2)
        line = row(texts, self.change, self.remove, margins=(0, 6, 0, 6))
        line.setStretch(0, 1)
        self.setLayout(line)
