"""Which pack fits a driver and its cards. Pure.

CUDA 13 runs from driver 580 on and for compute capability 7.5 and later, CUDA 12 from 525 on and
for 5.0 and later (docs.nvidia.com: CUDA compatibility, minor versions; release notes of 13.0).
Vulkan's is for cards of AMD and Intel where there is none of NVIDIA's.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.fit.saying import Saying, say
from engine.hardware.machine import Gpu, Machine
from engine.pack.values import PackKind, PackState

_DRIVER_13, _DRIVER_12 = 580, 525
_CARD_13, _CARD_12 = (7, 5), (5, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """NEEDLESS, OFFERED with its kind, or REFUSED; and why, and what a person can do."""

    state: PackState
    kind: PackKind | None = None
    reason: Saying | None = None
    remedy: Saying | None = None


def choose(machine: Machine, made: Collection[PackKind], *, built_in: bool = False) -> Choice:
    """The pack for that machine, of those that are made for its system.

    `built_in`: the library that is installed serves cards without any pack.
    """
    if built_in:
        return _needless(say("Fullbore's library has all that the card needs."))
    if not machine.gpus and machine.others and PackKind.VULKAN in made:
        names = tuple(card.name for card in machine.others)
        reason = say(
            "Models run on {cards:names} through Vulkan. How busy it is, the monitor cannot tell.",
            cards=names,
        )
        return Choice(state=PackState.OFFERED, kind=PackKind.VULKAN, reason=reason)
    if machine.driver is None and not machine.gpus:
        return _needless(say("There is no NVIDIA card: models run on the processor."))
    if not machine.gpus:
        return _needless(say("NVIDIA's driver answers, but shows no card."))
    if not made:
        return _needless(say("No pack is made for this system."))
    return _for_cards(machine, made)


def _for_cards(machine: Machine, made: Collection[PackKind]) -> Choice:
    driver = _major(machine.driver)
    of_12 = [gpu for gpu in machine.gpus if _ability(gpu) >= _CARD_12]
    of_13 = [gpu for gpu in of_12 if _ability(gpu) >= _CARD_13]
    if not of_12:
        return _too_old(machine.gpus[0].name)
    if driver is not None and driver < _DRIVER_12:
        return _update(machine, _DRIVER_12)
    newest = PackKind.CUDA_13 in made and (driver is None or driver >= _DRIVER_13)
    # One pack serves all cards: an old one beside a new one decides, where there is the choice.
    if newest and of_13 and (of_13 == of_12 or PackKind.CUDA_12 not in made):
        return _offered(PackKind.CUDA_13, of_13)
    if PackKind.CUDA_12 in made:
        return _offered(PackKind.CUDA_12, of_12)
    return _update(machine, _DRIVER_13) if of_13 else _too_old(of_12[0].name)


def _ability(gpu: Gpu) -> tuple[int, int]:
    """A driver that does not tell it is hoped to serve a card of these years."""
    return gpu.compute_capability or _CARD_13


def _too_old(card: str) -> Choice:
    return Choice(
        state=PackState.REFUSED,
        reason=say("{card} is too old for every CUDA that llama.cpp is built with.", card=card),
        remedy=say("Models run on the processor. An NVIDIA card of the RTX series would serve."),
    )


def _update(machine: Machine, least: int) -> Choice:
    return Choice(
        state=PackState.REFUSED,
        reason=say(
            "NVIDIA's driver {driver} is too old: at least {least} is needed.",
            driver=machine.driver or "?",
            least=least,
        ),
        remedy=say("Update NVIDIA's driver, to 580 or later if there is one for the card."),
    )


def _offered(kind: PackKind, cards: Sequence[Gpu]) -> Choice:
    names = tuple(card.name for card in cards)
    match kind:
        case PackKind.CUDA_12:
            reason = say(
                "Models run many times faster on {cards:names}, with CUDA 12.", cards=names
            )
        case _:
            reason = say("Models run many times faster on {cards:names}.", cards=names)
    return Choice(state=PackState.OFFERED, kind=kind, reason=reason)


def _needless(reason: Saying) -> Choice:
    return Choice(state=PackState.NEEDLESS, reason=reason)


def _major(driver: str | None) -> int | None:
    """580 of "580.65.06"; None where it tells nothing of the kind."""
    word = (driver or "").partition(".")[0]
    return int(word) if word.isdecimal() else None
