"""A chart's letters and colours, its round numbers and its times in words."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QFontMetrics, QPalette, QPen
from PySide6.QtWidgets import QWidget

_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0, 10.0)
_SMALLER = 2  # letters than the widget's own, in pixels


class Dress:
    """Letters and colours, asked for once: a tick paints dozens of charts."""

    def __init__(self, widget: QWidget) -> None:
        self.font = QFont(widget.font())
        if self.font.pixelSize() > 0:
            self.font.setPixelSize(max(8, self.font.pixelSize() - _SMALLER))
        self.metrics = QFontMetrics(self.font)
        self.line = self.metrics.height() + 2
        palette = widget.palette()
        self.ground = palette.color(QPalette.ColorRole.Base)
        self.grid = QPen(palette.color(QPalette.ColorRole.Midlight), 1)
        self.text = palette.color(QPalette.ColorRole.WindowText)
        self.faint = palette.color(QPalette.ColorRole.PlaceholderText)
        self.accent = palette.color(QPalette.ColorRole.Accent)


def nice(wanted: float) -> float:
    """The next round number."""
    size = 1.0
    while size * 10 <= wanted:
        size *= 10
    while size > wanted:
        size /= 10
    return next(step * size for step in _STEPS if step * size >= wanted * 0.999)


def span(seconds: float) -> str:
    """Such as 45 s, 12 min, 3:20 h."""
    whole = round(seconds)
    if whole < 90:
        return QCoreApplication.translate("Chart", "{0} s").format(whole)
    minutes = round(whole / 60)
    if minutes < 120:
        return QCoreApplication.translate("Chart", "{0} min").format(minutes)
    hours, rest = divmod(minutes, 60)
    told = f"{hours}:{rest:02}" if rest else str(hours)
    return QCoreApplication.translate("Chart", "{0} h").format(told)
