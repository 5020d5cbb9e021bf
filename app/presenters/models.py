"""The model picker: what is on the shelf, what is loaded, and how it should be loaded."""

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.lists.models_list import ModelsList
from app.settings import SettingsFile
from engine.config import LoadWish
from engine.host.facts import Phase
from engine.library.shelf_model import ShelfModel

STARTER = "SmolLM2-135M-Instruct"


class ModelsPresenter(QObject):
    """The shelf and the one loaded model. Loads the last one used when the engine is ready."""

    shelf_changed = Signal()
    model_changed = Signal()  # `current` or `phase` moved
    progress = Signal(float)  # 0 to 1, while LOADING
    wish_changed = Signal(str)  # of that model
    failed = Signal(str)  # a sentence with its remedy

    def __init__(
        self, bridge: EngineBridge, settings: SettingsFile, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._settings = bridge, settings
        self.models_list = ModelsList(parent=self)

    @property
    def models(self) -> tuple[ShelfModel, ...]:
        """What is on the shelf."""
        raise NotImplementedError

    @property
    def shelf_known(self) -> bool:
        """Whether the shelf was read yet: before, an empty one means nothing."""
        raise NotImplementedError

    @property
    def current(self) -> str | None:
        """The model that is loading, loaded or stopping."""
        raise NotImplementedError

    @property
    def phase(self) -> Phase:
        """STOPPED when there is none."""
        raise NotImplementedError

    @property
    def fraction(self) -> float:
        """How far the load is, 0 to 1."""
        raise NotImplementedError

    @property
    def context_tokens(self) -> int | None:
        """The context of the loaded model."""
        raise NotImplementedError

    def choose(self, model: str) -> None:
        """Load that model in place of the present one, with its remembered wish."""
        raise NotImplementedError

    def cancel_load(self) -> None:
        """Give the load up."""
        raise NotImplementedError

    def unload(self) -> None:
        """Give all memory back."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Look at the folders again."""
        raise NotImplementedError

    def wish_for(self, model: str) -> LoadWish:
        """How that model should be loaded; None in a field means automatic."""
        raise NotImplementedError

    def set_wish(self, model: str, wish: LoadWish) -> None:
        """Load it so from now on; at once if it is the loaded one."""
        raise NotImplementedError
