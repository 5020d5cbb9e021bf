"""The pill in the header: which model answers, and a menu of all that are on the shelf."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from app.lists.sizes import size_text
from app.presenters.models import ModelsPresenter
from app.views.icons import mark
from app.widgets.icon_button import tip
from engine.host.facts import Phase
from engine.library.shelf_model import ShelfModel

_LONGEST = 44
_KEYS = QKeySequence("Ctrl+M")


class ModelPicker(QPushButton):
    """Choosing a model loads it. The rest of the menu says what the person wants."""

    get_model_wanted = Signal()
    load_settings_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, models: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self.setProperty("kind", "pill")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(self, "cpu", "accent")
        self._choices = QMenu(self)
        self._choices.setToolTipsVisible(True)
        self._choices.aboutToShow.connect(self._fill)
        self.setMenu(self._choices)
        models.model_changed.connect(self._show)
        models.shelf_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        current = self._models.current
        said = current or self.tr("Choose a model")
        self.setText(f"{_shortened(said).replace('&', '&&')}   ")
        self.setShortcut(_KEYS)  # another text takes the shortcut away
        self.setAccessibleName(
            self.tr("Model: {0}").format(current) if current else self.tr("Choose a model")
        )
        self.setToolTip(tip(said, _KEYS))

    def _fill(self) -> None:
        menu = self._choices
        menu.clear()
        group = QActionGroup(menu)
        for model in self._models.models:
            menu.addAction(self._choice(model, group))
        if not self._models.models:
            nothing = menu.addAction(self.tr("No model is on the shelf yet"))
            nothing.setEnabled(False)
        menu.addSeparator()
        loaded = self._models.phase is not Phase.STOPPED
        self._add(self.tr("Load settings…"), self.load_settings_wanted.emit, enabled=loaded)
        self._add(self.tr("Unload"), self._models.unload, enabled=loaded)
        menu.addSeparator()
        self._add(self.tr("Get a model…"), self.get_model_wanted.emit)
        self._add(self.tr("Open models folder"), self.folder_wanted.emit)
        self._add(self.tr("Look at the folder again"), self._models.refresh)

    def _choice(self, model: ShelfModel, group: QActionGroup) -> QAction:
        name = _shortened(model.id).replace("&", "&&")
        text = f"{name}\t{size_text(model.size_bytes)}"
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(model.id == self._models.current)
        action.setEnabled(model.broken is None)
        action.setToolTip(model.broken or model.id)
        action.triggered.connect(lambda: self._models.choose(model.id))
        return action

    def _add(self, text: str, then: Callable[[], object], *, enabled: bool = True) -> None:
        action = self._choices.addAction(text)
        action.setEnabled(enabled)

        def chosen() -> None:
            then()

        action.triggered.connect(chosen)


def _shortened(model: str) -> str:
    """The end of a long name tells more than its start: the quantization is there."""
    return model if len(model) <= _LONGEST else f"…{model[1 - _LONGEST :]}"
