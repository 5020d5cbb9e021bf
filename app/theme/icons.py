"""Line icons, drawn on a 24 × 24 grid and coloured when asked for."""

from typing import Final, Literal

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

IconName = Literal[
    "arrow-down",
    "arrow-up",
    "brain",
    "caret-down",
    "caret-left",
    "caret-right",
    "caret-up",
    "chat",
    "check",
    "copy",
    "cpu",
    "cube",
    "dots",
    "download",
    "drives",
    "file",
    "folder",
    "fork",
    "gear",
    "globe",
    "gpu",
    "heart",
    "lightning",
    "link",
    "memory",
    "moon",
    "note",
    "paperclip",
    "pause",
    "pencil",
    "pin",
    "play",
    "plug",
    "plus",
    "power",
    "refresh",
    "search",
    "server",
    "sidebar",
    "sliders",
    "slash",
    "speed",
    "stop",
    "sun",
    "thermometer",
    "trash",
    "warning",
    "x",
]

# Each is the `d` of one stroked path; a dot is a stroke of no length with a round cap.
PATHS: Final[dict[IconName, str]] = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "brain": (
        "M12 6.5a3 3 0 0 0-5.8-1A3.2 3.2 0 0 0 4.5 11a3.4 3.4 0 0 0 1 6 3.2 3.2 0 0 0 6.5.8z"
        "M12 6.5a3 3 0 0 1 5.8-1A3.2 3.2 0 0 1 19.5 11a3.4 3.4 0 0 1-1 6 3.2 3.2 0 0 1-6.5.8"
        "M9 9.5a2.5 2.5 0 0 1-2.5 2M15 9.5a2.5 2.5 0 0 0 2.5 2"
    ),
    "caret-down": "M6 9l6 6 6-6",
    "caret-left": "M15 6l-6 6 6 6",
    "caret-right": "M9 6l6 6-6 6",
    "caret-up": "M6 15l6-6 6 6",
    "chat": "M12 3.5a8.5 8.5 0 1 1-4.2 15.9L4 20.5l1.1-3.8A8.5 8.5 0 0 1 12 3.5z",
    "check": "M4.5 12.5l5 5 10-11",
    "copy": "M8.5 8.5h12v12h-12zM15.5 8.5v-5h-12v12h5",
    "cpu": (
        "M6 5h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM9.5 9.5h5v5h-5z"
        "M9.5 5V2.5M14.5 5V2.5M9.5 21.5V19M14.5 21.5V19"
        "M5 9.5H2.5M5 14.5H2.5M21.5 9.5H19M21.5 14.5H19"
    ),
    "cube": "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4.2 7.6L12 12l7.8-4.4M12 12v8.8",
    "dots": (
        "M5 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0M11.4 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0"
        "M17.8 12a.6.6 0 1 0 1.2 0 .6.6 0 1 0-1.2 0"
    ),
    "download": "M12 3.5V15M7 10.5l5 5 5-5M4 16v3.5a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1V16",
    "drives": (
        "M4.5 4.5h15a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5.5a1 1 0 0 1 1-1z"
        "M4.5 13h15a1 1 0 0 1 1 1v4.5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V14a1 1 0 0 1 1-1z"
        "M17 7.75h.01M17 16.25h.01"
    ),
    "file": "M6 3.5h7.5l4.5 4.5v12.5h-12zM13.5 3.5v4.5h4.5M9 12.5h6M9 16h6",
    "folder": "M3.5 18.5v-13h6l2.5 3h8.5v10z",
    "fork": (
        "M6.5 3.8a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM17.5 3.8a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"
        "M12 16.2a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6.5 7.8v1.7a2.5 2.5 0 0 0 2.5 2.5h6"
        "a2.5 2.5 0 0 0 2.5-2.5V7.8M12 12v4.2"
    ),
    "gear": (
        "M12 8.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z"
        "M10.3 3.5h3.4l.5 2.4 1.8 1 2.3-.8 1.7 2.9-1.8 1.6v2.8l1.8 1.6-1.7 2.9-2.3-.8"
        "-1.8 1-.5 2.4h-3.4l-.5-2.4-1.8-1-2.3.8L4 15l1.8-1.6v-2.8L4 9l1.7-2.9 2.3.8 1.8-1z"
    ),
    "globe": (
        "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM3.5 12h17"
        "M12 3.5c-5 4.5-5 12.5 0 17M12 3.5c5 4.5 5 12.5 0 17"
    ),
    "gpu": (
        "M3 3.5v17M3 6.5h17a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H3M6.5 16.5v2.5h6v-2.5"
        "M9 9.3a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z"
        "M16 9.3a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z"
    ),
    "heart": "M12 20S3.5 15 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2c0 6-8.5 11-8.5 11z",
    "lightning": "M13.5 2.5l-9 11h6.5l-1 8 9.5-11.5H13z",
    "link": (
        "M10 14a4 4 0 0 0 5.7 0l3.3-3.3A4 4 0 0 0 13.3 5L12 6.3"
        "M14 10a4 4 0 0 0-5.7 0L5 13.3A4 4 0 0 0 10.7 19l1.3-1.3"
    ),
    "memory": (
        "M3 7h18v9.5H3zM6.5 10v3.5M10 10v3.5M14 10v3.5M17.5 10v3.5M6 16.5V19M12 16.5V19M18 16.5V19"
    ),
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
    "note": "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 11v5.5M12 7.8h.01",
    "paperclip": (
        "M19.5 11.5l-8 8a5 5 0 0 1-7-7l9-9a3.4 3.4 0 0 1 4.8 4.8"
        "l-8.8 8.8a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4"
    ),
    "pause": "M8.5 5v14M15.5 5v14",
    "pencil": "M4 20l1-5L16 4l4 4L9 19zM13.5 6.5l4 4",
    "pin": "M8.5 3.5h7M9.5 3.5v6.2L6.5 13v1.5h11V13l-3-3.3V3.5M12 14.5V21",
    "play": "M7 4.5v15l12.5-7.5z",
    "plug": "M9 3v5M15 3v5M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5V21.5",
    "plus": "M12 4.5v15M4.5 12h15",
    "power": "M12 3.5v8M6.5 6.5a8 8 0 1 0 11 0",
    "refresh": "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.5M20 4.5v5h-5",
    "search": "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5",
    "server": "M5 4h14v6.5H5zM5 13.5h14V20H5zM8 7.25h.01M8 16.75h.01M12 7.25h4M12 16.75h4",
    "sidebar": (
        "M4.5 4.5h15a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM9 4.5v15"
    ),
    "sliders": "M4 8h9M18 8h2M4 16h2M11 16h9M15.5 5.7v4.6M8.5 13.7v4.6",
    "slash": "M6 4.5h12l1.5 1.5v12l-1.5 1.5h-12l-1.5-1.5v-12zM14 8l-4 8",
    "speed": "M4.5 17.5a8.5 8.5 0 1 1 15 0M12 14l4-5.5M12 14h.01",
    "stop": "M6.5 6.5h11v11h-11z",
    "sun": (
        "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2"
        "M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
    ),
    "thermometer": "M9.5 13.8V5a2.5 2.5 0 0 1 5 0v8.8a4.5 4.5 0 1 1-5 0zM12 8.5v8.5",
    "trash": "M4 6.5h16M9 6.5v-3h6v3M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
    "warning": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17h.01",
    "x": "M5.5 5.5l13 13M18.5 5.5l-13 13",
}

_SVG: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="{path}" fill="none" '
    'stroke="{colour}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)


class _LineEngine(QIconEngine):
    """Paints one line icon at whatever size the screen wants."""

    def __init__(self, svg: bytes) -> None:
        super().__init__()
        self._svg = svg
        self._renderer = QSvgRenderer(QByteArray(svg))

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if mode is QIcon.Mode.Disabled:
            painter.setOpacity(0.4)
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        self._renderer.render(painter, square)
        painter.restore()

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    @override
    def clone(self) -> QIconEngine:
        return _LineEngine(self._svg)


def icon(name: IconName, colour: str) -> QIcon:
    """The icon of that name in that colour (`#rrggbb`), sharp at every size."""
    return QIcon(_LineEngine(_SVG.format(path=PATHS[name], colour=colour).encode()))


def paint_icon(painter: QPainter, name: IconName, colour: str, place: QRectF) -> None:
    """Draw the icon into `place`, for widgets that paint themselves."""
    svg = _SVG.format(path=PATHS[name], colour=colour).encode()
    QSvgRenderer(QByteArray(svg)).render(painter, place)
