"""A loaded model: what it does, what it takes, and when it goes."""

from datetime import UTC, datetime

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QPushButton

from app.presenters.server.residents import ResidentsPresenter
from app.theme.tokens import Tokens
from app.views import words
from app.views.icons import mark, recolour
from app.views.server import server_words
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from app.widgets.meter_bar import MeterBar, MeterPart
from app.widgets.swatches import Swatch, Swatches
from engine.host.facts import Phase, Residence


class ResidentCard(QFrame):
    """Shows what it is told."""

    def __init__(
        self, residents: ResidentsPresenter, resident: Residence, streams: int, tokens: Tokens
    ) -> None:
        """`streams` is how many answers a model gives at once."""
        super().__init__()
        self.setProperty("kind", "card")
        self._residents, self._tokens = residents, tokens
        self._streams = streams
        self.resident = resident
        name = ElidedLabel(resident.model)
        name.setProperty("role", "title")
        self._state = label("", "badge")
        self._bar = MeterBar(height=12)
        self._bar.setAccessibleName(self.tr("Answers and queue"))
        self._legend = Swatches()
        self._memory = label("", "dim")
        self._leaves = label("", "dim")
        self.pin = QPushButton()
        self.pin.setCheckable(True)
        mark(self.pin, "pin")
        self.unload = QPushButton(" " + self.tr("Unload"))
        self.unload.setAccessibleName(self.tr("Unload {0}").format(resident.model))
        mark(self.unload, "power")
        head = row(name, self._state)
        head.setStretch(0, 1)
        self.setLayout(
            column(
                head,
                self._bar,
                self._legend,
                self._memory,
                row(self._leaves, None, self.pin, self.unload),
                margins=(16, 14, 16, 14),
            )
        )
        self.pin.clicked.connect(self._pin)
        self.unload.clicked.connect(self._unload)
        self.show_resident(resident, streams)
        recolour(self, tokens)

    @property
    def words(self) -> str:
        """Everything it says."""
        texts = (self._state, self._memory, self._leaves)
        told = (one.text() for one in texts if one.text())
        return " · ".join((self.resident.model, *told, self._legend.words))

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        self.show_resident(self.resident, self._streams)
        recolour(self, tokens)

    def show_resident(self, resident: Residence, streams: int) -> None:
        """How it stands now."""
        self.resident, self._streams = resident, streams
        state = server_words.phase_name(resident.phase)
        if resident.replicas > 1:
            state = self.tr("{0} · {1} replicas").format(state, resident.replicas)
        self._state.setText(state)
        self._show_queue()
        self._memory.setText(
            self.tr("{0} in all, {1} of it on cards · {2} tokens of context").format(
                words.memory(resident.size_bytes),
                words.memory(resident.card_bytes),
                words.count(resident.context_tokens),
            )
        )
        self._leaves.setText(self._when())
        self.pin.setChecked(resident.pinned)
        self.pin.setText(" " + (self.tr("Pinned") if resident.pinned else self.tr("Pin")))
        says = self.tr("Never unload {0} for another model's sake").format(resident.model)
        self.pin.setAccessibleName(says)
        self.pin.setToolTip(says)
        self.unload.setEnabled(resident.phase is not Phase.STOPPING)
        self.setAccessibleName(self.words)

    def _show_queue(self) -> None:
        one = self.resident
        capacity = max(1, self._streams * max(1, one.replicas), one.streams + one.queued)
        busy, waits = QColor(self._tokens.accent), QColor(self._tokens.warn)
        self._bar.set_parts(
            (
                MeterPart(fraction=one.streams / capacity, colour=busy),
                MeterPart(fraction=one.queued / capacity, colour=waits),
            )
        )
        self._legend.show_entries(
            (
                Swatch(colour=busy, says=self.tr("{0} answered").format(one.streams)),
                Swatch(colour=waits, says=self.tr("{0} in the queue").format(one.queued)),
            )
        )

    def _when(self) -> str:
        one = self.resident
        if one.pinned:
            return self.tr("Stays")
        if one.leaves_at is None:
            return self.tr("Stays until its place is needed")
        left = (one.leaves_at - datetime.now(UTC)).total_seconds()
        return self.tr("Goes in {0}").format(words.duration(left))

    def _pin(self) -> None:
        self._residents.pin(self.resident.model, wanted=self.pin.isChecked())

    def _unload(self) -> None:
        self._residents.unload(self.resident.model)
