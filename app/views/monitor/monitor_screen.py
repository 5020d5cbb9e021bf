"""The monitor: every card, the computer and the engine, now and over a day."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QScrollArea, QWidget
from typing_extensions import override

from app.presenters.alerts import AlertsPresenter
from app.presenters.monitor.presenter import WINDOWS, CardShown, MonitorPresenter
from app.presenters.monitor.series import Values, values_of
from app.theme.icons import IconName
from app.theme.tokens import Tokens
from app.views.icons import icon_button, mark, recolour
from app.views.monitor.alerts_panel import AlertsPanel
from app.views.monitor.engine_card import EngineCard
from app.views.monitor.gpu_card import GpuCard
from app.views.monitor.machine_card import MachineCard
from app.widgets.arranging import column, label
from app.widgets.banner import Banner
from app.widgets.card_grid import CardGrid
from app.widgets.flow import Flow
from app.widgets.segments import Segments

_LEAST = 380
_CARD, _COMPACT_CARD = 400, 300  # the narrowest, at a text size of 100 %
_MANY = 4  # more cards are shown compactly


class MonitorScreen(QWidget):
    """Cards appear when they are first read; the grids follow the window's width."""

    def __init__(
        self,
        monitor: MonitorPresenter,
        alerts: AlertsPresenter,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._monitor, self._tokens = monitor, tokens
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_LEAST)
        self.setAccessibleName(self.tr("Monitor"))
        self.windows = Segments(self.tr("Time shown"), self._window_names())
        self.pause = self._button("pause", self.tr("Pause"))
        self.pause.setCheckable(True)
        self.table = self._button("download", self.tr("Export CSV…"))
        self.picture = self._button("download", self.tr("Export PNG…"))
        self.mini = self._button("pin", self.tr("Small monitor"))
        self.banner = Banner(icon_button("x", self.tr("Dismiss")))
        self.alerts = AlertsPanel(alerts, tokens)
        self.engine = EngineCard(monitor, tokens)
        self.machine = MachineCard(monitor, tokens)
        self.gpus = CardGrid(_CARD)
        self.gpus.show_cards(())
        self._rest = CardGrid(_CARD)
        self._rest.show_cards((self.engine, self.machine))
        self._cards: dict[int, GpuCard] = {}
        self._no_cards = label(self.tr("No graphics card reports to this computer."), "dim")
        self._inside = self._arrange()
        self.windows.show_choice(WINDOWS.index(monitor.window_seconds))
        self.windows.chosen.connect(self._choose_window)
        self.pause.toggled.connect(self._pause)
        self.table.clicked.connect(self._ask_for_table)
        self.picture.clicked.connect(self._ask_for_picture)
        monitor.ticked.connect(self._tick)
        monitor.changed.connect(self._change)
        monitor.turned.connect(self._turn)
        monitor.failed.connect(self.banner.say)
        monitor.exported.connect(self._tell_exported)
        self._turn()
        recolour(self, tokens)

    @property
    def cards(self) -> tuple[GpuCard, ...]:
        """One for each GPU, in the order of the bus."""
        return tuple(self._cards[index] for index in sorted(self._cards))

    @property
    def words(self) -> str:
        """Everything it says, but for the charts."""
        parts = (self.alerts, self.engine, self.machine, *self.cards)
        return "\n".join(part.words for part in parts)

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for card in self._cards.values():
            card.wear(tokens)
        self.engine.charts.wear(tokens)
        self.machine.charts.wear(tokens)
        self.alerts.wear(tokens)
        recolour(self, tokens)

    def save_table(self, path: Path) -> None:
        """What the window shows, as CSV."""
        self._monitor.export(path)

    def save_picture(self, path: Path) -> None:
        """The whole screen, also what is scrolled away, as PNG."""
        if self._inside.grab().save(str(path), "PNG"):
            self._tell_exported(str(path))
        else:
            self.banner.say(self.tr("{0} could not be written.").format(path))

    # What happens

    def _tick(self) -> None:
        if self._monitor.paused:
            return
        self._show_cards()
        values, at = self._values(), self._monitor.moment.at
        for part in (self.engine, self.machine, *self._cards.values()):
            part.push(at, values)
        self._tell()

    def _change(self) -> None:
        if not self._monitor.paused:
            self._tell()

    def _turn(self) -> None:
        self.pause.setChecked(self._monitor.paused)
        self._show_cards()
        values = self._values()
        for part in (self.engine, self.machine, *self._cards.values()):
            part.charts.turn(values)
        self._tell()

    def _tell(self) -> None:
        """All words and bars; nobody needs them while the screen is not seen."""
        if not self.isVisible():
            return
        moment = self._monitor.moment
        for card in self._monitor.cards:
            if card.index in self._cards:
                self._cards[card.index].show_card(card)
        self.machine.show_reading(moment.reading)
        self.engine.show_rates(moment.rates)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._turn()

    def _show_cards(self) -> None:
        cards = self._monitor.cards
        self._no_cards.setVisible(not cards and self._monitor.moment.reading is not None)
        if [card.index for card in cards] == sorted(self._cards):
            return
        compact = len(cards) > _MANY
        if compact or not cards:
            self._cards.clear()  # the few that were there were not made for many
        for card in cards:
            if card.index not in self._cards:
                self._cards[card.index] = self._made(card, compact=compact)
        self.gpus.set_narrowest(_COMPACT_CARD if compact else _CARD)
        self.gpus.show_cards(self.cards)

    def _made(self, card: CardShown, *, compact: bool) -> GpuCard:
        return GpuCard(self._monitor, card, self._tokens, compact=compact)

    def _values(self) -> Values:
        moment = self._monitor.moment
        return {} if moment.reading is None else values_of(moment.reading, moment.rates)

    # What the person does

    def _pause(self, wanted: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._monitor.pause(wanted=wanted)
        mark(self.pause, "play" if wanted else "pause")
        self.pause.setText(" " + (self.tr("Go on") if wanted else self.tr("Pause")))
        recolour(self.pause, self._tokens)

    def _choose_window(self, place: int) -> None:
        self._monitor.show_window(WINDOWS[place])

    def _ask_for_table(self) -> None:
        says = self.tr("Export what was measured")
        path, _ = QFileDialog.getSaveFileName(self, says, _file_name("csv"), "CSV (*.csv)")
        if path:
            self.save_table(Path(path))

    def _ask_for_picture(self) -> None:
        says = self.tr("Export a picture")
        path, _ = QFileDialog.getSaveFileName(self, says, _file_name("png"), "PNG (*.png)")
        if path:
            self.save_picture(Path(path))

    def _tell_exported(self, path: str) -> None:
        self.banner.say(self.tr("Written: {0}").format(path))

    # How it is built

    def _arrange(self) -> QWidget:
        bar = Flow(self.windows, self.pause, self.table, self.picture, self.mini)
        inside = QWidget()
        inside.setProperty("kind", "page")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        parts = (self._no_cards, self.gpus, self._rest, self.alerts)
        inside.setLayout(column(*parts, None, margins=(20, 6, 20, 20), spacing=12))
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        heading = label(self.tr("Monitor"), "heading")
        head = column(heading, bar, self.banner, margins=(20, 12, 20, 4), spacing=10)
        self.setLayout(column(head, scroll, spacing=0))
        return inside

    def _button(self, icon: IconName, says: str) -> QPushButton:
        button = QPushButton(f" {says}")
        button.setAccessibleName(says)
        mark(button, icon)
        return button

    def _window_names(self) -> tuple[str, ...]:
        minutes, hours = self.tr("{0} min"), self.tr("{0} h")
        return tuple(
            minutes.format(round(seconds / 60))
            if seconds < 3600
            else hours.format(round(seconds / 3600))
            for seconds in WINDOWS
        )


def _file_name(ending: str) -> str:
    moment = datetime.now().astimezone().isoformat(" ", "minutes")[:16].replace(":", "-")
    return f"Fullbore {moment}.{ending}"
