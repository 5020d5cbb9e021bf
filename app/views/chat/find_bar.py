"""Finding words in the conversation that is shown."""

from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QWidget
from typing_extensions import override

from app.lists.sizes import whole_text
from app.theme.stylesheet import set_dress
from app.views.icons import icon_button
from app.widgets.arranging import row

TYPED_MS: Final = 120
WIDTH: Final = 360


class FindField(QLineEdit):
    """Enter goes on, Shift+Enter goes back, Escape closes."""

    step_wanted = Signal(int)
    closed = Signal()

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        back = bool(arg__1.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match arg__1.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.step_wanted.emit(-1 if back else 1)
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self.step_wanted.emit(1 if arg__1.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Escape:
                self.closed.emit()
            case _:
                super().keyPressEvent(arg__1)


class FindBar(QFrame):
    """A field, how many hits there are, and the ways to the next and the one before."""

    words_changed = Signal(str)
    step_wanted = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = FindField()
        self.field.setClearButtonEnabled(True)
        self.count = QLabel()
        set_dress(self.count, "role", "dim")
        self._back = icon_button("caret-up", "")
        self._on = icon_button("caret-down", "")
        self._close = icon_button("x", "")
        self._say()
        line = row(
            self.field,
            self.count,
            self._back,
            self._on,
            self._close,
            margins=(8, 6, 6, 6),
            spacing=4,
        )
        line.setStretch(0, 1)
        self.setLayout(line)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._tell)
        self.field.textChanged.connect(self._wait)
        self.field.step_wanted.connect(self._step)
        self.field.closed.connect(self.closed)
        self._back.clicked.connect(lambda: self._step(-1))
        self._on.clicked.connect(lambda: self._step(1))
        self._close.clicked.connect(self.closed)
        self.hide()

    def tell(self, number: int, total: int) -> None:
        """Say which hit is looked at, and how many there are."""
        if not self.field.text():
            self.count.clear()
        elif total == 0:
            self.count.setText(self.tr("nothing"))
        else:
            self.count.setText(self.tr("{0} of {1}").format(whole_text(number), whole_text(total)))
        self.count.setAccessibleName(self.count.text())

    def stand(self, room: QWidget) -> None:
        """Take the upper right corner of `room`."""
        width = min(WIDTH, room.width() - 32)
        self.setGeometry(room.width() - width - 24, 8, width, self.sizeHint().height())
        self.raise_()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.field.selectAll()
        self.field.setFocus()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setPlaceholderText(self.tr("Find in this chat"))
        self.field.setAccessibleName(self.tr("Find in this chat"))
        self._back.say(self.tr("Previous hit"))
        self._on.say(self.tr("Next hit"))
        self._close.say(self.tr("Close"))

    def _step(self, step: int) -> None:
        if self._typed.isActive():  # the words that were just typed come first
            self._tell()
        else:
            self.step_wanted.emit(step)

    def _wait(self) -> None:
        self._typed.start()

    def _tell(self) -> None:
        self._typed.stop()
        self.words_changed.emit(self.field.text())
