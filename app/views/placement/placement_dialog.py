"""The placement panel: bars and choices at the left, what follows from them at the right."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QGridLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)
from typing_extensions import override

from app.presenters.placement.places import Place
from app.presenters.placement.presenter import PlacementPresenter
from app.theme.scale import scaled
from app.theme.stylesheet import set_dress
from app.theme.tokens import Tokens
from app.views import sayings, words
from app.views.icons import recolour
from app.views.placement import said
from app.views.placement.advice_card import AdviceCard
from app.views.placement.forecast_card import ForecastCard, OutcomeCard
from app.views.placement.knobs_card import KnobsCard
from app.views.placement.layers_card import LayersCard
from app.views.placement.legend import Legend
from app.views.placement.pinning import PinButton
from app.views.placement.place_card import PlaceCard
from app.widgets.arranging import column, label, row
from app.widgets.elided_label import ElidedLabel
from engine.host.facts import Phase

_SIZE = QSize(1240, 840)
_SMALLEST = QSize(560, 420)
_SIDE = 348
_NARROW = 900
_MANY = 4  # cards, RAM counted, that still stand one below the other


class PlacementDialog(QDialog):
    """Where a model would lie and how fast it would run, and every choice about it."""

    def __init__(
        self,
        placement: PlacementPresenter,
        model: str,
        tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._placement = placement
        self._tokens = tokens
        self.setWindowTitle(self.tr("Placement"))
        self.setMinimumSize(_SMALLEST)
        self.resize(_SIZE if parent is None else _SIZE.boundedTo(parent.size() - QSize(24, 24)))
        self._title = ElidedLabel(model)
        self._quantization = label("", "badge")
        self._exact = label("", "badge")
        self.confirm = QPushButton(self.tr("Check exactly"))
        self._notice = label("", "", wrap=True)
        self._notice_frame = QFrame()
        self.cards: dict[int | None, PlaceCard] = {}
        self._places = QGridLayout()
        self.legend = Legend(said.KINDS, tokens)
        self._columns = 0
        self.cards_pin = PinButton(self.tr("Cards in use"), tokens)
        self.layers = LayersCard(placement, tokens)
        self.knobs = KnobsCard(placement, tokens)
        self.forecast = ForecastCard(placement)
        self.outcome = OutcomeCard(placement)
        self.advice = AdviceCard(placement)
        self._waiting = label(self.tr("Working out where it fits…"), "dim")
        self._status = ElidedLabel()
        self._progress = QProgressBar()
        self.automatic = QPushButton(self.tr("All automatic"))
        self.leave = QPushButton(self.tr("Close"))
        self.load = QPushButton(self.tr("Load"))
        self._left, self._right = QWidget(), QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()
        self._connect()
        placement.open(model)
        self._show()
        recolour(self, tokens)

    @property
    def notice(self) -> str:
        """What is wrong, if something is."""
        return self._notice.text()

    @property
    def status(self) -> str:
        """What stands beside the buttons."""
        return self._status.text()

    def wear(self, tokens: Tokens) -> None:
        """Another look."""
        self._tokens = tokens
        for part in (
            self.legend,
            self.layers,
            *self.cards.values(),
            *self.findChildren(PinButton),
        ):
            part.wear(tokens)
        recolour(self, tokens)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window what follows comes below the choices."""
        super().resizeEvent(event)
        narrow = self.width() < scaled(_NARROW)
        across = QBoxLayout.Direction
        self._sides.setDirection(across.TopToBottom if narrow else across.LeftToRight)
        self._right.setMinimumWidth(0 if narrow else scaled(_SIDE))
        self._right.setMaximumWidth(16777215 if narrow else scaled(_SIDE))
        self._arrange_places()

    @override
    def done(self, result: int) -> None:
        self._placement.close()
        super().done(result)

    def _show(self) -> None:
        placement, plan = self._placement, self._placement.plan
        for place in placement.places:
            self._show_place(place)
        if self._places.count() != len(self.cards):
            self._arrange_places(anew=True)
        self._right.setEnabled(placement.failure is None)  # it would be another wish's
        self._waiting.setVisible(plan is None and placement.failure is None)
        self.knobs.setVisible(plan is not None)
        if plan is not None:
            self._title.setText(plan.model)
            bits = self.tr("{0} bits").format(f"{plan.quality.bits_per_weight:.1f}")
            self._quantization.setText(f"{plan.quantization or ''} {bits}".strip())
            self._exact.setText(self.tr("exact") if plan.exact else self.tr("calculated"))
        self._quantization.setVisible(plan is not None)
        self._exact.setVisible(plan is not None)
        cards = len(placement.card_numbers)
        for part in (self.cards_pin, self._cards_name):
            part.setVisible(cards > 1 and plan is not None)
        self.cards_pin.show_pinned(pinned=placement.is_pinned("devices"))
        self.confirm.setVisible(plan is not None and cards > 0)
        self.confirm.setEnabled(plan is not None and not plan.exact and not placement.planning)
        self._show_notice()
        self._show_foot()

    def _show_place(self, place: Place) -> None:
        shown = self.cards.get(place.number)
        if shown is None:
            shown = PlaceCard(place.number, self._tokens)
            self.cards[place.number] = shown
            if place.number is not None:
                self._connect_place(shown, place.number)
        strip = self._placement.strip
        counted = {part.number: part.layers for part in strip.segments} if strip else {}
        reserved = place.number in self._placement.wish.reserve_bytes
        shown.show_place(place, layers=counted.get(place.number), reserve_pinned=reserved)

    def _arrange_places(self, *, anew: bool = False) -> None:
        """One below the other; many cards side by side where there is room."""
        columns = 2 if len(self.cards) > _MANY and self.width() >= scaled(_NARROW) else 1
        if columns == self._columns and not anew:
            return
        self._columns = columns
        for at, (number, card) in enumerate(self.cards.items()):
            if number is None:
                self._places.addWidget(card, len(self.cards), 0, 1, columns)
            else:
                self._places.addWidget(card, at // columns, at % columns)

    def _connect_place(self, card: PlaceCard, number: int) -> None:
        card.turned.connect(lambda on: self._placement.turn_card(number, on=on))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        card.reserved.connect(lambda size: self._placement.set_reserve(number, size))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]

    def _toggle_cards(self) -> None:
        self._placement.toggle_pin("devices")

    def _show_notice(self) -> None:
        placement, plan = self._placement, self._placement.plan
        text = placement.failure or placement.load_failure
        if text is None and plan is not None and not plan.fits:
            text = sayings.told(plan.reasons[0]) if plan.reasons else self.tr("It does not fit.")
            enough = [sayings.told(change.what) for change in plan.changes if change.fits]
            if enough:
                would = self.tr("It would fit with: {0}.").format(sayings.comma().join(enough))
                text = f"{text} {would}"
        if text is None and placement.steps and placement.phase is Phase.READY:
            text = sayings.loaded_smaller(placement.steps)
        self._notice_frame.setVisible(text is not None)
        self._notice.setText(text or "")

    def _show_foot(self) -> None:
        placement, plan = self._placement, self._placement.plan
        count = placement.pin_count
        self.automatic.setEnabled(count > 0)
        loading = placement.phase is Phase.LOADING
        self._progress.setVisible(loading)
        self._progress.setValue(round(placement.fraction * 100))
        self._status.setText(self._status_words(count))
        fits = plan is not None and plan.fits
        self.load.setEnabled(plan is not None and not loading and placement.failure is None)
        says = self.tr("Load") if fits or plan is None else self.tr("Load anyway")
        if placement.phase is Phase.READY and fits:
            says = self.tr("Load again")
        self.load.setText(self.tr("Loading…") if loading else says)

    def _status_words(self, count: int) -> str:
        placement, plan = self._placement, self._placement.plan
        if placement.phase is Phase.LOADING:
            steps = placement.steps
            return sayings.trying_again(steps[-1]) if steps else self.tr("Loading…")
        if plan is None:
            return ""
        pinned = self.tr("{0} pinned").format(count) if count else self.tr("All automatic")
        ram = words.memory(plan.footprint.host.total)
        total = self.tr("{0} in RAM").format(ram)
        if plan.footprint.cards:
            cards = words.memory(sum(card.total for card in plan.footprint.cards))
            total = self.tr("{0} on cards, {1} in RAM").format(cards, ram)
        return f"{total} · {pinned}"

    def _arrange(self) -> None:
        set_dress(self._title, "role", "dim")
        self.confirm.setProperty("kind", "ghost")
        self.confirm.setToolTip(self.tr("Have llama.cpp itself count the bytes, in a dry run"))
        head = row(
            label(self.tr("Placement"), "heading"),
            self._title,
            self._quantization,
            self._exact,
            self.confirm,
            margins=(20, 14, 20, 10),
            spacing=10,
        )
        head.setStretch(1, 1)
        for badge in (self._quantization, self._exact):
            head.setAlignment(badge, Qt.AlignmentFlag.AlignVCenter)
        self._notice_frame.setProperty("kind", "failure")
        self._notice_frame.setLayout(column(self._notice, margins=(12, 9, 12, 9)))
        self._places.setSpacing(10)
        self._cards_name = label(self.tr("Cards in use"), "dim")
        legend = row(self.legend, self._cards_name, self.cards_pin)
        legend.setStretch(0, 1)
        self._left.setLayout(
            column(
                legend,
                self._places,
                self.layers,
                self.knobs,
                None,
                spacing=10,
            )
        )
        self._right.setLayout(column(self.outcome, self.forecast, self.advice, None, spacing=10))
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(14)
        self._sides.addWidget(self._left, 1)
        self._sides.addWidget(self._right)
        inside = QWidget()
        inside.setProperty("kind", "clear")
        inside.setLayout(
            column(
                self._notice_frame, self._waiting, self._sides, margins=(20, 4, 20, 14), spacing=10
            )
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.setLayout(column(head, scroll, self._foot(), spacing=0))

    def _foot(self) -> QWidget:
        self.load.setProperty("kind", "primary")
        self.load.setDefault(True)
        self._progress.setMaximumWidth(160)
        self._progress.setAccessibleName(self.tr("Loading…"))
        set_dress(self._status, "role", "dim")
        foot = QWidget()
        foot.setProperty("kind", "strip")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = row(
            self.automatic,
            self._status,
            self._progress,
            self.leave,
            self.load,
            margins=(20, 11, 20, 12),
            spacing=10,
        )
        line.setStretch(1, 1)
        foot.setLayout(line)
        return foot

    def _connect(self) -> None:
        placement = self._placement
        placement.changed.connect(self._show)
        placement.outcome_changed.connect(self._show)
        self.cards_pin.clicked.connect(self._toggle_cards)
        self.confirm.clicked.connect(placement.confirm)
        self.automatic.clicked.connect(placement.all_automatic)
        self.leave.clicked.connect(self.reject)
        self.load.clicked.connect(placement.load)
