"""A button that is only an icon, and says in words what it does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget


class IconButton(QToolButton):
    """An icon with a tooltip, an accessible name and, perhaps, a shortcut."""

    def __init__(
        self,
        says: str = "",
        *,
        shortcut: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = QKeySequence(shortcut) if shortcut else QKeySequence()
        self.setIconSize(QSize(18, 18))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoRaise(True)
        if shortcut:
            self.setShortcut(self._keys)
        self.say(says)

    def say(self, says: str) -> None:
        """What the button does, in a few words; the shortcut is added."""
        self.setAccessibleName(says)
        self.setToolTip(tip(says, self._keys))


def tip(says: str, keys: QKeySequence) -> str:
    """The words and, if there is one, the shortcut."""
    if keys.isEmpty():
        return says
    return f"{says} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})"
