"""The guide's second page: where models lie, what other programs have, and where they come from."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from app.lists.shelf_table import origin_text
from app.lists.sizes import size_text
from app.presenters.hub_settings import WELL_KNOWN
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import sayings
from app.views.ask_folder import ask_for_folder
from app.views.guide import guide_words
from app.views.icons import icon_button, mark, recolour
from app.views.screens import Screens
from app.widgets.arranging import card, column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.toggle_switch import ToggleSwitch
from engine.library.files import ForeignFolder, Origin

_HUB, _MIRROR = WELL_KNOWN[0], WELL_KNOWN[1]
_LITTLE_BYTES = 5_000_000_000  # of room: a model that is worth it hardly goes there


class PlacesPage(QWidget):
    """Each change holds at once."""

    def __init__(self, screens: Screens, tokens: Tokens) -> None:
        super().__init__()
        self._guide, self._folders, self._hub = screens.guide, screens.folders, screens.hub
        self._tokens = tokens
        self._shown: object = None
        self._switches = dict[Path, ToggleSwitch]()
        self._free = label("", "dim", wrap=True)
        self._where = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.elsewhere = QPushButton(self.tr("Another folder…"))
        self.elsewhere.setToolTip(self.tr("Where downloads go from now on; nothing is moved"))
        self.add = QPushButton(" " + self.tr("Add a folder…"))
        self.add.setToolTip(self.tr("Models that lie there are shown, too"))
        mark(self.add, "plus")
        self._own = column(spacing=4)
        self._others = column(spacing=8)
        self._found = label(self.tr("Found in other programs"), "title")
        self._hint = label(self.tr("Their models are used where they lie."), "dim", wrap=True)
        self._trial = label("", "dim", wrap=True)
        self.test = QPushButton(self.tr("Test again"))
        says = self.tr("Use the mirror {0}").format(_MIRROR.removeprefix("https://"))
        self.mirror = ToggleSwitch(says)
        self._mirror_says = label(says)
        self._mirror_hint = label(
            self.tr(
                "Where huggingface.co cannot be reached. The access token is never sent there."
            ),
            "dim",
            wrap=True,
        )
        self._arrange()
        self._connect()
        self._show()
        self._show_hub()

    @property
    def words(self) -> str:
        """What it says of the folder and of the network."""
        return f"{self._where.text()} {self._free.text()} {self._trial.text()}"

    @property
    def switches(self) -> tuple[ToggleSwitch, ...]:
        """Of the other programs, in their order."""
        return tuple(self._switches.values())

    def enter(self) -> None:
        """It is shown: see what is there."""
        self._folders.look_for_foreign()
        if self._hub.trial is None and not self._hub.busy:
            self._hub.test(self._hub.endpoint)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        recolour(self, tokens)

    def _arrange(self) -> None:
        folder = column(
            row(label(self.tr("Folder of models"), "title"), None, self.elsewhere, self.add),
            self._where,
            self._free,
            self._own,
            margins=(16, 12, 16, 14),
            spacing=6,
        )
        others = column(self._found, self._hint, self._others, margins=(16, 12, 16, 14), spacing=6)
        switch = row(
            column(self._mirror_says, self._mirror_hint, spacing=1), self.mirror, spacing=14
        )
        switch.setStretch(0, 1)
        network = column(
            row(label(self.tr("Where models come from"), "title"), None, self.test),
            self._trial,
            switch,
            margins=(16, 12, 16, 14),
            spacing=10,
        )
        self._programs = card(others)
        self.setLayout(column(card(network), card(folder), self._programs, None, spacing=12))

    def _connect(self) -> None:
        self.add.clicked.connect(self._choose)
        self.elsewhere.clicked.connect(self.choose_another)
        self.test.clicked.connect(self._test)
        self.mirror.toggled.connect(self._use_mirror)
        self._folders.changed.connect(self._show)
        self._guide.changed.connect(self._show)
        self._hub.changed.connect(self._show_hub)

    def choose_another(self) -> QFileDialog:
        """Ask where downloads are to go."""
        title = self.tr("Folder for downloads")
        return ask_for_folder(self, title, self._folders.bring_models_to)

    def _choose(self) -> None:
        ask_for_folder(self, self.tr("Add a folder"), self._folders.add)

    def _remove(self, folder: Path, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 (Qt's)
        self._folders.remove(folder)

    def _use(self, origin: Origin, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._folders.use(origin, on=on)

    def _test(self) -> None:
        self._hub.test(self._hub.endpoint)

    def _use_mirror(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        address = _MIRROR if on else _HUB
        self._hub.set_endpoint(address)
        self._hub.test(address)

    def _show(self) -> None:
        self._where.setText(str(self._guide.folder))
        free = self._guide.free_bytes
        little = free is not None and free < _LITTLE_BYTES
        told = guide_words.room(free)
        short = self.tr("{0}: that is little. Free some room, or only small models fit.")
        self._free.setText(short.format(told) if little else told)
        set_dress(self._free, "role", "warn" if little else "dim")
        foreign = self._folders.foreign
        lines = (self._folders.own, [(one.path, one.models) for one in foreign])
        if lines != self._shown:  # else a switch that was just turned keeps the keyboard
            self._shown = lines
            self._fill()
        for one in foreign:
            with QSignalBlocker(self._switches[one.path]):
                self._switches[one.path].setChecked(one.used)
        self._programs.setVisible(bool(foreign))

    def _show_hub(self) -> None:
        hub, trial = self._hub, self._hub.trial
        role, text = "dim", self.tr("Not tried yet")
        if hub.busy:
            text = self.tr("Asking {0} …").format(hub.endpoint.partition("://")[2])
        elif trial is not None:
            role = "ok" if trial.good else "error"
            text = sayings.told(trial.answered) or trial.failure
            if trial.good and self._guide.advising.offline:
                self._guide.advising.look_again()
        self._trial.setText(text)
        set_dress(self._trial, "role", role)
        self.test.setEnabled(not hub.busy)
        with QSignalBlocker(self.mirror):
            self.mirror.setChecked(hub.endpoint == _MIRROR)

    def _fill(self) -> None:
        _clear(self._own)
        _clear(self._others)
        self._switches.clear()
        for folder in self._folders.own:
            self._own.addWidget(self._line(folder))
        for foreign in self._folders.foreign:
            self._others.addWidget(self._program(foreign))
        recolour(self, self._tokens)

    def _line(self, folder: Path) -> QWidget:
        line = QWidget()
        name = ElidedLabel(str(folder), mode=Qt.TextElideMode.ElideMiddle)
        remove = icon_button("x", self.tr("Show the models of {0} no longer").format(folder))
        remove.clicked.connect(partial(self._remove, folder))
        inside = row(name, remove)
        inside.setStretch(0, 1)
        line.setLayout(inside)
        return line

    def _program(self, foreign: ForeignFolder) -> QWidget:
        line = QWidget()
        name = origin_text(foreign.origin)
        switch = ToggleSwitch(self.tr("Show the models of {0}").format(name))
        switch.setChecked(foreign.used)
        self._switches[foreign.path] = switch
        switch.toggled.connect(partial(self._use, foreign.origin))
        one, many = self.tr("1 model, {1}"), self.tr("{0} models, {1}")
        says = one if foreign.models == 1 else many
        count = says.format(foreign.models, size_text(foreign.size_bytes))
        inside = row(label(name), label(count, "dim"), None, switch, spacing=10)
        line.setLayout(inside)
        return line


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        thing = layout.takeAt(0)
        widget = thing.widget() if thing is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
