"""A sentence across the window that can be sent away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.widgets.icon_button import IconButton


class Banner(QFrame):
    """Hidden until it has something to say."""

    def __init__(self, dismiss: IconButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "failure")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
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
        """What is said, empty when nothing is."""
        return self._sentence.text() if not self.isHidden() else ""

    def say(self, sentence: str) -> None:
        """Show this sentence; an empty one hides the banner."""
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))

    def dismiss(self) -> None:
        """Say nothing."""
        self.say("")
