"""Lines with a small picture before them, coloured as the look wants."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.theme.icons import IconName, icon
from app.theme.scale import scaled
from app.theme.tokens import Tokens
from app.views.icons import IconRole, colour_of
from app.widgets.arranging import column, label, row

_SIDE = 20


class PicturedLine(QWidget):
    """A picture, words, and fainter ones below."""

    def __init__(self, picture: IconName, says: str, more: str = "") -> None:
        super().__init__()
        self._picture: IconName = picture
        self._role: IconRole = "accent"
        self._icon = QLabel()
        self._says = label(says, wrap=True)
        self._more = label(more, "dim", wrap=True)
        self._more.setVisible(bool(more))
        for part in (self._says, self._more):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = row(self._icon, column(self._says, self._more, spacing=1), spacing=12)
        inside.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        inside.setStretch(1, 1)
        self.setLayout(inside)
        self.setAccessibleName(" · ".join(part for part in (says, more) if part))

    def say(self, says: str, more: str = "") -> None:
        """Other words."""
        self._says.setText(says)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(" · ".join(part for part in (says, more) if part))

    def picture(self, name: IconName, role: IconRole, tokens: Tokens) -> None:
        """Another picture."""
        self._picture, self._role = name, role
        self.wear(tokens)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        side = scaled(_SIDE)
        pixmap = icon(self._picture, colour_of(tokens, self._role)).pixmap(
            QSize(side, side), self.devicePixelRatioF()
        )
        self._icon.setPixmap(pixmap)
