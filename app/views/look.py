"""Light or dark: what the person chose, or else what the system says, now and when it changes."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.presenters.appearance import AppearancePresenter
from app.theme.stylesheet import dress
from app.theme.tokens import DARK, LIGHT, Tokens


class Look(QObject):
    """Dresses the application, and says when it did so anew."""

    changed = Signal(object)  # Tokens

    def __init__(self, app: QApplication, appearance: AppearancePresenter) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = appearance
        self._tokens = self._wanted()
        dress(app, self._tokens)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        appearance.theme_changed.connect(self._follow)

    @property
    def tokens(self) -> Tokens:
        """The present look."""
        return self._tokens

    def _wanted(self) -> Tokens:
        match self._appearance.theme:
            case "light":
                return LIGHT
            case "dark":
                return DARK
            case "system":
                # A desktop that does not say counts as light.
                dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
                return DARK if dark else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self._tokens:
            self._tokens = wanted
            dress(self._app, wanted)
            self.changed.emit(wanted)
