"""The window's language: what the person chose, or else the system's, as far as we speak it."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.settings import Language


class Words:
    """Puts the translations of one language in place of those before."""

    def __init__(self, app: QCoreApplication, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._installed: list[QTranslator] = []

    def speak(self, language: Language) -> None:
        """Speak that language from now on; what is already on the screen stays as it is."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed.clear()
        spoken = QLocale.system() if language == "system" else QLocale(language)
        QLocale.setDefault(spoken)
        if spoken.language() is not QLocale.Language.Chinese:
            return
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in (("qtbase_zh_CN", Path(qt)), ("fullbore_zh_CN", self._folder)):
            translator = QTranslator()
            if translator.load(name, folder.as_posix()):
                self._app.installTranslator(translator)
                self._installed.append(translator)
