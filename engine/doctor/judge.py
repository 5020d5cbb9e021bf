"""From facts to checks."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from engine.doctor.facts import (
    DriverFacts,
    Fact,
    FoldersFacts,
    LibraryFacts,
    Lost,
    MemoryFacts,
    OpeningFacts,
    PortFacts,
    ProgramsFacts,
    ReadingFacts,
    SystemFacts,
)
from engine.doctor.judge_board import (
    judge_folders,
    judge_memory,
    judge_opening,
    judge_port,
    judge_programs,
    judge_reading,
    judge_system,
)
from engine.doctor.judge_cards import judge_each
from engine.doctor.judge_library import (
    judge_cards,
    judge_driver,
    judge_library,
    judge_proof,
    judge_variables,
)
from engine.doctor.judged import failed, warned
from engine.fit.saying import say
from engine.monitor.values import Check


def judge(
    facts: Mapping[str, Fact | None], library: LibraryFacts | None, *, own_port: bool
) -> tuple[Check, ...]:
    """All checks, cards first. What was not looked at is not judged."""
    driver, system = facts.get("driver"), facts.get("system")
    known = driver if isinstance(driver, DriverFacts) else None
    variables = system.variables if isinstance(system, SystemFacts) else {}
    checks = [check for fact in (driver,) for check in _of(fact, own_port=own_port)]
    if library is not None:
        checks.append(judge_library(library, known))
        if known is not None:
            checks += judge_cards(library, known, variables)
        if library.tried:
            checks += (judge_proof(number, device) for number, device in enumerate(library.devices))
    if known is not None:
        checks += judge_each(known)
    if isinstance(system, SystemFacts) and (known is None or known.cards or known.device):
        checks.append(judge_variables(variables))
    for step, fact in facts.items():
        if step != "driver":
            checks += _of(fact, own_port=own_port)
    return tuple(checks)


def _of(fact: Fact | None, *, own_port: bool) -> Iterator[Check]:  # noqa: C901, PLR0912 one row a fact
    match fact:
        case None:
            return
        case DriverFacts():
            yield judge_driver(fact)
        case SystemFacts():
            yield from judge_system(fact)
        case MemoryFacts():
            yield from judge_memory(fact)
        case FoldersFacts():
            yield from judge_folders(fact)
        case PortFacts():
            yield judge_port(fact, own=own_port)
        case ProgramsFacts():
            yield judge_programs(fact)
        case ReadingFacts():
            yield judge_reading(fact)
        case OpeningFacts():
            yield judge_opening(fact)
        case Lost():
            yield _lost(fact)
        case _:
            assert_never(fact)


def _lost(lost: Lost) -> Check:
    judged = failed if lost.step == "driver" else warned
    detail = (
        say("This hung as it was looked at.")
        if lost.how == "hung"
        else say("This could not be looked at.")
    )
    remedy = (
        say("Restart the computer; if it hangs again, install NVIDIA's driver anew.")
        if lost.step == "driver"
        else say("Run this again; if it stays, the log says more.")
    )
    return judged(lost.step, detail, remedy)
