"""The models that are loaded, a card for each."""

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.presenters.server.residents import ResidentsPresenter
from app.presenters.settings_engine import EngineSettingsPresenter
from app.theme.tokens import Tokens
from app.views.server.resident_card import ResidentCard
from app.widgets.arranging import card, column, label
from app.widgets.card_grid import CardGrid

_CARD = 360


class ResidentsPage(QWidget):
    """Asks how they stand while it is seen."""

    def __init__(
        self, residents: ResidentsPresenter, engine: EngineSettingsPresenter, tokens: Tokens
    ) -> None:
        super().__init__()
        self._residents, self._engine, self._tokens = residents, engine, tokens
        self._cards: dict[str, ResidentCard] = {}
        says = self.tr(
            "No model is loaded. One that a program asks for by name is loaded at once, and goes "
            "when nobody asked it for a while."
        )
        self.nothing = card(column(label(says, "dim", wrap=True), margins=(16, 14, 16, 14)))
        self._grid = CardGrid(_CARD)
        self.setLayout(column(self.nothing, self._grid, None))
        residents.changed.connect(self._follow)
        engine.changed.connect(self._follow)
        self._follow()

    @property
    def cards(self) -> tuple[ResidentCard, ...]:
        """Left to right."""
        return tuple(self._cards.values())

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for one in self.cards:
            one.wear(tokens)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._residents.watch(wanted=True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._residents.watch(wanted=False)

    def _follow(self) -> None:
        streams = self._engine.config.streams
        known = {one.model: one for one in self._residents.residents}
        self.nothing.setVisible(not known)
        if list(known) != list(self._cards):
            self._cards = {
                model: self._cards.get(model)
                or ResidentCard(self._residents, one, streams, self._tokens)
                for model, one in known.items()
            }
            self._grid.show_cards(self.cards)
        for model, one in known.items():
            self._cards[model].show_resident(one, streams)
