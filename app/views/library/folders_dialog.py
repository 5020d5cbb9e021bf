"""Where models are found: Fullbore's folder, one's own, and those of other programs."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QPushButton, QVBoxLayout, QWidget

from app.lists.shelf_table import origin_text
from app.lists.sizes import size_text
from app.presenters.folders import FoldersPresenter
from app.theme.tokens import Tokens
from app.views.ask_folder import ask_for_folder
from app.views.icons import icon_button, mark, recolour
from app.widgets.arranging import card, column, label, row
from app.widgets.banner import Banner
from app.widgets.elided_label import ElidedLabel
from app.widgets.toggle_switch import ToggleSwitch
from engine.library.files import ForeignFolder, Origin


class FoldersDialog(QDialog):
    """Each change holds at once; nothing is moved and nothing is deleted."""

    def __init__(
        self, folders: FoldersPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folders = folders
        self._tokens = tokens
        self._lines: object = None
        self._switches = dict[Path, ToggleSwitch]()
        self.setWindowTitle(self.tr("Folders"))
        self.resize(620, 480)
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.add = QPushButton(" " + self.tr("Add a folder…"))
        mark(self.add, "plus")
        self.add.setAutoDefault(False)
        self._own = column(spacing=2)
        self._others = column(spacing=6)
        self._looking = label(self.tr("Looking for other programs' folders…"), "faint")
        own = column(
            row(label(self.tr("Your folders"), "title"), None, self.add),
            self._own,
            margins=(14, 12, 14, 12),
        )
        others = column(
            label(self.tr("Found in other programs"), "title"),
            label(self.tr("Their models are used where they lie."), "dim"),
            self._others,
            self._looking,
            margins=(14, 12, 14, 12),
        )
        done = QPushButton(self.tr("Done"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        self.setLayout(
            column(
                self.banner,
                card(own),
                card(others),
                None,
                row(None, done),
                margins=(18, 18, 18, 18),
                spacing=12,
            )
        )
        self.add.clicked.connect(self._choose)
        folders.failed.connect(self.banner.say)
        folders.changed.connect(self._show)
        self._show()
        folders.look_for_foreign()
        recolour(self, tokens)

    def _choose(self) -> None:
        ask_for_folder(self, self.tr("Add a folder"), self._folders.add)

    def choose_another(self) -> QFileDialog:
        """Ask where downloads are to go."""
        title = self.tr("Folder for downloads")
        return ask_for_folder(self, title, self._folders.bring_models_to)

    def _show(self) -> None:
        foreign = self._folders.foreign
        lines = (
            self._folders.models_folder,
            self._folders.own,
            [(one.path, one.models) for one in foreign],
        )
        if lines != self._lines:  # else a switch that was just turned keeps the keyboard
            self._lines = lines
            self._fill()
        for one in foreign:
            switch = self._switches[one.path]
            with QSignalBlocker(switch):
                switch.setChecked(one.used)
        looking = self._folders.looking
        self._looking.setVisible(looking or not foreign)
        none = self.tr("None was found on this computer.")
        self._looking.setText(self.tr("Looking for other programs' folders…") if looking else none)

    def _fill(self) -> None:
        _clear(self._own)
        _clear(self._others)
        self._switches.clear()
        self._own.addWidget(self._line(self._folders.models_folder, own=False))
        for folder in self._folders.own:
            self._own.addWidget(self._line(folder, own=True))
        for foreign in self._folders.foreign:
            self._others.addWidget(self._program(foreign))
        recolour(self, self._tokens)

    def _line(self, folder: Path, *, own: bool) -> QWidget:
        line = QFrame()
        name = ElidedLabel(str(folder), mode=Qt.TextElideMode.ElideMiddle)
        if own:
            remove = icon_button("x", self.tr("Show the models of {0} no longer").format(folder))
            remove.clicked.connect(partial(self._remove, folder))
            inside = row(name, remove)
        else:
            change = QPushButton(self.tr("Another folder…"))
            change.setToolTip(self.tr("Where downloads go from now on; nothing is moved"))
            change.setAutoDefault(False)
            change.clicked.connect(self.choose_another)
            inside = row(name, label(self.tr("Downloads go here"), "faint"), change)
        inside.setStretch(0, 1)
        line.setLayout(inside)
        return line

    def _remove(self, folder: Path, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt's)
        self._folders.remove(folder)

    def _use(self, origin: Origin, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._folders.use(origin, on=on)

    def _program(self, foreign: ForeignFolder) -> QWidget:
        line = QFrame()
        name = origin_text(foreign.origin)
        says = self.tr("Show the models of {0}").format(name)
        switch = ToggleSwitch(says)
        switch.setChecked(foreign.used)
        self._switches[foreign.path] = switch
        switch.toggled.connect(partial(self._use, foreign.origin))
        one, many = self.tr("1 model, {1}"), self.tr("{0} models, {1}")
        says = one if foreign.models == 1 else many
        count = says.format(foreign.models, size_text(foreign.size_bytes))
        where = ElidedLabel(str(foreign.path), mode=Qt.TextElideMode.ElideMiddle)
        where.setProperty("role", "faint")
        words = column(row(label(name), label(count, "dim"), None), where, spacing=1)
        inside = row(words, switch, spacing=14)
        inside.setStretch(0, 1)
        line.setLayout(inside)
        return line


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        thing = layout.takeAt(0)
        widget = thing.widget() if thing is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
