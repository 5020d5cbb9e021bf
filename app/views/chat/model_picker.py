"""The pill in the header: which model answers, and a menu of all that are on the shelf."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from typing_extensions import override

from app.lists.sizes import size_text
from app.presenters.models import ModelsPresenter
from app.text import failures
from app.views.icons import mark
from app.widgets.icon_button import tip
from engine.host.facts import Phase
from engine.library.shelf_model import ShelfModel

_LONGEST = 44
_NARROWEST = 120
_ROUNDING = 2  # widths of texts are whole pixels here, and fractions in the layout
_KEYS = QKeySequence("Ctrl+M")


class ModelPicker(QPushButton):
    """Choosing a model loads it. The rest of the menu says what the person wants."""

    get_model_wanted = Signal()
    placement_wanted = Signal(str)  # of that model
    folder_wanted = Signal()

    def __init__(self, models: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self._says = self._shown = ""
        self.setProperty("kind", "pill")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        mark(self, "cpu", "accent")
        self._choices = QMenu(self)
        self._choices.setToolTipsVisible(True)
        self._choices.aboutToShow.connect(self._fill)
        self.setMenu(self._choices)
        models.model_changed.connect(self._show)
        models.loaded_changed.connect(self._show)
        models.shelf_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        current = self._models.current
        said = current or self.tr("Choose a model")
        self._says = _shortened(said)
        self._fit()
        self.setAccessibleName(
            self.tr("Model: {0}").format(current) if current else self.tr("Choose a model")
        )
        others = [model for model in self._models.loaded if model != current]
        if others:
            said = self.tr("{0}; loaded besides: {1}").format(said, ", ".join(others))
        self.setToolTip(tip(said, _KEYS))

    @override
    def sizeHint(self) -> QSize:
        """Room for the whole name, though a part of it may be shown."""
        words = self.fontMetrics()
        missing = words.horizontalAdvance(self._says) - words.horizontalAdvance(self._shown)
        return super().sizeHint() + QSize(max(0, missing), 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # its width may have come before

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As much of the name as there is room for."""
        shown, words = self._says, self.fontMetrics()
        missing = self.sizeHint().width() - self.width() if self.isVisible() else 0
        if missing > _ROUNDING:
            room = words.horizontalAdvance(shown) - missing
            shown = words.elidedText(shown, Qt.TextElideMode.ElideMiddle, room)
        if shown != self._shown:
            self._shown = shown
            self.setText(f" {shown.replace('&', '&&')}   ")
            self.updateGeometry()

    def _fill(self) -> None:
        menu = self._choices
        menu.clear()
        group = QActionGroup(menu)
        answering = frozenset(self._models.loaded)
        # Those that are loaded answer at once: they are not to be searched for.
        for model in sorted(self._models.models, key=lambda one: one.id not in answering):
            menu.addAction(self._choice(model, group))
        if not self._models.models:
            nothing = menu.addAction(self.tr("No model is on the shelf yet"))
            nothing.setEnabled(False)
        menu.addSeparator()
        loaded = self._models.phase is not Phase.STOPPED
        self._add_placements()
        self._add(self.tr("Unload"), self._models.unload, enabled=loaded)
        menu.addSeparator()
        self._add(self.tr("Get a model…"), self.get_model_wanted.emit)
        self._add(self.tr("Open models folder"), self.folder_wanted.emit)
        self._add(self.tr("Look at the folder again"), self._models.refresh)

    def _choice(self, model: ShelfModel, group: QActionGroup) -> QAction:
        name = _shortened(model.id).replace("&", "&&")
        size = size_text(model.size_bytes)
        is_loaded = model.id in self._models.loaded
        text = f"{name}\t{self.tr('{0} · loaded').format(size) if is_loaded else size}"
        action = QAction(text, group)
        action.setCheckable(True)
        action.setChecked(model.id == self._models.current)
        action.setEnabled(model.broken is None)
        action.setToolTip(failures.told(model.broken) if model.broken else model.id)
        action.triggered.connect(lambda: self._models.choose(model.id))
        return action

    def _add_placements(self) -> None:
        """Where the present model lies, or where another would."""
        sound = [model.id for model in self._models.models if model.broken is None]
        current = self._models.current or next(iter(sound), None)
        wanted = self.placement_wanted
        self._add(self.tr("Placement…"), lambda: wanted.emit(current), enabled=current is not None)
        others = [model for model in sound if model != current]
        if not others:
            return
        before = self._choices.addMenu(self.tr("Placement of another"))
        for model in others:
            action = before.addAction(_shortened(model).replace("&", "&&"))
            action.triggered.connect(partial(self._want_placement, model))

    def _want_placement(self, model: str, *_: bool) -> None:
        self.placement_wanted.emit(model)

    def _add(self, text: str, then: Callable[[], object], *, enabled: bool = True) -> None:
        action = self._choices.addAction(text)
        action.setEnabled(enabled)

        def chosen() -> None:
            then()

        action.triggered.connect(chosen)


def _shortened(model: str) -> str:
    """The end of a long name tells more than its start: the quantization is there."""
    return model if len(model) <= _LONGEST else f"…{model[1 - _LONGEST :]}"
