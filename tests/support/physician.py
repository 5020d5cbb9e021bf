"""A doctor that finds what it is told to. `holds` keeps it half way until it is cancelled."""

import asyncio
from collections.abc import Callable

from engine.doctor.doctor import Findings
from engine.doctor.judged import failed, passed, warned
from engine.doctor.report import Private, report
from engine.errors import EngineError
from engine.fit.saying import say
from engine.monitor.values import Check

CHECKS = (
    passed("driver", say("NVIDIA's driver {driver}, for CUDA up to {cuda}.", driver="1", cuda="2")),
    warned(
        "link 1",
        say(
            "{card} is linked by {width} lanes of PCIe; it could have {most}.",
            card="A card",
            width=8,
            most=16,
        ),
        say(
            "Some cards close lanes while they rest: look again under load. If it stays, put "
            "the card into another slot, seat it anew, or change the riser."
        ),
    ),
    failed(
        "folders",
        say("Nothing can be written to {names:names}.", names=("a folder",)),
        say("Give yourself the right to write there, or free some room."),
    ),
)


class FakeDoctor:
    def __init__(self) -> None:
        self.checks: tuple[Check, ...] = CHECKS
        self.failure: EngineError | None = None
        self.holds = False
        self.cancelled = False
        self.times = 0

    async def examine(
        self, progress: Callable[[float], None] | None = None, /, *, quick: bool = False
    ) -> Findings:
        self.times += 1
        if progress is not None:
            progress(0.5)
        if self.failure is not None:
            raise self.failure
        if self.holds:
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                self.cancelled = True
        return Findings(checks=self.checks, report=report(self.checks, "Fullbore", Private()))
