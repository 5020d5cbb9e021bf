"""The window's settings: what the person chose, one option at a time."""

from PySide6.QtCore import QObject, Signal

from app.settings import Language, SettingsFile, Theme, UiSettings
from app.text import failures
from engine.errors import EngineError


class AppearancePresenter(QObject):
    """The window's settings; each change is written at once."""

    changed = Signal(object)  # UiSettings: any of them
    theme_changed = Signal(str)  # "system" | "light" | "dark"
    language_changed = Signal(str)  # "system" | "en" | "zh_CN"
    failed = Signal(str)  # a sentence with its remedy

    def __init__(self, settings: SettingsFile, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def settings(self) -> UiSettings:
        """All of them."""
        return self._settings.settings

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
        self.change("theme", theme)

    def set_language(self, language: Language) -> None:
        """Choose it; `language_changed` follows."""
        self.change("language", language)

    def value_of(self, option: str) -> object:
        """What that option is now, by its name in UiSettings."""
        return getattr(self.settings, option)

    def default_of(self, option: str) -> object:
        """What that option is at a first start."""
        return getattr(UiSettings(), option)

    def change(self, option: str, value: object) -> None:
        """Choose that value for that option. Raises ValueError for one it cannot have."""
        old = self.settings
        new = UiSettings.model_validate({**old.model_dump(), option: value})
        if new == old:
            return
        try:
            self._settings.change(new)
        except EngineError as error:
            self.failed.emit(failures.told(error))
        if new.theme != old.theme:
            self.theme_changed.emit(new.theme)
        self.changed.emit(new)
        if new.language != old.language:
            self.language_changed.emit(new.language)
