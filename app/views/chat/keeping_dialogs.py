"""The dialogs that ask where chats are written to, and read from."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.presenters.keeping import Form, KeepingPresenter
from app.widgets.delete_question import DeleteQuestion

_BACKUP = ".sqlite"


class KeepingDialogs(QObject):
    """None of them blocks; what was chosen goes to the presenter."""

    def __init__(self, keeping: KeepingPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._keeping, self._parent = keeping, parent
        self._folder = ""  # where the last file was

    def export(self, chat_ids: tuple[int, ...], form: Form) -> QFileDialog | None:
        """Ask for a file for one chat, for a folder for several."""
        if not chat_ids:
            return None
        if len(chat_ids) == 1:
            dialog = self._to_save(
                self.tr("Export chat"),
                self._keeping.name_for(chat_ids[0], form),
                f"{form.value.name} (*{form.value.suffix})",
            )
        else:
            dialog = self._dialog(self.tr("Export chats to a folder"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return self._ask(dialog, lambda to: self._keeping.export(chat_ids, form, to))

    def take_in(self) -> QFileDialog:
        """Ask for a file with chats."""
        dialog = self._dialog(self.tr("Import chats"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                self.tr("Chats of Fullbore or ChatGPT") + " (*.json *.zip)",
                self.tr("All files") + " (*)",
            ]
        )
        return self._ask(dialog, self._keeping.take_in)

    def back_up(self) -> QFileDialog:
        """Ask for a file for everything."""
        name = f"fullbore-chats{_BACKUP}"
        filters = self.tr("Backups") + f" (*{_BACKUP})"
        dialog = self._to_save(self.tr("Back up all chats"), name, filters)
        return self._ask(dialog, self._keeping.back_up)

    def restore(self) -> QFileDialog:
        """Ask for a backup, and whether it may take the place of what there is."""
        dialog = self._dialog(self.tr("Restore a backup"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        filters = [self.tr("Backups") + f" (*{_BACKUP})", self.tr("All files") + " (*)"]
        dialog.setNameFilters(filters)
        return self._ask(dialog, self._ask_to_restore)

    def _ask_to_restore(self, file: Path) -> None:
        asked = self.tr("Replace all chats by those in {0}?").format(file.name)
        question = DeleteQuestion(
            self._parent.window(), self.tr("Restore a backup"), asked, verb=self.tr("Replace")
        )
        question.setInformativeText(
            self.tr("The chats there are now are kept in a file beside them.")
        )
        question.confirmed.connect(lambda: self._keeping.restore(file))
        question.open()

    def _to_save(self, title: str, name: str, filters: str) -> QFileDialog:
        dialog = self._dialog(title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(filters)
        dialog.setDefaultSuffix(Path(name).suffix)
        dialog.selectFile(name)
        return dialog

    def _dialog(self, title: str) -> QFileDialog:
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        start = self._folder or QStandardPaths.writableLocation(documents) or QDir.homePath()
        dialog = QFileDialog(self._parent.window(), title, start)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _ask(self, dialog: QFileDialog, then: Callable[[Path], None]) -> QFileDialog:
        def chosen(path: str) -> None:
            file = Path(path)
            self._folder = str(file if file.is_dir() else file.parent)
            then(file)

        dialog.fileSelected.connect(chosen)
        dialog.open()
        return dialog
