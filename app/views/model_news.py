"""What the window tells of its model: a load that failed, or became smaller."""

from PySide6.QtCore import QObject

from app.views import sayings
from app.views.screens import Screens
from app.widgets.banner import Banner
from engine.fit.saying import Saying
from engine.host.facts import Phase


class ModelNews(QObject):
    """Each trouble is said once, and no longer than it matters."""

    def __init__(self, screens: Screens, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._screens, self._banner = screens, banner
        self._trouble = ""
        screens.models.failed.connect(self._tell)
        screens.models.loaded_smaller.connect(self._tell_smaller)
        screens.models.model_changed.connect(self._forget)
        screens.chat.answer_ended.connect(self._tell_once)

    def _tell(self, sentence: str) -> None:
        self._trouble = sentence
        self._banner.say(sentence)
        if not self._screens.chat.busy:
            self._tell_once()

    def _tell_smaller(self, steps: tuple[Saying, ...]) -> None:
        self._banner.inform(sayings.loaded_smaller(steps))

    def _tell_once(self) -> None:
        """An answer that broke off already says why."""
        said = self._screens.chat.messages
        if said and said[-1].failure:
            self._banner.forget(said[-1].failure)

    def _forget(self) -> None:
        """A load that failed is no longer news once another model is ready."""
        if self._screens.models.phase is Phase.READY:
            self._banner.forget(self._trouble)
