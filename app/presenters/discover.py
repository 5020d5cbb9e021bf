"""Finding a repository: what is worth knowing, what a search finds, and one repository's page."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from app.bridge import EngineBridge, EngineSurface
from app.lists.finds_list import Find, FindsList, Room, Worthy, WorthyList
from app.text import failures
from engine.download.values import RepositoryHit, RepositoryPage, SearchWish, SortBy
from engine.errors import EngineError, GatedRepository, HubUnreachable

SETTLE_MS = 350  # of typing
MOST_FINDS = 200
USUAL_BITS = 4.85  # a weight, of what most people take
_REPOSITORY = re.compile(r"(?:https?://[^/\s]+/)?([\w.-]+/[\w.-]+?)(?:/(?:tree|blob)/[^\s]*)?/?")


def repository_in(text: str) -> str | None:
    """The owner/name that was typed or pasted as an address; None if it is a search."""
    found = _REPOSITORY.fullmatch(text.strip())
    return None if found is None else found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What is looked for. Parameters are numbers; `fits` and `open_only` are judged here."""

    words: str = ""
    sort: SortBy = SortBy.TRENDING
    architecture: str | None = None
    least_parameters: int | None = None
    most_parameters: int | None = None
    fits: bool = False
    open_only: bool = False

    @property
    def wish(self) -> SearchWish:
        """As the Hub is asked."""
        return SearchWish(
            words=self.words,
            sort=self.sort,
            architecture=self.architecture,
            least_parameters=self.least_parameters,
            most_parameters=self.most_parameters,
            most=MOST_FINDS,
        )

    def lets(self, find: Find) -> bool:
        """Whether that find is to be shown."""
        if self.open_only and find.hit.gated:
            return False
        return not (self.fits and find.room == "neither")


class DiscoverPresenter(QObject):
    """One search and one page at a time; an answer to an earlier question is never shown."""

    finds_changed = Signal()  # also when `searching` moved
    page_changed = Signal()  # also when `opening` or `page_failure` moved
    busy_changed = Signal(bool)
    failure_changed = Signal()
    token_changed = Signal()

    def __init__(self, bridge: EngineBridge, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.finds_list = FindsList(parent=self)
        self.worthy_list = WorthyList(parent=self)
        self._sieve = Sieve()
        self._found: tuple[Find, ...] = ()
        self._asked: SearchWish | None = None  # what `finds_list` answers, or soon will
        self._busy = False
        self._failure: EngineError | None = None
        self._opening: str | None = None
        self._page: RepositoryPage | None = None
        self._page_failure: EngineError | None = None
        self._has_token = False
        self._search_number = self._page_number = 0
        self._give_up_search: Callable[[], None] = _nothing
        self._give_up_page: Callable[[], None] = _nothing
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._search)
        bridge.ready.connect(self._begin)

    # What there is to see

    @property
    def sieve(self) -> Sieve:
        """What is looked for."""
        return self._sieve

    @property
    def searching(self) -> bool:
        """Whether finds are shown, rather than what is worth knowing."""
        return replace(self._sieve, fits=False, open_only=False) != Sieve()

    @property
    def busy(self) -> bool:
        """Whether the Hub is being asked for a list."""
        return self._busy

    @property
    def failure(self) -> str | None:
        """Why there is no list: a sentence with its remedy."""
        return None if self._failure is None else failures.told(self._failure)

    @property
    def offline(self) -> bool:
        """Whether the Hub cannot be reached: another address may help."""
        return isinstance(self._failure or self._page_failure, HubUnreachable)

    @property
    def repository(self) -> str | None:
        """Whose page is shown, or will be as soon as it is known."""
        return self._opening

    @property
    def page(self) -> RepositoryPage | None:
        """That page; None before the Hub has answered."""
        return self._page

    @property
    def page_failure(self) -> str | None:
        """Why there is no page."""
        return None if self._page_failure is None else failures.told(self._page_failure)

    @property
    def gated(self) -> bool:
        """Whether the repository wants its licence accepted, and a token."""
        if self._page is not None:
            return self._page.hit.gated
        return isinstance(self._page_failure, GatedRepository)

    @property
    def has_token(self) -> bool:
        """Whether an access token is kept."""
        return self._has_token

    # What can be done

    def type(self, words: str) -> None:
        """Look for these words as soon as the hand rests."""
        if words.strip() != self._sieve.words:
            self._sieve = replace(self._sieve, words=words.strip())
            self._settle.start()

    def search_now(self) -> None:
        """Look at once; `owner/name`, or a Hub address, opens that repository."""
        self._settle.stop()
        repository = repository_in(self._sieve.words)
        if repository is not None:
            self.open(repository)
        else:
            self._search(again=True)

    def sift(self, sieve: Sieve) -> None:
        """Look for that; what is judged here needs no question."""
        before, self._sieve = self._sieve, sieve
        if sieve.wish != before.wish:
            self._search()
        else:
            self._sift()

    def cancel(self) -> None:
        """Ask no longer; what is shown stays."""
        self._settle.stop()
        self._search_number += 1
        self._give_up_search()
        self._asked = None
        self._set_busy(busy=False)

    def try_again(self) -> None:
        """Ask once more what failed."""
        if self._page_failure is not None and self._opening is not None:
            self.open(self._opening)
        if self._failure is not None:
            self._search(again=True)

    def open(self, repository: str) -> None:
        """Show that repository's page."""
        self._give_up_page()
        self._page_number += 1
        number = self._page_number
        self._opening, self._page, self._page_failure = repository, None, None
        self._give_up_page = self._bridge.ask(
            lambda engine: engine.discovery.page(repository),
            partial(self._opened, number),
            partial(self._not_opened, number),
        )
        self.page_changed.emit()

    def close_page(self) -> None:
        """Show lists alone."""
        self._give_up_page()
        self._page_number += 1
        self._opening = self._page = self._page_failure = None
        self.page_changed.emit()

    def set_token(self, token: str) -> None:
        """Keep that access token, and open the page once more with it."""
        self._bridge.ask(
            lambda engine: _keep_token(engine, token.strip() or None),
            self._token_kept,
            self._token_refused,
        )

    # What follows

    def _begin(self) -> None:
        self._bridge.ask(_worthy, self._began, self._fail)

    def _began(self, told: tuple[tuple[Worthy, ...], bool]) -> None:
        worthy, self._has_token = told
        self.worthy_list.replace(worthy)
        self.token_changed.emit()
        self.finds_changed.emit()

    def _search(self, *, again: bool = False) -> None:
        wish = self._sieve.wish
        if not self.searching:
            self.cancel()
            self._sift()
            return
        if wish == self._asked and not again:
            return
        self._give_up_search()
        self._search_number += 1
        number, self._asked = self._search_number, wish
        self._set_busy(busy=True)
        self._give_up_search = self._bridge.ask(
            partial(_finds, wish=wish),
            partial(self._show, number),
            partial(self._not_found, number),
        )
        self.finds_changed.emit()

    def _show(self, number: int, finds: tuple[Find, ...]) -> None:
        if number == self._search_number:
            self._found = finds
            self._set_busy(busy=False)
            self._set_failure(None)
            self._sift()

    def _sift(self) -> None:
        self.finds_list.replace([find for find in self._found if self._sieve.lets(find)])
        self.finds_changed.emit()

    def _not_found(self, number: int, error: EngineError) -> None:
        if number == self._search_number:
            self._asked = None
            self._found = ()  # they answered another question
            self._set_busy(busy=False)
            self._sift()
            self._fail(error)

    def _fail(self, error: EngineError) -> None:
        self._set_failure(error)
        self.finds_changed.emit()

    def _set_failure(self, error: EngineError | None) -> None:
        if error is not self._failure:
            self._failure = error
            self.failure_changed.emit()

    def _set_busy(self, *, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)

    def _opened(self, number: int, page: RepositoryPage) -> None:
        if number == self._page_number:
            self._page = page
            if isinstance(self._failure, HubUnreachable):  # it is there again
                self._set_failure(None)
            self.page_changed.emit()

    def _not_opened(self, number: int, error: EngineError) -> None:
        if number == self._page_number:
            self._page_failure = error
            self.page_changed.emit()

    def _token_kept(self, has_token: bool) -> None:  # noqa: FBT001 (the answer to a question)
        self._has_token = has_token
        self.token_changed.emit()
        if self._opening is not None:
            self.open(self._opening)

    def _token_refused(self, error: EngineError) -> None:
        self._page_failure = error
        self.page_changed.emit()


async def _finds(engine: EngineSurface, *, wish: SearchWish) -> tuple[Find, ...]:
    hits = await engine.discovery.search(wish)
    return tuple(Find(hit=hit, room=_room_of(engine, hit)) for hit in hits)


def _room_of(engine: EngineSurface, hit: RepositoryHit) -> Room:
    if hit.parameters is None:
        return "unknown"
    return _room(engine, int(hit.parameters * USUAL_BITS / 8))


def _room(engine: EngineSurface, size_bytes: int) -> Room:
    return cast("Room", str(engine.discovery.estimate(size_bytes)))


async def _worthy(engine: EngineSurface) -> tuple[tuple[Worthy, ...], bool]:
    """In the engine's order, which knows how fast each would run; and whether there is a token."""
    found = tuple(
        Worthy(curated=known, room=_room(engine, known.size_bytes))
        for known in engine.discovery.curated()
    )
    return found, engine.discovery.has_token


async def _keep_token(engine: EngineSurface, token: str | None) -> bool:
    await engine.discovery.set_token(token)
    return engine.discovery.has_token


def _nothing() -> None:
    """There is no question to give up."""
