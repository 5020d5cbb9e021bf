"""The quantization picker: one repository's quantizations, planned for this machine or another."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.bridge import EngineBridge, EngineSurface
from app.lists.offers_list import Offer, OffersList
from app.surface import Ranked
from app.text import failures
from engine.config import LoadWish, RankWish
from engine.download.values import Download, DownloadPhase, Quantization, RepositoryPage
from engine.errors import EngineError
from engine.events import CalibrationMoved, DownloadMoved, Event, ShelfChanged
from engine.hardware.catalogue import read_catalogue

SETTLE_MS = 30  # a hand that drags asks no oftener than this
LEAST_CONTEXT = 2048
USUAL_CONTEXT = 131_072  # where a repository tells none

Prefer = Literal["context", "speed", "quality"]
Known = tuple[tuple[Download, ...], frozenset[str]]


class PickerPresenter(QObject):
    """One question is with the planner at a time; what changes meanwhile is asked when it answers.

    Rows stay as they are until the newest answer is there.
    """

    changed = Signal()  # anything but the rows, which `offers_list` tells
    page_changed = Signal()
    failed = Signal(str)  # a download could not be queued
    chosen = Signal(str)  # the person wants to chat with this model
    placement_wanted = Signal(str)  # or to see where it goes

    _header = Signal(int, int, int)  # of which question: read, of how many

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.offers_list = OffersList(parent=self)
        self._page: RepositoryPage | None = None
        self._wish = LoadWish()
        self._machine: str | None = None
        self._ranked: Ranked | None = None
        self._failure: str | None = None
        self._headers: tuple[int, int] | None = None
        self._beside = frozenset[str]()
        self._downloads = dict[str, Download]()
        self._shelf = frozenset[str]()
        self._number = 0
        self._asking = self._stale = False
        self._give_up: Callable[[], None] = _nothing
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._header.connect(self._read, Qt.ConnectionType.QueuedConnection)
        bridge.happened.connect(self._hear)
        bridge.ready.connect(self._look)

    # What there is to see

    @property
    def page(self) -> RepositoryPage | None:
        """Whose quantizations are shown."""
        return self._page

    @property
    def offers(self) -> tuple[Offer, ...]:
        """The rows, the largest first."""
        return self.offers_list.rows

    @property
    def advised(self) -> Offer | None:
        """The one to take."""
        return next((offer for offer in self.offers if offer.advised), None)

    @property
    def next_finer(self) -> Offer | None:
        """The smallest that loses less than what is advised, and fits."""
        bits = self._bits(self.advised)
        finer = [
            offer
            for offer in self.offers
            if offer.plan is not None and offer.plan.fits and self._bits(offer) > bits
        ]
        return min(finer, key=self._bits, default=None)

    @property
    def none_fits(self) -> bool:
        """Whether all are planned, and none fits."""
        plans = [offer.plan for offer in self.offers if offer.plan is not None]
        return bool(plans) and not any(plan.fits for plan in plans)

    @property
    def context_tokens(self) -> int | None:
        """The context asked for; None: as Fullbore chooses."""
        return self._wish.context_tokens

    @property
    def most_context(self) -> int:
        """What the model was trained for."""
        told = self._page.hit.trained_context_tokens if self._page else None
        return max(2 * LEAST_CONTEXT, told or USUAL_CONTEXT)

    @property
    def preference(self) -> Prefer | None:
        """What matters most."""
        return self._wish.prefer

    @property
    def machine(self) -> str | None:
        """The machine that is planned for, in words; None: this one."""
        return self._machine

    @property
    def headers(self) -> tuple[int, int] | None:
        """How many headers are read, of how many; None when none is being read."""
        return self._headers

    @property
    def planning(self) -> bool:
        """Whether the rows do not yet answer what is asked."""
        return self._asking or self._stale or self._settle.isActive()

    @property
    def failure(self) -> str | None:
        """Why there are no plans: a sentence with its remedy."""
        return self._failure

    @property
    def companions(self) -> tuple[Quantization, ...]:
        """Projectors and drafts, which may come along."""
        return () if self._page is None else (*self._page.projectors, *self._page.drafts)

    def is_beside(self, companion: Quantization) -> bool:
        """Whether that one comes along."""
        return companion.label in self._beside

    def card_names(self) -> tuple[str, ...]:
        """The catalogue's cards, by the words that name each of them."""
        return _card_names()

    # What can be done

    def show(self, page: RepositoryPage | None) -> None:
        """Show that repository's quantizations; wish and machine stay."""
        if page is self._page:
            return
        self._give_up()
        self._number += 1
        self._page, self._ranked, self._failure = page, None, None
        self._asking, self._headers, self._beside = False, None, frozenset[str]()
        if self._wish.context_tokens is not None:
            least = min(self._wish.context_tokens, self.most_context)
            self._wish = self._wish.model_copy(update={"context_tokens": least})
        self._fill()
        self.page_changed.emit()
        self._look()
        self._ask()

    def set_context(self, tokens: int | None) -> None:
        """Plan for that many tokens; None: as many as are sensible."""
        self._wished(self._wish.model_copy(update={"context_tokens": tokens}))

    def prefer(self, what: Prefer | None) -> None:
        """Weigh that most."""
        self._wished(self._wish.model_copy(update={"prefer": what}))

    def plan_for(self, machine: str | None) -> None:
        """Plan for a machine in words, "2x RTX 4090, 128 GB DDR5-5600"; None: this one."""
        if machine != self._machine:
            self._machine = machine
            self._want()

    def take_beside(self, companion: Quantization, *, on: bool) -> None:
        """Whether that companion is downloaded, too; of projectors, one will be loaded."""
        before = self._projector_bytes
        with_it = self._beside | {companion.label}
        self._beside = with_it if on else with_it - {companion.label}
        if self._projector_bytes != before:
            self._want()
        else:
            self.changed.emit()

    def try_again(self) -> None:
        """Plan once more."""
        self._failure = None
        self._want()

    def fetch(self, offer: Offer) -> None:
        """Queue that quantization and what comes along; one that stopped goes on."""
        page = self._page
        if page is None or offer.model is not None or self._underway(offer):
            return
        known = self._downloads.get(self._name(offer.quantization))
        if known is not None and known.phase is not DownloadPhase.DONE:
            self._bridge.tell(lambda engine: engine.downloads.resume(known.id))
            return
        for wanted in (offer.quantization, *filter(self.is_beside, self.companions)):
            self._enqueue(page.hit.id, wanted)

    def act(self, offer: Offer) -> None:
        """What a row's button does: chat with what is here, else bring it."""
        if offer.model is not None:
            self.chosen.emit(offer.model)
        else:
            self.fetch(offer)

    def place(self, offer: Offer) -> None:
        """Show where a model that is here goes."""
        if offer.model is not None:
            self.placement_wanted.emit(offer.model)

    # What follows

    @property
    def _projector_bytes(self) -> int:
        """The largest of those that come along: it is the one to have room for."""
        eyes = () if self._page is None else self._page.projectors
        return max((one.size_bytes for one in eyes if self.is_beside(one)), default=0)

    def _enqueue(self, repository: str, wanted: Quantization) -> None:
        self._bridge.ask(
            lambda engine: engine.downloads.enqueue(repository, wanted),
            self._moved,
            lambda error: self.failed.emit(failures.told(error)),
        )

    def _underway(self, offer: Offer) -> bool:
        return offer.download is not None and offer.download.phase in {
            DownloadPhase.QUEUED,
            DownloadPhase.RUNNING,
            DownloadPhase.VERIFYING,
            DownloadPhase.REPAIRING,
        }

    def _wished(self, wish: LoadWish) -> None:
        if wish != self._wish:
            self._wish = wish
            self._want()

    def _want(self) -> None:
        self._stale = True
        if not self._settle.isActive():  # a steady hand is answered while it moves, too
            self._settle.start()
        self.changed.emit()

    def _ask(self) -> None:
        page = self._page
        if page is None or self._asking or not page.quantizations:
            self._stale = self._stale and page is not None and bool(page.quantizations)
            self.changed.emit()
            return
        self._number += 1
        number = self._number
        wish = RankWish(
            load=self._wish, machine=self._machine, projector_bytes=self._projector_bytes
        )
        self._asking, self._stale = True, False

        async def rank(engine: EngineSurface) -> Ranked:
            return await engine.discovery.rank(
                page.hit.id,
                page.quantizations,
                wish,
                on_header=partial(self._header.emit, number),
            )

        self._give_up = self._bridge.ask(
            rank, partial(self._planned, number), partial(self._not_planned, number)
        )
        self.changed.emit()

    def _read(self, number: int, read: int, total: int) -> None:
        if number == self._number and self._asking:
            self._headers = (read, total)
            self.changed.emit()

    def _planned(self, number: int, ranked: Ranked) -> None:
        if number != self._number:
            return
        self._asking, self._headers, self._failure = False, None, None
        self._ranked = ranked
        self._fill()
        self._go_on()

    def _not_planned(self, number: int, error: EngineError) -> None:
        if number != self._number:
            return
        self._asking, self._headers = False, None
        self._failure = failures.told(error)
        self._go_on()

    def _go_on(self) -> None:
        if self._stale and not self._settle.isActive():
            self._ask()
        else:
            self.changed.emit()

    def _fill(self) -> None:
        """Every row anew, from the plans, the downloads and the shelf."""
        page, ranked = self._page, self._ranked
        if page is None:
            self.offers_list.replace(())
            return
        placed = {} if ranked is None else {one.plan.model: one for one in ranked.placed}
        refused = {} if ranked is None else {one.id: one.sentence for one in ranked.unplanned}
        rows: list[Offer] = []
        for quantization in page.quantizations:
            name = self._name(quantization)
            found = placed.get(name)
            offer = Offer(
                quantization=quantization,
                plan=None if found is None else found.plan,
                kind="" if found is None else found.kind,
                refusal=refused.get(name),
                advised=ranked is not None and ranked.advised == name,
            )
            rows.append(self._standing(offer))
        rows.sort(key=lambda offer: -offer.quantization.size_bytes)
        self.offers_list.replace(rows)

    def _standing(self, offer: Offer) -> Offer:
        name = self._name(offer.quantization)
        here = name if name in self._shelf else None
        return replace(offer, download=self._downloads.get(name), model=here)

    def _name(self, quantization: Quantization) -> str:
        return f"{self._page.hit.id if self._page else ''}:{quantization.label}"

    @staticmethod
    def _bits(offer: Offer | None) -> float:
        return 0.0 if offer is None or offer.plan is None else offer.plan.quality.bits_per_weight

    def _look(self) -> None:
        """What is here, and what is on its way."""
        self._bridge.ask(_known, self._looked, lambda error: self.failed.emit(failures.told(error)))

    def _looked(self, known: Known) -> None:
        downloads, self._shelf = known
        self._downloads = {download.id: download for download in downloads}
        self._stand_anew()

    def _stand_anew(self) -> None:
        self.offers_list.replace([self._standing(offer) for offer in self.offers])
        self.changed.emit()

    def _moved(self, download: Download) -> None:
        before = self._downloads.get(download.id)
        self._downloads[download.id] = download
        ours = self._page is not None and download.id.startswith(f"{self._page.hit.id}:")
        if ours and download != before:
            self._stand_anew()

    def _hear(self, event: Event) -> None:
        match event:
            case DownloadMoved():
                self._moved(event.download)
            case ShelfChanged():
                self._look()
            case CalibrationMoved(fraction=1.0) if self._page is not None:
                self._want()  # what is predicted of this machine may have changed
            case _:
                pass


async def _known(engine: EngineSurface) -> Known:
    return engine.downloads.all(), frozenset(model.id for model in engine.models())


@cache
def _card_names() -> tuple[str, ...]:
    """A card that was sold with several amounts of memory is named with each."""
    cards = read_catalogue().cards
    names = [card.name for card in cards]
    return tuple(
        card.name
        if names.count(card.name) == 1 or f"{card.memory_bytes >> 30}GB" in card.name
        else f"{card.name} {card.memory_bytes >> 30}GB"
        for card in cards
    )


def _nothing() -> None:
    """There is no question to give up."""
