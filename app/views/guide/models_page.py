"""The guide's third page: three models for this machine, and one to talk to meanwhile."""

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.lists.sizes import size_text
from app.presenters.guide.starting import Start
from app.theme.tokens import Tokens
from app.views import words
from app.views.guide.advice_card import AdviceCard
from app.views.guide.pictured import PicturedLine
from app.views.screens import Screens
from app.widgets.arranging import card, column, label, row
from app.widgets.meter_bar import MeterBar

_MOST = 3


class ModelsPage(QWidget):
    """Nothing is downloaded before a click says so."""

    def __init__(self, screens: Screens, tokens: Tokens) -> None:
        super().__init__()
        self._advising, self._starting = screens.guide.advising, screens.guide.starting
        self._calibration = screens.calibration
        self._tokens = tokens
        self._says = label("", "dim", wrap=True)
        self.again = QPushButton(self.tr("Try again"))
        self.cards = tuple(AdviceCard() for _ in range(_MOST))
        self._start = PicturedLine("chat", self.tr("Chat right away"))
        self._bar = MeterBar(height=6)
        self._failure = label("", "error", wrap=True)
        starting = column(
            self._start, self._bar, self._failure, margins=(16, 12, 16, 14), spacing=8
        )
        self.starting_card: QFrame = card(starting)
        head = row(self._says, self.again)
        head.setStretch(0, 1)
        self.setLayout(column(head, *self.cards, self.starting_card, None, spacing=12))
        for one in self.cards:
            one.wanted.connect(self._advising.fetch)
        self.again.clicked.connect(self._advising.look_again)
        self._advising.changed.connect(self._show)
        self._starting.changed.connect(self._show_start)
        self._calibration.changed.connect(self._show_start)
        self._show()
        self._show_start()

    @property
    def words(self) -> str:
        """What it says beside the cards."""
        start = f"{self._start.accessibleName()} {self._failure.text()}"
        return f"{self._says.text()} {start}".strip()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self._start.wear(tokens)

    def _show(self) -> None:
        advising = self._advising
        rows = advising.rows
        for place, shown in enumerate(self.cards):
            shown.setVisible(place < len(rows))
            if place < len(rows):
                shown.show_row(rows[place], offline=advising.offline)
        self._says.setText(self._summed())
        self.again.setVisible(advising.offline and not advising.planning)

    def _summed(self) -> str:
        advising = self._advising
        if not advising.known:
            return self.tr("Choosing models for this computer…")
        if not advising.rows:
            return self.tr(
                "No larger model has room on this disk or in this memory. Free some room, and "
                "look at Discover later."
            )
        if advising.offline:
            return self.tr(
                "The Hub could not be asked: these are estimates, and downloads wait until it "
                "answers. The step before tests the network and has a mirror."
            )
        return self.tr("A download goes on while you chat; you are asked before it is used.")

    def _show_start(self) -> None:
        starting = self._starting
        self._start.say(self.tr("Chat right away"), self._told())
        self._bar.setVisible(starting.stage is Start.BRINGING)
        self._bar.set_fraction(starting.fraction)
        self._bar.setAccessibleName(words.percent(starting.fraction))
        self._failure.setText(starting.failure)
        self._failure.setVisible(bool(starting.failure))

    def _told(self) -> str:
        match self._starting.stage:
            case Start.WAITING:
                return self.tr("Looking at this computer…")
            case Start.ASKING:
                return self.tr("Asking the Hub…")
            case Start.BRINGING:
                return self._on_its_way()
            case Start.LOADING if self._calibration.measuring:
                return self.tr("As soon as this machine is measured, the model is loaded.")
            case Start.LOADING:
                return self.tr("The model is being loaded…")
            case Start.NONE:
                return self._offered()

    def _on_its_way(self) -> str:
        moved = self._starting.download
        if moved is None:
            return ""
        told = words.transfer(moved.received_bytes, moved.total_bytes, moved.bytes_per_second)
        return self.tr("The starter model is on its way: {0}").format(told)

    def _offered(self) -> str:
        here, known = self._starting.here, self._starting.starter
        if here is not None:
            return self.tr("{0} is here already.").format(here.id)
        if known is None:
            return ""
        says = self.tr("{0} is small ({1}) and soon here: something to talk to meanwhile.")
        return says.format(known.title, size_text(known.size_bytes))
