"""An on/off switch."""

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from app.theme.scale import scaled
from app.widgets.motion import is_still

_WIDE, _TALL = 40, 22


class ToggleSwitch(QAbstractButton):
    """A checkable button that looks like what it does."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._knob = 0.0
        self._slide = QVariantAnimation(self)
        self._slide.setDuration(120)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._move_knob)
        self.toggled.connect(self._slide_to)

    @override
    def sizeHint(self) -> QSize:
        return QSize(scaled(_WIDE), scaled(_TALL))

    @override
    def checkStateSet(self) -> None:
        super().checkStateSet()
        # `toggled` is not heard where signals are blocked: the knob stands where it belongs.
        if self.signalsBlocked():
            self._slide.stop()
            self._move_knob(1.0 if self.isChecked() else 0.0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        off = self.palette().color(QPalette.ColorRole.Mid)
        on = self.palette().color(QPalette.ColorRole.Accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_between(off, on, self._knob))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        side = box.height() - 5
        left = box.left() + 2.5 + (box.width() - side - 5) * self._knob
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawEllipse(QRectF(left, box.top() + 2.5, side, side))

    def _slide_to(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._slide.stop()
        if is_still():
            self._move_knob(1.0 if on else 0.0)
            return
        self._slide.setStartValue(self._knob)
        self._slide.setEndValue(1.0 if on else 0.0)
        self._slide.start()

    def _move_knob(self, value: object) -> None:
        self._knob = float(value) if isinstance(value, float) else 0.0
        self.update()


def _between(start: QColor, end: QColor, fraction: float) -> QColor:
    return QColor.fromRgbF(
        start.redF() + (end.redF() - start.redF()) * fraction,
        start.greenF() + (end.greenF() - start.greenF()) * fraction,
        start.blueF() + (end.blueF() - start.blueF()) * fraction,
    )
