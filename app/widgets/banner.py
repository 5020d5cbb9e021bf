"""Sentences across the window that can be sent away: troubles, and what is only to be known."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.theme.stylesheet import set_dress
from app.widgets.icon_button import IconButton

_MOST = 3


class Banner(QFrame):
    """Hidden until it has something to say. One trouble does not hide another."""

    def __init__(self, dismiss: IconButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._said: list[str] = []
        self._troubles = set[str]()
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._sentence, 1)
        row.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        dismiss.clicked.connect(self.dismiss)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said, one sentence a line; empty when nothing is."""
        return self._sentence.text() if not self.isHidden() else ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each of them."""
        return tuple(self._said)

    @property
    def troubled(self) -> bool:
        """Whether anything of it is a trouble, and it looks so."""
        return any(said in self._troubles for said in self._said)

    def say(self, sentence: str) -> None:
        """Show this trouble below what nobody has sent away yet; the oldest give way."""
        self._troubles.add(sentence)
        self._add(sentence)

    def inform(self, sentence: str) -> None:
        """Show this in the same way; nothing is wrong."""
        self._troubles.discard(sentence)
        self._add(sentence)

    def forget(self, sentence: str) -> None:
        """Say this no longer."""
        self._show([said for said in self._said if said != sentence])

    def dismiss(self) -> None:
        """Say nothing."""
        self._show([])

    def _add(self, sentence: str) -> None:
        others = [said for said in self._said if said != sentence]
        self._show([*others, sentence][-_MOST:] if sentence else others)

    def _show(self, said: list[str]) -> None:
        self._said = said
        self._troubles.intersection_update(said)
        set_dress(self, "kind", "failure" if self.troubled else "card")
        words = "\n".join(said)
        self._sentence.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(said))
