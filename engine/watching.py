"""Watching: readings of the hardware and facts of the workers, told as usage, rates and alerts."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.background.words import Placed
from engine.config import AlertSettings, LoadWish
from engine.events import AlertMoved, Event, MachineRead, RatesRead, UsageRead
from engine.fit.rig import Card
from engine.hardware.activity import Watched
from engine.hardware.calibration import Calibration
from engine.hardware.machine import Machine, Reading
from engine.hardware.nvml import NvmlLibrary
from engine.hardware.sampler import Sampler
from engine.host.facts import AnswerEnded, ModelMoved, Phase, StreamsMoved
from engine.host.holding import Holding
from engine.host.host import Host
from engine.host.worker_process import HostFact
from engine.monitor.alerting import Alerting
from engine.monitor.rates import Account
from engine.monitor.signs import Facts
from engine.monitor.usage import Idle, Known, Tenant, idle_of, usages
from engine.monitor.values import CardUsage, Rates
from engine.pack.cards import supposed
from engine.planner.outcomes import Outcomes
from engine.planner.planner import Planner, Present
from engine.protocol.load import SplitMode

# A dry run before a load holds memory of the card for a few seconds, too: what was there without
# us is the least of so many readings.
_IDLE_READINGS = 30
_MOST_PERIODS = 6


class Watching:
    """Hears the sampler's readings and the host's facts; tells MachineRead, UsageRead, RatesRead,
    and AlertMoved once `alert` was called.

    Belongs to the engine's loop, which `open` finds; only the sampler has a thread of its own.
    """

    def __init__(
        self,
        host: Host,
        planner: Planner,
        outcomes: Outcomes,
        tell: Callable[[Event], None],
        library: NvmlLibrary | None = None,
    ) -> None:
        self.reading: Reading | None = None
        self._next = asyncio.Event()
        self._period_seconds = 0.0
        self._host = host
        self._planner = planner
        self._outcomes = outcomes
        self._tell = tell
        self._account = Account()
        self._worked: set[str] = set()
        self._idle: dict[int, deque[Idle]] = {}
        self._was_idle = True
        self._cards: dict[int, Card] = {}
        self._cards_by: tuple[Calibration | None] | None = None
        self._usage: tuple[CardUsage, ...] = ()
        self._rates = Rates()
        self._library = library
        self._sampler: Sampler | None = None
        self._machine: Machine | None = None
        self._alerts: Alerting | None = None

    # --- life ------------------------------------------------------------------------------

    def alert(self, log: Path, settings: Callable[[], AlertSettings]) -> Alerting:
        """Look at every reading for what is wrong, and keep a log of it."""
        self._alerts = Alerting(log, settings, lambda alert: self._tell(AlertMoved(alert=alert)))
        return self._alerts

    def open(self, watched: Watched, period_seconds: float, machine: Machine) -> None:
        """Begin to read the hardware of that machine."""
        self._machine = machine
        self._period_seconds = period_seconds
        loop = asyncio.get_running_loop()

        def tell(reading: Reading) -> None:
            loop.call_soon_threadsafe(self.read, reading)

        self._sampler = Sampler(period_seconds, tell, watched=watched, library=self._library)
        self._sampler.start()

    def set_period(self, seconds: float) -> None:
        """Read that often from now on."""
        self._period_seconds = seconds
        if self._sampler is not None:
            self._sampler.set_period(seconds)

    async def after(self, moment: float) -> None:
        """Returns with a reading that was begun after that moment of time.monotonic(), or when it
        has been waited for long enough: a driver may hang."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST_PERIODS * self._period_seconds):
                while self.reading is None or self.reading.at_seconds < moment:
                    await self._next.wait()

    def present(self, machine: Machine, calibration: Calibration | None) -> Present:
        """The machine as it is now, for a plan."""
        held = self._host.held()
        return Present(
            machine=machine,
            reading=supposed(self.reading, machine, held.cards),
            calibration=calibration,
            held=held.cards,
            held_ram=held.ram,
        )

    async def settled(self, machine: Machine) -> None:
        """Returns once the cards were read again since a worker came or went."""
        if machine.gpus:
            await self.after(self._host.moved_at_seconds)

    async def close(self) -> None:
        """Read no more."""
        if self._sampler is not None:
            await asyncio.to_thread(self._sampler.stop)

    # --- what it tells ---------------------------------------------------------------------

    def usage(self) -> tuple[CardUsage, ...]:
        """What each card's memory is used for, as of the last reading."""
        return self._usage

    def rates(self) -> Rates:
        """What the engine did lately, as of the last reading."""
        return self._rates

    # --- what it hears ---------------------------------------------------------------------

    def hear(self, fact: HostFact) -> None:
        """Something happened in a worker."""
        now = time.monotonic()
        match fact:
            case AnswerEnded():
                self._account.ended(fact, now)
                if self._alerts is not None:
                    self._alerts.answered(failed=fact.failed)
            case StreamsMoved():
                self._account.moved(fact, now)
                if fact.tokens > 0 or fact.context_used_tokens > 0:
                    self._worked.add(fact.model)
            case ModelMoved() if fact.phase in {Phase.LOADING, Phase.STOPPED}:
                self._worked.discard(fact.model)
                self._account.gone(fact.model)
            case _:
                pass

    def read(self, reading: Reading) -> None:
        """The hardware was read: tell it, and what it means."""
        self.reading = reading
        heard, self._next = self._next, asyncio.Event()
        heard.set()
        holdings = self._host.holdings()
        self._note_idle(reading, idle=not holdings)
        tenants = tuple(self._tenant(holding) for holding in holdings)
        known = Known(
            tenants=tenants,
            pids=frozenset(one.pid for one in holdings if one.pid is not None),
            cards=self._rig_cards(),
            idle={number: _least(readings) for number, readings in self._idle.items()},
        )
        self._usage = usages(reading, known)
        cards = {card for tenant in tenants for card in tenant.cards}
        self._rates = self._account.read(reading, self._host.traffic(), cards)
        self._tell(MachineRead(reading=reading))
        self._tell(UsageRead(cards=self._usage))
        self._tell(RatesRead(rates=self._rates))
        self._look(reading)

    # --- inside ----------------------------------------------------------------------------

    def _look(self, reading: Reading) -> None:
        if self._alerts is None:
            return
        loaded = self._host.loaded
        self._alerts.look(
            Facts(
                reading=reading,
                rates=self._rates,
                machine=self._machine,
                outcome=None if loaded is None else self._outcomes.now(loaded, reading),
                loaded=loaded is not None,
            )
        )

    def _note_idle(self, reading: Reading, *, idle: bool) -> None:
        """Remember what the cards hold without us. A reading may be older than the end of a
        worker: it counts if there was none at the one before, either."""
        if idle and self._was_idle:
            for gpu in reading.gpus:
                if (found := idle_of(gpu)) is not None:
                    kept = self._idle.setdefault(gpu.index, deque(maxlen=_IDLE_READINGS))
                    kept.append(found)
        self._was_idle = idle

    def _tenant(self, holding: Holding) -> Tenant:
        foretold = self._outcomes.foretold(holding.model)
        ready = holding.ready
        # What was foretold is the first replica's load.
        foretold = None if holding.replica else foretold
        footprint = () if foretold is None else foretold.plan.footprint.cards
        return Tenant(
            model=holding.model,
            loading=ready is None,
            devices=() if ready is None else ready.devices,
            projector_bytes=_projector_bytes(holding, foretold),
            planned={card.number: card for card in footprint},
            longer_bytes={} if foretold is None else foretold.longer_bytes,
            cells=0 if ready is None else ready.context_tokens,
            cells_used=holding.cells_used,
            streams=1 if ready is None else ready.streams,
            working=holding.model in self._worked,
            split=holding.spec.split_mode is SplitMode.TENSOR and len(footprint) != 1,
        )

    def _rig_cards(self) -> dict[int, Card]:
        """What is known of CUDA's share; anew when this machine was measured anew."""
        calibration = self._planner.calibration
        if self._cards_by is None or self._cards_by[0] is not calibration or not self._cards:
            self._cards_by = (calibration,)
            self._cards = {card.number: card for card in self._planner.rig(LoadWish()).cards}
        return self._cards


def _least(readings: deque[Idle]) -> Idle:
    return Idle(
        used_bytes=min(idle.used_bytes for idle in readings),
        rest_bytes=min(idle.rest_bytes for idle in readings),
    )


def _projector_bytes(holding: Holding, foretold: Placed | None) -> dict[int, int]:
    """A projector lies on the first card in use; one that did not fit was left out."""
    spec, ready = holding.spec, holding.ready
    left_out = ready is not None and not ready.sees
    if foretold is None or spec.projector is None or left_out or not foretold.projector_bytes:
        return {}
    cards = foretold.plan.layout.cards
    return {cards[0]: foretold.projector_bytes} if cards else {}
