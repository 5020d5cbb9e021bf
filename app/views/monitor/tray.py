"""The icon in the desktop's tray: the fullest card as a bar and a number."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.presenters.machine import MachinePresenter
from app.presenters.server.presenter import ServerPresenter
from app.theme.tokens import Tokens
from app.views import words
from engine.hardware.machine import Reading

_SIDE = 64
_NOTE_MS = 12_000
_NEARLY, _FULL = 0.85, 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """How full one memory is, and all that is said of it."""

    name: str
    fraction: float
    says: str


def gauges(reading: Reading | None) -> tuple[Gauge, ...]:
    """Each card that tells its memory; without any, the computer's own."""
    if reading is None:
        return ()
    cards: list[Gauge] = []
    for gpu in reading.gpus:
        used, total = gpu.memory_used_bytes, gpu.memory_total_bytes
        if used is None or not total:
            continue
        parts = [words.percent(used / total)]
        if gpu.temperature_celsius is not None:
            parts.append(f"{gpu.temperature_celsius:.0f} °C")
        name = f"GPU {gpu.index}"
        cards.append(Gauge(name=name, fraction=used / total, says=" · ".join(parts)))
    if cards:
        return tuple(cards)
    share = reading.memory_used_bytes / max(1, reading.memory_total_bytes)
    return (Gauge(name="RAM", fraction=share, says=words.percent(share)),)


def colour_for(fraction: float, tokens: Tokens) -> QColor:
    """The bar's: the fuller, the louder."""
    if fraction >= _FULL:
        return QColor(tokens.error)
    return QColor(tokens.warn if fraction >= _NEARLY else tokens.accent)


def painted(fraction: float, tokens: Tokens) -> QPixmap:
    """A bar that fills from below, and its percentage above it."""
    picture = QPixmap(_SIDE, _SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(2, 2, _SIDE - 4, _SIDE - 4)
    outline = QPainterPath()
    outline.addRoundedRect(box, 12, 12)
    painter.fillPath(outline, QColor(tokens.card))
    painter.setClipPath(outline)
    height = box.height() * min(1.0, max(0.0, fraction))
    bar = colour_for(fraction, tokens)
    bar.setAlphaF(0.55)  # the number lies above it
    painter.fillRect(QRectF(box.left(), box.bottom() - height, box.width(), height), bar)
    painter.setClipping(False)
    painter.setPen(QColor(tokens.border))
    painter.drawPath(outline)
    font = QFont()
    number = f"{min(99, round(fraction * 100))}"
    font.setPixelSize(38)
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)
    painter.end()
    return picture


def tray_there() -> bool:
    """Whether the desktop shows icons of programs that have no window."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """Nothing happens where the desktop has no tray.

    A note of a hidden icon shows it for as long as the note stands: Qt asks for one.
    """

    show_wanted = Signal()
    new_chat_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        machine: MachinePresenter,
        server: ServerPresenter,
        tokens: Tokens,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._machine = machine
        self._server = server
        self._tokens = tokens
        self._percent: int | None = None
        self._stays = False
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu()
        self.destroyed.connect(self.menu.deleteLater)
        self.menu.addAction(self.tr("Show Fullbore")).triggered.connect(self.show_wanted)
        self.menu.addAction(self.tr("New chat")).triggered.connect(self.new_chat_wanted)
        self._port = self.menu.addAction("")
        self._port.triggered.connect(self._turn_port)
        self._copy = self.menu.addAction("")
        self._copy.triggered.connect(self._copy_address)
        self._models = self.menu.addMenu(self.tr("Unload"))
        self.menu.addSeparator()
        self.menu.addAction(self.tr("Quit")).triggered.connect(self.quit_wanted)
        self.icon.setContextMenu(self.menu)
        self._note = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note.timeout.connect(self._settle)
        self.icon.activated.connect(self._activate)
        self.icon.messageClicked.connect(self.show_wanted)
        machine.changed.connect(self._follow)
        server.changed.connect(self._name_port)
        server.residents.changed.connect(self._name_models)
        self._name_port()
        self._name_models()
        self._follow()

    def stay(self, *, wanted: bool) -> None:
        """Be there, or be there for notes alone."""
        self._stays = wanted
        self._settle()

    def note(self, title: str, text: str) -> bool:
        """Have the desktop tell that; False where it has no tray to tell it from."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return False
        self.icon.show()
        self.icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.Warning, _NOTE_MS)
        self._note.start()
        return True

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens, self._percent = tokens, None
        self._follow()

    def _settle(self) -> None:
        self.icon.setVisible(self._stays and QSystemTrayIcon.isSystemTrayAvailable())

    def _follow(self) -> None:
        known = gauges(self._machine.reading)
        fullest = max((gauge.fraction for gauge in known), default=0.0)
        self.icon.setToolTip("\n".join(f"{one.name}: {one.says}" for one in known) or "Fullbore")
        if round(fullest * 100) != self._percent:
            self._percent = round(fullest * 100)
            self.icon.setIcon(QIcon(painted(fullest, self._tokens)))

    def _name_port(self) -> None:
        on = self._server.on
        self._port.setText(
            self.tr("Close the local port") if on else self.tr("Open the local port")
        )
        address = self._server.address
        self._copy.setVisible(address is not None)
        self._copy.setText(self.tr("Copy {0}").format(address))

    def _name_models(self) -> None:
        residents = self._server.residents
        self._models.clear()
        self._models.menuAction().setVisible(bool(residents.ready))
        for model in residents.ready:
            unload = self._models.addAction(model.replace("&", "&&"))
            unload.triggered.connect(partial(residents.unload, model))

    def _copy_address(self) -> None:
        address = self._server.address
        if address is not None:
            QGuiApplication.clipboard().setText(address)

    def _turn_port(self) -> None:
        if self._server.on:
            self._server.turn_off()
        else:
            self._server.turn_on()

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        }:
            self.show_wanted.emit()
