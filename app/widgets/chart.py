"""A time chart that costs little: what was painted is moved, and only what is new is painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.widgets.chart_columns import Columns, Strip
from app.widgets.chart_dress import Dress, nice, span

Read = Callable[[float, float, int], Strip]  # so many seconds, up to that moment, in columns

_GAP = 6
_HEADROOM = 1.12
_LEAST_PLOT = 24
_PAGE = 10
_ROOM = 0.66  # of the width, for the values beside the title


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One line: its name, its colour, and how its values are written."""

    name: str
    colour: QColor
    says: Callable[[float], str]


class Chart(QWidget):
    """Some series over the last seconds, the newest at the right.

    `read` gives the past when all is painted anew; after that, `push` adds what is new. Without a
    `ceiling` the scale follows what is shown. The pointer, or the arrow keys, show the values at a
    moment. Paints all of itself on `Base`.
    """

    def __init__(
        self,
        title: str,
        series: Sequence[Series],
        read: Read,
        *,
        ceiling: float | None = None,
        least: float = 1.0,
    ) -> None:
        """`least` is what a scale without a ceiling reaches at the least."""
        super().__init__()
        self._title, self._series, self._read = title, tuple(series), read
        self._ceiling, self._least = ceiling, least
        self._top = ceiling or least
        self._seconds, self._until = 60.0, 0.0
        self._columns = Columns(len(self._series))
        self._pixmap = QPixmap()
        self._stale = True
        self._rough = [False] * len(self._series)
        self._newest: tuple[float | None, ...] = (None,) * len(self._series)
        self._says: str = ""
        self._brief: str = ""  # what there is room for of it
        self._says_wide = 0
        self._dress: Dress | None = None
        self._plot = QRect()
        self._cursor: int | None = None  # a column
        self._plot_height = 56
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    @property
    def words(self) -> str:
        """What it says now: the values at the cursor, else the newest."""
        return self._told()

    @property
    def top(self) -> float:
        """What the upper edge stands for."""
        return self._top

    def set_height(self, pixels: int) -> None:
        """Of the plot alone."""
        self._plot_height = pixels
        self.updateGeometry()

    def set_series(self, series: Sequence[Series]) -> None:
        """The same ones in other colours."""
        self._series = tuple(series)
        self._forget()

    def set_ceiling(self, ceiling: float | None) -> None:
        """What the upper edge stands for, from now on."""
        if ceiling != self._ceiling:
            self._ceiling = ceiling
            self._forget()

    def show_window(self, seconds: float, until: float) -> None:
        """Another stretch of time; all is painted anew when it is next seen."""
        self._seconds, self._until = seconds, until
        self._cursor = None
        self._forget()

    def push(self, at: float, values: Sequence[float | None]) -> None:
        """What was just measured, one value for each series."""
        self._newest = tuple(values)
        self._until = at
        if self._stale or self.visibleRegion().isEmpty():
            self._stale = True
            return
        moved, new = self._columns.push(at, values)
        if self._cursor is None:
            self._say()
        elif moved:
            self._cursor = max(0, self._cursor - moved)
            self.update()
        if not new:
            return
        if self._scale() != self._top:
            self._forget()
            return
        self._paint_strip(moved)
        self.update(self._plot)

    def name_newest(self, values: Sequence[float | None]) -> None:
        """What stands at the right of the title until something new is pushed."""
        self._newest = tuple(values)
        self._say()

    # Qt's side

    @override
    def sizeHint(self) -> QSize:
        line = self._worn().line
        return QSize(180, 2 * line + self._plot_height + 4)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(90, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (
            QEvent.Type.FontChange,
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
        ):
            self._dress = None
            self.updateGeometry()
            self._forget()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().x() - self._plot.left()
        self._point(int(at * self._ratio()) if 0 <= at <= self._plot.width() else None)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self._columns.count - 1
        at = last if self._cursor is None else self._cursor
        match Qt.Key(event.key()):
            case Qt.Key.Key_Left:
                self._point(max(0, at - self._stride(event)))
            case Qt.Key.Key_Right:
                self._point(min(last, at + self._stride(event)))
            case Qt.Key.Key_Home:
                self._point(0)
            case Qt.Key.Key_End:
                self._point(last)
            case Qt.Key.Key_Escape if self._cursor is not None:
                self._point(None)
            case _:
                super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale:
            self._paint_anew()
        painter = QPainter(self)
        if not self._plot.contains(event.rect()):
            self._paint_frame(painter, event.region())
        painter.drawPixmap(self._plot.topLeft(), self._pixmap)
        if self._cursor is not None:
            self._paint_cursor(painter, self._cursor)

    # What is shown

    def _forget(self) -> None:
        self._stale = True
        self.update()

    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _stride(self, event: QKeyEvent) -> int:
        page = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return (_PAGE if page else 1) * max(1, round(self._ratio()))

    def _worn(self) -> Dress:
        if self._dress is None:
            self._dress = Dress(self)
        return self._dress

    def _scale(self) -> float:
        if self._ceiling is not None:
            return self._ceiling
        wanted = self._columns.highest
        if wanted <= self._top and wanted > self._top / 4:
            return self._top  # it does not follow every breath
        return nice(max(self._least, wanted * _HEADROOM))

    def _paint_anew(self) -> None:
        """Everything, from what is kept of the past."""
        self._stale = False
        line, ratio = self._worn().line, self._ratio()
        self._plot = QRect(0, line, self.width(), max(_LEAST_PLOT, self.height() - 2 * line))
        wide, high = round(self._plot.width() * ratio), round(self._plot.height() * ratio)
        strip = self._read(self._seconds, self._until, max(2, wide))
        self._columns.fill(strip, self._seconds, self._until)
        self._top = self._ceiling or nice(max(self._least, self._columns.highest * _HEADROOM))
        if self._pixmap.size() != QSize(wide, high):
            self._pixmap = QPixmap(wide, high)
            self._pixmap.setDevicePixelRatio(ratio)
        self._paint_columns(0)
        self._say()

    def _paint_strip(self, moved: int) -> None:
        """Move what is painted, and paint where something is new."""
        self._pixmap.setDevicePixelRatio(1)
        if moved:
            self._pixmap.scroll(-moved, 0, self._pixmap.rect())
        self._paint_columns(max(0, self._columns.count - moved - 2))

    def _paint_columns(self, first: int) -> None:
        """Those from that one on, and the lines that lead to them."""
        self._pixmap.setDevicePixelRatio(1)
        wide, high = self._pixmap.width(), self._pixmap.height()
        box = QRect(first, 0, wide - first, high)
        painter = QPainter(self._pixmap)
        painter.setClipRect(box)
        dress = self._worn()
        painter.fillRect(box, dress.ground)
        painter.setPen(dress.grid)
        for share in (0.0, 0.5, 1.0):
            at = round(share * (high - 1))
            painter.drawLine(first, at, wide, at)
        if not first:
            pixel = self._top / high
            rows = range(len(self._series))
            self._rough = [self._columns.is_rough(row, 0, pixel) for row in rows]
        lines = self._columns.ends if first else self._columns.lines
        for row in reversed(range(len(self._series))):  # the first one lies above
            painter.setPen(QPen(self._series[row].colour, 1))  # wider leaves Qt's fast path
            rough = self._rough[row]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not rough)
            for line in lines(row, first, self._top, high - 1):
                painter.drawPolyline(line)
        painter.end()
        self._pixmap.setDevicePixelRatio(self._ratio())

    def _paint_frame(self, painter: QPainter, region: QRegion) -> None:
        """The title, what it says, and what the edges stand for; only what must be."""
        dress, middle = self._worn(), Qt.AlignmentFlag.AlignVCenter
        painter.setFont(dress.font)
        wide = min(self._says_wide, int(self.width() * _ROOM))
        says = QRect(self.width() - wide, 0, wide, self._plot.top())
        rest = QRect(0, 0, self.width() - wide, self._plot.top())
        if region.intersects(says):
            painter.fillRect(says, dress.ground)
            painter.setPen(dress.text)
            told = self._brief if wide >= self._says_wide else self._cut(self._brief, wide)
            painter.drawText(says, Qt.AlignmentFlag.AlignRight | middle, told)
        if region.intersects(rest):
            painter.fillRect(rest, dress.ground)
            painter.setPen(dress.accent if self.hasFocus() else dress.faint)
            title = self._cut(self._title, rest.width() - _GAP)
            painter.drawText(rest, Qt.AlignmentFlag.AlignLeft | middle, title)
        below = self._plot.bottom() + 1
        foot = QRect(0, below, self.width(), self.height() - below)
        if region.intersects(foot):
            painter.fillRect(foot, dress.ground)
            painter.setPen(dress.faint)
            painter.drawText(foot, Qt.AlignmentFlag.AlignLeft | middle, "−" + span(self._seconds))
            top = self._series[0].says(self._top) if self._series else ""
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight | middle, f"0 – {top}")

    def _cut(self, text: str, wide: int) -> str:
        metrics = self._worn().metrics
        if metrics.horizontalAdvance(text) <= wide:
            return text
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)

    def _paint_cursor(self, painter: QPainter, column: int) -> None:
        x = self._plot.left() + (column + 0.5) / self._ratio()
        painter.setPen(QPen(self._worn().faint, 1))
        painter.drawLine(QPointF(x, self._plot.top()), QPointF(x, self._plot.bottom()))
        found = self._columns.nearest(column)
        if found is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for row, one in enumerate(self._series):
            value = self._value(row, found)
            if value is not None:
                share = min(1.0, max(0.0, value / self._top))
                y = self._plot.bottom() - share * (self._plot.height() - 1)
                painter.setBrush(one.colour)
                painter.drawEllipse(QRectF(x - 2.5, y - 2.5, 5, 5))

    def _point(self, column: int | None) -> None:
        """Show the values of that column; None: the newest."""
        if column != self._cursor:
            self._cursor = column
            self._say()
            self.update()

    def _say(self) -> None:
        told = self._told()
        if told != self._says:
            self._says = told
            self.setAccessibleDescription(told)
            self._brief, wide = told, self._worn().metrics.horizontalAdvance(told)
            if wide > self.width() * _ROOM and self._cursor is None:
                self._brief = self._listed(self._newest, named=False)
                wide = self._worn().metrics.horizontalAdvance(self._brief)
            old, self._says_wide = self._says_wide, wide
            # Where it gets wider or narrower the title may be cut at another place.
            left = 0 if old != self._says_wide else max(0, self.width() - old)
            self.update(QRect(left, 0, self.width() - left, self._plot.top()))

    def _told(self) -> str:
        if self._cursor is None:
            return self._listed(self._newest)
        ago = span(self._columns.seconds_ago(self._cursor))
        found = self._columns.nearest(self._cursor)
        if found is None:
            nothing = QCoreApplication.translate("Chart", "nothing measured")
            return f"−{ago}: {nothing}"
        return f"−{ago}: {self._listed([self._value(n, found) for n in range(len(self._series))])}"

    def _listed(self, values: Sequence[float | None], *, named: bool = True) -> str:
        """The only series needs no name; of several each has its own."""
        named = named and len(self._series) > 1
        told = [
            f"{one.name} {one.says(value)}" if named else one.says(value)
            for one, value in zip(self._series, values, strict=False)
            if value is not None
        ]
        return " · ".join(told) or QCoreApplication.translate("Chart", "not reported")

    def _value(self, row: int, column: int) -> float | None:
        """The middle of what lies in one column."""
        value = float(self._columns.low[row, column] + self._columns.high[row, column]) / 2
        return None if value != value else value  # noqa: PLR0124  (NaN)
