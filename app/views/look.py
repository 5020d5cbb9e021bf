"""Light or dark, the accent, the size of letters: what the person chose, else the system's."""

import sys

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app.presenters.appearance import AppearancePresenter
from app.theme.stylesheet import dress
from app.theme.tokens import Tokens, tokens_of
from app.widgets.motion import keep_still


class Look(QObject):
    """Dresses the application, and says when it did so anew."""

    changed = Signal(object)  # Tokens; the size of letters may be what changed

    def __init__(self, app: QApplication, appearance: AppearancePresenter) -> None:
        super().__init__(app)
        self._app = app
        self._appearance = appearance
        self._tokens = self._wanted()
        self._percent: int = appearance.settings.text_percent
        dress(app, self._tokens, self._percent)
        keep_still(app, still=self._still())
        app.styleHints().colorSchemeChanged.connect(self._follow)
        appearance.changed.connect(self._follow)

    @property
    def tokens(self) -> Tokens:
        """The present look."""
        return self._tokens

    def _wanted(self) -> Tokens:
        accent = self._appearance.settings.accent
        match self._appearance.theme:
            case "light":
                return tokens_of(accent, dark=False)
            case "dark":
                return tokens_of(accent, dark=True)
            case "system":
                # A desktop that does not say counts as light.
                dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
                return tokens_of(accent, dark=dark)

    def _still(self) -> bool:
        match self._appearance.settings.motion:
            case "full":
                return False
            case "reduced":
                return True
            case "system":
                # Only on Windows Qt tells what the person chose for all programs.
                effect = Qt.UIEffect.UI_General
                return sys.platform == "win32" and not self._app.isEffectEnabled(effect)

    def _follow(self) -> None:
        keep_still(self._app, still=self._still())
        wanted, percent = self._wanted(), self._appearance.settings.text_percent
        if wanted is self._tokens and percent == self._percent:
            return
        self._tokens, self._percent = wanted, percent
        dress(self._app, wanted, percent)
        self.changed.emit(wanted)
