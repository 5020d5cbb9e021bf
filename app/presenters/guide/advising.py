"""Three models for this machine: chosen by size at once, planned from their headers soon after."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.presenters.guide.advice import Advice, fetched, planned
from app.text import failures
from engine.download.values import Download
from engine.errors import EngineError, HubUnreachable
from engine.events import DownloadMoved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.bridge import EngineBridge
    from app.lists.offers_list import Offer
    from app.surface import EngineSurface
    from engine.download.values import Advised
    from engine.events import Event
    from engine.library.shelf_model import ShelfModel

RESERVE_BYTES = 1_000_000_000  # of the disk, which a download leaves alone

_Chosen = tuple[tuple["Advised", ...], int | None, tuple[Download, ...]]


class Advising(QObject):
    """Without the Hub the estimates stand, and say that they are such."""

    changed = Signal()  # any of the properties
    failed = Signal(str)  # a download could not be queued

    def __init__(
        self,
        bridge: EngineBridge,
        room: Callable[[], int | None],
        *,
        parent: QObject | None = None,
    ) -> None:
        """`room` tells what is free on the models' disk."""
        super().__init__(parent)
        self._bridge = bridge
        self._room = room
        self._rows: tuple[Advice, ...] = ()
        self._downloads = dict[str, Download]()
        self._shelf = frozenset[str]()
        self._wanted = set[str]()
        self._looked = self._known = self._offline = False
        self._waiting = 0
        self._round = 0
        self._free: int | None = None
        bridge.happened.connect(self._hear)

    @property
    def rows(self) -> tuple[Advice, ...]:
        """The small one first."""
        return self._rows

    @property
    def known(self) -> bool:
        """Whether it is known which are advised: before, no rows mean nothing."""
        return self._known

    @property
    def planning(self) -> bool:
        """Whether headers are being read."""
        return self._waiting > 0

    @property
    def offline(self) -> bool:
        """Whether the Hub could not be asked."""
        return self._offline

    @property
    def free_bytes(self) -> int | None:
        """The room on the models' disk, as it was last looked at."""
        return self._free

    @property
    def wanted(self) -> frozenset[str]:
        """The models that were asked for here."""
        return frozenset(self._wanted)

    def look(self) -> None:
        """Choose and plan, unless that was done or is under way."""
        if not self._looked:
            self.look_again()

    def look_again(self) -> None:
        """Choose and plan anew: the Hub may answer now, or the disk have room."""
        self._looked = True
        self._round += 1
        self._waiting, self._offline = 0, False
        self._bridge.ask(self._choose, partial(self._chosen, self._round), self._fail)
        self.changed.emit()

    def fetch(self, row: Advice) -> None:
        """Queue that model's download, or let it go on."""
        offer = row.offer
        if offer is None or offer.model is not None:
            return
        self._wanted.add(row.name)
        repository, wanted = row.advised.curated.id, offer.quantization
        self._bridge.ask(
            lambda engine: fetched(engine, repository, wanted), self._moved, self._fail
        )

    def know(self, shelf: Sequence[ShelfModel]) -> None:
        """What lies on the shelf now."""
        self._shelf = frozenset(model.id for model in shelf)
        self._stand_anew()

    async def _choose(self, engine: EngineSurface) -> _Chosen:
        free = await asyncio.to_thread(self._room)
        room = 10**15 if free is None else max(0, free - RESERVE_BYTES)
        return engine.discovery.advised(room), free, engine.downloads.all()

    def _chosen(self, number: int, chosen: _Chosen) -> None:
        if number != self._round:
            return
        found, self._free, downloads = chosen
        self._known = True
        self._downloads |= {one.id: one for one in downloads}
        # What was planned before stands until it is planned anew.
        before = {row.advised.curated.id: row for row in self._rows}
        self._rows = tuple(
            replace(before.get(one.curated.id, Advice(advised=one)), advised=one, failure="")
            for one in found
        )
        self._waiting = len(found)
        room = 10**15 if self._free is None else max(0, self._free - RESERVE_BYTES)
        for one in found:
            self._bridge.ask(
                partial(planned, advised=one, disk_bytes=room),
                partial(self._planned, number, one),
                partial(self._not_planned, number, one),
            )
        self._stand_anew()

    def _planned(self, number: int, advised: Advised, offer: Offer | None) -> None:
        if number == self._round:
            self._waiting -= 1
            none = "" if offer is not None else self.tr("There is no room for it on the disk.")
            self._put(advised, offer, none)

    def _not_planned(self, number: int, advised: Advised, error: EngineError) -> None:
        if number != self._round:
            return
        self._waiting -= 1
        unreachable = isinstance(error, HubUnreachable)
        self._offline = self._offline or unreachable
        # Of the network it is said once, for all of them.
        self._put(advised, None, "" if unreachable else failures.told(error))

    def _put(self, advised: Advised, offer: Offer | None, failure: str) -> None:
        self._rows = tuple(
            replace(row, offer=offer or row.offer, failure=failure)
            if row.advised.curated.id == advised.curated.id
            else row
            for row in self._rows
        )
        self._stand_anew()

    def _stand_anew(self) -> None:
        """What is here, and what is on its way."""
        self._rows = tuple(self._standing(row) for row in self._rows)
        self.changed.emit()

    def _standing(self, row: Advice) -> Advice:
        if row.offer is None:
            return row
        here = row.name if row.name in self._shelf else None
        offer = replace(row.offer, download=self._downloads.get(row.name), model=here)
        return replace(row, offer=offer)

    def _hear(self, event: Event) -> None:
        if isinstance(event, DownloadMoved):
            self._moved(event.download)

    def _moved(self, download: Download) -> None:
        self._downloads[download.id] = download
        if any(row.name == download.id for row in self._rows):
            self._stand_anew()

    def _fail(self, error: EngineError) -> None:
        self.failed.emit(failures.told(error))
