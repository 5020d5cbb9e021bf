"""What can be done with the models that are chosen."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QMessageBox, QWidget

from app.lists.shelf_table import Check, ShelfLine
from app.lists.sizes import size_text
from app.presenters.library import LibraryPresenter
from app.text import failures
from app.theme.icons import IconName
from app.views.icons import mark
from app.views.library.shelf_view import Choice, ShelfView
from app.widgets.arranging import column, label, row
from app.widgets.folding_button import FoldingButton


class VerbsBar(QFrame):
    """One button for each verb, of one model or of many; says why a verb is refused."""

    failed = Signal(str)

    def __init__(
        self, library: LibraryPresenter, shelf: ShelfView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._library, self._shelf = library, shelf
        self._says = label("", "dim")
        self._trouble = label("", "error", wrap=True)
        self.chat = self._button("chat", self.tr("Chat"), self._chat)
        self.chat.setProperty("kind", "primary")
        mark(self.chat, "chat", "on_accent")
        self.placement = self._button("sliders", self.tr("Placement…"), self._place)
        self.verify = self._button("check", self.tr("Verify"), self._verify)
        self.details = self._button("note", self.tr("Details…"), self._look_into)
        self.folder = self._button("folder", self.tr("Open folder"), self._open_folder)
        self.delete = self._button("trash", self.tr("Delete…"), self.ask_to_delete)
        self.delete.setProperty("kind", "danger")
        mark(self.delete, "trash", "error")
        line = row(
            self._says,
            None,
            self.chat,
            self.placement,
            self.verify,
            self.details,
            self.folder,
            self.delete,
        )
        self.setLayout(column(line, self._trouble, margins=(14, 9, 10, 9), spacing=6))
        shelf.choices = self.choices
        shelf.chosen_changed.connect(self._show)
        shelf.activated_model.connect(library.chat_with)
        shelf.delete_wanted.connect(self.ask_to_delete)
        library.changed.connect(self._show)
        self._show()

    def fold(self, *, folded: bool) -> None:
        """Show icons alone, or words too."""
        self._says.setVisible(not folded)
        for button in self.findChildren(FoldingButton):
            button.fold(folded=folded)

    def choices(self) -> list[Choice]:
        """The same for a menu."""
        buttons = (
            (self.chat, self._chat),
            (self.placement, self._place),
            (self.verify, self._verify),
            (self.details, self._look_into),
            (self.folder, self._open_folder),
            (self.delete, self.ask_to_delete),
        )
        return [
            Choice(says=button.says, then=then, enabled=button.isEnabled())
            for button, then in buttons
        ]

    def ask_to_delete(self) -> None:
        """Once for Fullbore's own; of others' files, a second time."""
        models = self._shelf.chosen
        if not models:
            return
        sizes = (line.model.size_bytes for line in self._lines)
        one = self.tr("Move {0} to the bin?").format(models[0])
        many = self.tr("Move {0} models to the bin?").format(len(models))
        says = self.tr("{0} are freed once the bin is emptied.").format(size_text(sum(sizes)))
        box = self._question(one if len(models) == 1 else many, says)
        foreign = self._library.foreign(models)
        then = self._ask_again if foreign else self._library.delete
        sure = box.addButton(self.tr("Move to the bin"), QMessageBox.ButtonRole.DestructiveRole)
        sure.clicked.connect(lambda: then(models))
        box.open()

    def _ask_again(self, models: tuple[str, ...]) -> None:
        foreign = self._library.foreign(models)
        says = self.tr("{0} did not come through Fullbore.").format(", ".join(foreign[:3]))
        if len(foreign) > 3:
            says = self.tr("{0} of them did not come through Fullbore.").format(len(foreign))
        more = self.tr("Another program, or you, put these files there and may still use them.")
        box = self._question(says, more)
        sure = box.addButton(self.tr("Delete them all the same"), _DESTRUCTIVE)
        sure.clicked.connect(lambda: self._library.delete(models))
        box.open()

    def _question(self, text: str, more: str) -> QMessageBox:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(text)
        box.setInformativeText(more)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        return box

    def _button(self, icon: IconName, says: str, then: object) -> FoldingButton:
        button = FoldingButton(says)
        mark(button, icon)
        button.clicked.connect(then)  # pyright: ignore[reportArgumentType]
        return button

    @property
    def _lines(self) -> list[ShelfLine]:
        found = (self._library.line(model) for model in self._shelf.chosen)
        return [line for line in found if line is not None]

    def _show(self) -> None:
        lines = self._lines
        self.setVisible(bool(lines))
        if not lines:
            return
        one = lines[0] if len(lines) == 1 else None
        whole = one is not None and one.model.broken is None
        size = size_text(sum(line.model.size_bytes for line in lines))
        self._says.setText(self.tr("{0} chosen · {1}").format(len(lines), size))
        for button in (self.chat, self.placement):
            button.setEnabled(whole)
        for button in (self.details, self.folder):
            button.setEnabled(one is not None)
        checking = any(_under_way(line.check) for line in lines)
        self.verify.say(self.tr("Stop verifying") if checking else self.tr("Verify"))
        self._tell(one)

    def _tell(self, one: ShelfLine | None) -> None:
        """The whole sentence of what the row has no room for; why a loaded one stays."""
        loaded = [line for line in self._lines if line.loaded]
        self.delete.setEnabled(not loaded)
        why = self.tr("A loaded model cannot be deleted: unload it first.") if loaded else ""
        self.delete.setToolTip(why or self.delete.says)
        trouble = ""
        if one is not None and one.check is not None and one.check.failure:
            trouble = one.check.failure
        elif one is not None and one.model.broken is not None:
            trouble = failures.told(one.model.broken)
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))

    def _chat(self) -> None:
        for model in self._shelf.chosen[:1]:
            self._library.chat_with(model)

    def _place(self) -> None:
        for model in self._shelf.chosen[:1]:
            self._library.place(model)

    def _verify(self) -> None:
        chosen = self._shelf.chosen
        if any(_under_way(line.check) for line in self._lines):
            self._library.cancel_verify(chosen)
        else:
            self._library.verify(chosen)

    def _look_into(self) -> None:
        for model in self._shelf.chosen[:1]:
            self._library.look_into(model)

    def _open_folder(self) -> None:
        for line in self._lines[:1]:
            folder = line.model.files[0].parent
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
                self.failed.emit(self.tr("The model lies in {0}").format(folder))


_DESTRUCTIVE = QMessageBox.ButtonRole.DestructiveRole


def _under_way(check: Check | None) -> bool:
    return check is not None and check.soundness is None and check.failure is None
