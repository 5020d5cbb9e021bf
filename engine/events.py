"""The union of facts: everything the engine tells without being asked, and how it is heard."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from engine.download.values import Download, DownloadPhase
from engine.hardware.machine import Reading
from engine.host.facts import (
    AnswerEnded,
    LoadStepped,
    ModelMoved,
    Phase,
    StreamsMoved,
    WorkerEnded,
)
from engine.monitor.values import Alert, CardUsage, Rates
from engine.pack.values import Pack, PackState
from engine.requests import RequestSeen, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMoved:
    """The local port opened at this address, closed (None), or failed with a sentence."""

    address: str | None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfChanged:
    """Models came or went; ask for the list again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadMoved:
    """A transfer went on, ended or failed; at most ten times a second."""

    download: Download


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRead:
    """A reading of the hardware, twice a second."""

    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRead:
    """What each card's memory is used for, with every reading."""

    cards: tuple[CardUsage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesRead:
    """What the engine did lately, with every reading."""

    rates: Rates


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMoved:
    """Something is wrong, or is over."""

    alert: Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMoved:
    """A request to the local port came, or came further; at most four times a second for each."""

    request: RequestSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMoved:
    """The GPU pack of this machine came further."""

    pack: Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationMoved:
    """The measuring of this machine came to this step; `fraction` (0 to 1) of it is done."""

    step: str
    fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesHanded:
    """Another start of Fullbore handed over these paths and links; raise the window.

    `activation` is the desktop's leave to do so, where it gave one.
    """

    paths: tuple[str, ...]
    activation: str = ""


Event = (
    ModelMoved
    | WorkerEnded
    | LoadStepped
    | StreamsMoved
    | AnswerEnded
    | ServerMoved
    | ShelfChanged
    | DownloadMoved
    | MachineRead
    | UsageRead
    | RatesRead
    | AlertMoved
    | RequestMoved
    | PackMoved
    | CalibrationMoved
    | FilesHanded
)

MOST_WAITING = 512


class Listeners:
    """Brings every fact to every listener, each at its own pace.

    A listener that is slow loses readings and progress, which the next ones make up for; it never
    loses another fact. Belongs to one event loop.
    """

    def __init__(self) -> None:
        self._inboxes: list[_Inbox] = []

    def tell(self, event: Event) -> None:
        """Hand it to all."""
        for inbox in self._inboxes:
            inbox.put(event)

    def listen(self) -> AsyncGenerator[Event]:
        """Every fact from this call on, until `close`. Closing the iterator ends the listening."""
        inbox = _Inbox()
        self._inboxes.append(inbox)
        return self._heard(inbox)

    def close(self) -> None:
        """End every listener, after what it has not heard yet."""
        for inbox in self._inboxes:
            inbox.close()

    async def _heard(self, inbox: "_Inbox") -> AsyncGenerator[Event]:
        try:
            while (event := await inbox.get()) is not None:
                yield event
        finally:
            self._inboxes.remove(inbox)


class _Inbox:
    def __init__(self) -> None:
        self._waiting: deque[Event] = deque()
        self._arrived = asyncio.Event()
        self._closed = False

    def put(self, event: Event) -> None:
        if len(self._waiting) >= MOST_WAITING:
            passing = next((old for old in self._waiting if _may_be_missed(old)), None)
            if passing is not None:
                self._waiting.remove(passing)
        self._waiting.append(event)
        self._arrived.set()

    def close(self) -> None:
        self._closed = True
        self._arrived.set()

    async def get(self) -> Event | None:
        while not self._waiting:
            if self._closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()


def _may_be_missed(event: Event) -> bool:
    """Whether the next one of its kind makes up for it."""
    match event:
        case MachineRead() | StreamsMoved() | UsageRead() | RatesRead():
            missed = True
        case ModelMoved():
            missed = event.phase is Phase.LOADING
        case DownloadMoved():
            missed = event.download.phase is DownloadPhase.RUNNING
        case PackMoved():
            missed = event.pack.state is PackState.DOWNLOADING
        case RequestMoved():
            missed = event.request.stage is Stage.WRITING
        case CalibrationMoved():
            missed = event.fraction < 1.0
        case _:
            missed = False
    return missed
