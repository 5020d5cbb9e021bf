"""The monitor: what was measured, over which time it is looked at, and what it costs."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.bridge import EngineBridge
from app.presenters.monitor.axis import Axis
from app.presenters.monitor.series import values_of
from app.settings import SettingsFile
from app.text import failures
from engine.errors import EngineError
from engine.events import Event, MachineRead, RatesRead, StreamsMoved, UsageRead
from engine.hardware.machine import GpuReading, Reading
from engine.host.facts import ModelMoved, Phase, WorkerEnded
from engine.monitor.values import CardUsage, Rates

if TYPE_CHECKING:
    from app.presenters.monitor.history import History, Strip

WINDOWS = (60.0, 300.0, 900.0, 3600.0, 4 * 3600.0, 86_400.0)
_JOULES_PER_KWH = 3.6e6


class TableUnwritable(EngineError):
    """The system would not have the file there."""

    code = "table_unwritable"

    def __init__(self, path: Path, error: OSError) -> None:
        self.path, self.why = path, error.strerror or str(error)
        super().__init__(f"{path} could not be written: {self.why}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """One card. `reading` is None once the driver no longer lists it."""

    index: int
    name: str
    reading: GpuReading | None
    usage: CardUsage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that is known of one moment; `at` is on the history's axis."""

    at: float = 0.0
    reading: Reading | None = None
    usage: dict[int, CardUsage] = field(default_factory=dict[int, CardUsage])
    rates: Rates | None = None
    streams: StreamsMoved | None = None


class MonitorPresenter(QObject):
    """Keeps a day. While it is paused it goes on recording, and shows the moment it was paused."""

    ticked = Signal()  # a new reading is to be shown
    changed = Signal()  # usage, rates or answers moved between readings
    turned = Signal()  # another window, paused, or goes on: all is to be shown anew
    exported = Signal(str)  # the file
    failed = Signal(str)  # a sentence

    def __init__(
        self,
        bridge: EngineBridge,
        settings: SettingsFile,
        *,
        wall: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._wall = wall
        self._axis = Axis()
        self._kept: History | None = None
        self._now = Moment()
        self._frozen: Moment | None = None
        self._names: dict[int, str] = {}
        self._seconds = WINDOWS[1]
        self._bridge = bridge
        bridge.happened.connect(self._hear)

    # What is shown

    @property
    def moment(self) -> Moment:
        """The newest, or the one it was paused at."""
        return self._frozen or self._now

    @property
    def live(self) -> Moment:
        """The newest, paused or not: what stands beside the chat."""
        return self._now

    @property
    def cards(self) -> tuple[CardShown, ...]:
        """Every card that was seen, as it is at the moment."""
        return self._cards(self.moment)

    @property
    def live_cards(self) -> tuple[CardShown, ...]:
        """The same, paused or not."""
        return self._cards(self._now)

    @property
    def window_seconds(self) -> float:
        """How much time the charts show."""
        return self._seconds

    @property
    def paused(self) -> bool:
        """Whether the view stands still."""
        return self._frozen is not None

    @property
    def price_per_kwh(self) -> float:
        """As the person set it."""
        return self._settings.settings.price_per_kwh

    @property
    def tokens_per_joule(self) -> float | None:
        """What the energy brings."""
        joules = self._joules_per_token
        return None if joules is None else 1 / joules

    @property
    def cost_per_million(self) -> float | None:
        """Of a million tokens, at the person's price of energy."""
        joules = self._joules_per_token
        return None if joules is None else joules * 1e6 / _JOULES_PER_KWH * self.price_per_kwh

    def strip(self, keys: Sequence[str], seconds: float, until: float, count: int) -> "Strip":
        """Those series in the time before that moment, in so many columns."""
        return self._history.strip(keys, seconds, until, count)

    # What the person does

    def show_window(self, seconds: float) -> None:
        """Look at so much time."""
        if seconds != self._seconds:
            self._seconds = min(WINDOWS[-1], seconds)
            self.turned.emit()

    def pause(self, *, wanted: bool) -> None:
        """Stand still, or go on."""
        if wanted != self.paused:
            self._frozen = self._now if wanted else None
            self.turned.emit()

    def export(self, path: Path) -> None:
        """Write what the window shows as a table; `exported` or `failed` follows."""
        from app.presenters.monitor.table import write_table  # noqa: PLC0415  (numpy)

        keys, at = self._history.keys, self.moment.at
        strands = self._history.strands(keys, self._seconds, at)
        newest = (self._axis.now, self._wall())

        async def write(_: object) -> None:
            try:  # a day of many cards takes a while to be spelled out
                await asyncio.to_thread(write_table, path, keys, strands, newest)
            except OSError as error:
                raise TableUnwritable(path, error) from error

        def written(_: None) -> None:
            self.exported.emit(str(path))

        self._bridge.ask(write, written, self._tell_failure)

    @property
    def _history(self) -> "History":
        """Made with the first reading: the window's first paint does not wait for numpy."""
        if self._kept is None:
            from app.presenters.monitor.history import History  # noqa: PLC0415

            self._kept = History()
        return self._kept

    # What happens

    def _hear(self, event: Event) -> None:
        match event:
            case MachineRead():
                self._read(event.reading)
            case UsageRead():
                self._move(replace(self._now, usage={card.index: card for card in event.cards}))
            case RatesRead():
                self._move(replace(self._now, rates=event.rates))
            case StreamsMoved():
                self._move(replace(self._now, streams=event))
            case ModelMoved(phase=Phase.READY, context_tokens=int(context)):
                at_rest = StreamsMoved(
                    model=event.model,
                    streams=0,
                    decode_tps=0.0,
                    context_used_tokens=0,
                    context_tokens=context,
                )
                self._move(replace(self._now, streams=at_rest))
            case WorkerEnded() | ModelMoved(phase=Phase.STOPPED):
                known = self._now.streams
                if known is not None and known.model == event.model:
                    self._move(replace(self._now, streams=None))
            case _:
                pass

    def _read(self, reading: Reading) -> None:
        at = self._axis.advance(reading.at_seconds, self._wall())
        self._history.push(at, values_of(reading, self._now.rates))
        self._names.update((gpu.index, gpu.name) for gpu in reading.gpus)
        self._now = replace(self._now, at=at, reading=reading)
        self.ticked.emit()

    def _move(self, moment: Moment) -> None:
        self._now = moment
        self.changed.emit()

    def _cards(self, moment: Moment) -> tuple[CardShown, ...]:
        readings = {gpu.index: gpu for gpu in moment.reading.gpus} if moment.reading else {}
        return tuple(
            CardShown(
                index=index,
                name=self._names[index],
                reading=readings.get(index),
                usage=moment.usage.get(index),
            )
            for index in sorted(self._names)
        )

    @property
    def _joules_per_token(self) -> float | None:
        rates = self.moment.rates
        return None if rates is None else rates.joules_per_token or None

    def _tell_failure(self, error: EngineError) -> None:
        if isinstance(error, TableUnwritable):
            says = self.tr("{0} could not be written: {1}.")
            self.failed.emit(says.format(error.path, error.why))
        else:
            self.failed.emit(failures.told(error))
