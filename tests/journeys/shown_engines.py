"""Engines for pictures: of machines that are not here."""

from dataclasses import replace

from typing_extensions import override

from app.bridge import EngineSurface
from engine.config import Home, LoadWish, read_config
from engine.engine import Engine
from engine.fit.plan import Plan
from engine.fit.rig import Card
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.hardware.machine import Gpu, Machine
from tests.support.engine import FakeEngine
from tests.support.monitoring import minutes


class MeasuredEngine(FakeEngine):
    """Tells five minutes of a machine with that many cards as soon as it runs."""

    def __init__(self, cards: int) -> None:
        super().__init__(("unsloth/Qwen3-30B-A3B-GGUF:Q4_K_M",))
        self._cards = cards

    @override
    async def start(self) -> None:
        await super().start()
        for event in minutes(self._cards):
            self.tell(event)


def elsewhere(home: Home) -> EngineSurface:
    """The engine of that home, which can be told to plan for another machine."""
    return ElsewhereEngine(home, read_config(home.engine_toml))


class ElsewhereEngine(Engine):
    """The real engine, but for the machine it plans on where one was named."""

    named: str | None = None

    @override
    def machine(self) -> Machine:
        here = super().machine()
        if ElsewhereEngine.named is None:
            return here
        cards = parse_rig(ElsewhereEngine.named, read_catalogue()).cards
        return replace(here, gpus=tuple(map(gpu_of, cards)))

    @override
    async def plan(
        self,
        model: str,
        wish: LoadWish,
        *,
        machine: str | None = None,
        exact: bool = False,
        upgrades: bool = False,
    ) -> Plan:
        there = machine or ElsewhereEngine.named
        return await super().plan(model, wish, machine=there, exact=exact, upgrades=upgrades)


def gpu_of(card: Card) -> Gpu:
    """The card as a driver would list it."""
    return Gpu(
        index=card.number,
        name=card.name,
        uuid=None,
        memory_bytes=card.memory_bytes,
        compute_capability=card.compute_capability,
        pcie_generation=None,
        pcie_width=None,
        power_limit_watts=card.power_watts,
    )
