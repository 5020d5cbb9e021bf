"""Theme and language: what the person chose for the window."""

from PySide6.QtCore import QObject, Signal

from app.settings import Language, SettingsFile, Theme, UiSettings
from app.text import failures
from engine.errors import EngineError


class AppearancePresenter(QObject):
    """The window's settings; each change is written at once."""

    theme_changed = Signal(str)  # "system" | "light" | "dark"
    language_changed = Signal(str)  # "system" | "en" | "zh_CN"
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, settings: SettingsFile, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system says."""
        return self._settings.settings.theme

    @property
    def language(self) -> Language:
        """Of the window's words."""
        return self._settings.settings.language

    def set_theme(self, theme: Theme) -> None:
        """Choose it; `theme_changed` follows."""
        if theme != self.theme:
            self._change(self._settings.settings.model_copy(update={"theme": theme}))
            self.theme_changed.emit(theme)

    def set_language(self, language: Language) -> None:
        """Choose it; `language_changed` follows."""
        if language != self.language:
            self._change(self._settings.settings.model_copy(update={"language": language}))
            self.language_changed.emit(language)

    def _change(self, settings: UiSettings) -> None:
        try:
            self._settings.change(settings)
        except EngineError as error:
            self.failed.emit(failures.told(error))
