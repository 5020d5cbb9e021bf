"""The chips above the field: what goes along with the question, and what it weighs."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QWidget
from typing_extensions import override

from app.lists.sizes import size_text
from app.presenters.attachments import AttachmentsPresenter, Enclosed
from app.theme.icons import icon
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import words
from app.views.icons import icon_button, recolour
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.flow import Flow

_WIDEST = 240
_HEIGHT = 46
_PICTURE = 32


class Chip(QFrame):
    """A picture or a mark, two lines, and a way to take it back: by the cross, or by Delete."""

    removed = Signal()
    step_wanted = Signal(int)  # to the next chip, or the one before

    def __init__(self, title: str, detail: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "composer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{title}, {detail}")
        self.setAccessibleDescription(self.tr("Delete takes it back"))
        self.mark = QLabel()
        self.mark.setFixedSize(_PICTURE, _PICTURE)
        self.mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = ElidedLabel(title, mode=Qt.TextElideMode.ElideMiddle)
        lines = column(name, label(detail, "faint"), spacing=0)
        self.remove = icon_button("x", self.tr("Take back {0}").format(title), role="faint")
        self.remove.setIconSize(QSize(12, 12))
        self.remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same
        line = row(self.mark, lines, self.remove, margins=(8, 4, 4, 4), spacing=8)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.remove.clicked.connect(self.removed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(min(_WIDEST, super().sizeHint().width()), _HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removed.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                self.step_wanted.emit(1 if event.key() == Qt.Key.Key_Right else -1)
            case _:
                super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        set_dress(self, "focused", "true")

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        set_dress(self, "focused", "false")


class AttachmentsBar(QWidget):
    """Hidden while there is nothing to show."""

    left = Signal()  # the last chip is gone: the cursor belongs in the field again

    def __init__(
        self, attachments: AttachmentsPresenter, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._attachments = attachments
        self._tokens = tokens
        self._shown: tuple[Enclosed, ...] = ()
        self.chips: tuple[Chip, ...] = ()
        self._flow = Flow()
        self._reading = label("", "dim")
        self.setAccessibleName(self.tr("Attachments"))
        self.setLayout(column(self._flow, self._reading, spacing=4))
        attachments.changed.connect(self._show)
        self._show()

    @property
    def words(self) -> tuple[str, ...]:
        """What the chips say."""
        return tuple(chip.accessibleName() for chip in self.chips)

    def set_tokens(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for chip, one in zip(self.chips, self._shown, strict=True):
            self._picture(chip, one)
        recolour(self, tokens)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._flow.lay()

    def _show(self) -> None:
        reading = self._attachments.reading
        self._reading.setText(self.tr("Reading {0}…").format(reading) if reading else "")
        self._reading.setVisible(reading > 0)
        enclosed = self._attachments.enclosed
        if enclosed != self._shown:
            self._show_chips(enclosed)
        self._flow.setVisible(bool(enclosed))
        self.setVisible(bool(enclosed) or reading > 0)

    def _show_chips(self, enclosed: tuple[Enclosed, ...]) -> None:
        focused = next((at for at, chip in enumerate(self.chips) if chip.hasFocus()), None)
        old, self._shown = self.chips, enclosed
        self.chips = tuple(self._chip(at, one) for at, one in enumerate(enclosed))
        self._flow.show_things(self.chips)
        recolour(self, self._tokens)
        if focused is not None:
            if self.chips:
                self.chips[min(focused, len(self.chips) - 1)].setFocus()
            else:
                self.left.emit()
        for chip in old:
            chip.hide()
            chip.deleteLater()

    def _chip(self, at: int, one: Enclosed) -> Chip:
        said = [size_text(one.attachment.size_bytes)]
        if one.tokens is not None:
            said.append(words.tokens(one.tokens))
        chip = Chip(one.attachment.name, " · ".join(said))
        chip.removed.connect(lambda: self._attachments.remove(at))

        def step(by: int) -> None:
            if 0 <= at + by < len(self.chips):
                self.chips[at + by].setFocus()

        chip.step_wanted.connect(step)
        self._picture(chip, one)
        return chip

    def _picture(self, chip: Chip, one: Enclosed) -> None:
        if one.small is None:
            chip.mark.setPixmap(icon("file", self._tokens.dim).pixmap(20, 20))
            return
        ratio = chip.devicePixelRatioF()
        side = round(_PICTURE * ratio)
        keep = Qt.AspectRatioMode.KeepAspectRatio
        smooth = Qt.TransformationMode.SmoothTransformation
        picture = QPixmap.fromImage(one.small.scaled(side, side, keep, smooth))
        picture.setDevicePixelRatio(ratio)
        chip.mark.setPixmap(picture)
