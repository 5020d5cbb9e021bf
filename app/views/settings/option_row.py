"""One option: its name, what it does, its control, and a way back to the default."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QFrame, QSlider, QWidget

from app.views.icons import icon_button
from app.widgets.arranging import column, label, row


class OptionRow(QFrame):
    """Whoever makes it keeps the control in step."""

    reset_wanted = Signal()

    def __init__(
        self, key: str, says: tuple[str, str], control: QWidget, *, below: bool = False
    ) -> None:
        """`key` is the option's name in its file; `says` its name and its sentence."""
        super().__init__()
        self.key = key
        self.control = control
        self.name, self.sentence = says
        self.setProperty("kind", "clear")
        if not control.accessibleName():
            control.setAccessibleName(self.name)
        control.setAccessibleDescription(self.sentence)
        if isinstance(control, QComboBox | QSlider | QAbstractSpinBox):
            # The page scrolls; what lies under the pointer must not change with it.
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reset = icon_button("refresh", self.tr("{0}: back to the default").format(self.name))
        keeps_room = self.reset.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(keeps_room)
        self.reset.hide()
        self.reset.clicked.connect(self.reset_wanted)
        sentence = label(self.sentence, "dim", wrap=True)
        texts = column(label(self.name, wrap=True), sentence, spacing=2)
        if below:
            head = row(texts, self.reset)
            head.setStretch(0, 1)
            self.setLayout(column(head, control, margins=(0, 6, 0, 6), spacing=6))
        else:
            line = row(texts, control, self.reset, margins=(0, 6, 0, 6), spacing=12)
            line.setStretch(0, 1)
            line.setAlignment(control, Qt.AlignmentFlag.AlignVCenter)
            self.setLayout(line)

    def show_changed(self, *, changed: bool) -> None:
        """Whether it differs from the default."""
        if self.reset.hasFocus() and not changed:
            self.control.setFocus()  # what is hidden would give the keyboard to anybody
        self.reset.setVisible(changed)

    def matches(self, words: Sequence[str]) -> bool:
        """Whether all these words, in lower case, stand in its name or its sentence."""
        text = f"{self.name} {self.sentence}".casefold()
        return all(word in text for word in words)
