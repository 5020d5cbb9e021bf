"""A line above the conversation: there is a newer Fullbore, or this is it since today.

It waits to be asked: a dialog that opens by itself takes the keys from whoever is writing.
Here is also the way to the About dialog.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.presenters.updates import UpdatesPresenter
from app.views.icons import icon_button
from app.views.look import Look
from app.widgets.arranging import label, row

if TYPE_CHECKING:
    from app.views.about.about_dialog import AboutDialog


class UpdateStrip(QFrame):
    """Hidden while there is nothing new, and while a chat is being answered."""

    def __init__(
        self, updates: UpdatesPresenter, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._updates = updates
        self._look = look
        self._says = label("", wrap=True)
        self.look = QPushButton(self.tr("What's new"))
        self.dismiss = icon_button("x", self.tr("Dismiss"))
        line = row(self._says, self.look, self.dismiss, margins=(14, 6, 8, 6))
        line.setStretch(0, 1)
        self.setLayout(line)
        self.look.clicked.connect(self.open_news)
        self.dismiss.clicked.connect(updates.dismiss)
        updates.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> str:
        """What it says; nothing while it is hidden."""
        return "" if self.isHidden() else self._says.text()

    def open_about(self) -> "AboutDialog":
        """Show what this program is."""
        from app.views.about.about_dialog import AboutDialog  # noqa: PLC0415  (when wanted alone)

        dialog = AboutDialog(self._updates, self._look.tokens, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._look.changed.connect(dialog.wear)
        dialog.open()
        return dialog

    def open_news(self) -> "AboutDialog":
        """Show what is new; that this is another version need not be told any more."""
        if self._updates.offered is None:
            self._updates.dismiss()
        dialog = self.open_about()
        dialog.show_news()
        return dialog

    def _show(self) -> None:
        says = self._words()
        if says:
            self._says.setText(says)
            self.setAccessibleName(says)
        self.setVisible(bool(says))

    def _words(self) -> str:
        release = self._updates.offered
        if release is not None:
            return self.tr("Fullbore {0} is there.").format(release.version)
        if self._updates.updated:
            return self.tr("This is Fullbore {0} now.").format(self._updates.version)
        return ""
