"""Code into a file that the reader names."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QSaveFile
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

# Where the usual ending is not the language's name.
ENDINGS: Final = {
    "": "txt",
    "bash": "sh",
    "c#": "cs",
    "c++": "cpp",
    "console": "txt",
    "csharp": "cs",
    "golang": "go",
    "javascript": "js",
    "jsx": "jsx",
    "kotlin": "kt",
    "latex": "tex",
    "markdown": "md",
    "mermaid": "mmd",
    "objective-c": "m",
    "perl": "pl",
    "plaintext": "txt",
    "powershell": "ps1",
    "py": "py",
    "python": "py",
    "python3": "py",
    "ruby": "rb",
    "rust": "rs",
    "shell": "sh",
    "text": "txt",
    "typescript": "ts",
    "yaml": "yaml",
    "zsh": "sh",
}
NAMED: Final = {"dockerfile": "Dockerfile", "makefile": "Makefile", "make": "Makefile"}


def suggested_name(language: str) -> str:
    """What a file of that language is usually called."""
    if language in NAMED:
        return NAMED[language]
    ending = ENDINGS.get(language, language)
    return f"code.{ending if ending.isascii() and ending.isalnum() else 'txt'}"


def save_code(parent: QWidget, text: str, language: str) -> None:
    """Ask where to, and write; a failure is told."""
    title = QCoreApplication.translate("Blocks", "Save code")
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggested_name(language))
    dialog.fileSelected.connect(partial(_write, parent, text))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _write(parent: QWidget, text: str, name: str) -> None:
    path = Path(name)
    trouble = written(path, text)
    if trouble:
        says = QCoreApplication.translate("Blocks", "%1 could not be written: %2")
        QMessageBox.warning(parent, path.name, says.replace("%1", path.name).replace("%2", trouble))


def written(path: Path, text: str) -> str:
    """Write the whole text or leave what was there; what went wrong, or nothing."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    body = text if text.endswith("\n") or not text else f"{text}\n"
    file.write(body.encode("utf-8", errors="replace"))
    return "" if file.commit() else file.errorString()
