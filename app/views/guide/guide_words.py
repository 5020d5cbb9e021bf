"""What the guide says of a machine and of an advised model."""

from PySide6.QtCore import QCoreApplication

from app.lists.sizes import decimal_text, size_text
from app.presenters.guide.advice import Advice
from app.views import words
from app.views.discover import offer_words
from engine.download.values import Role
from engine.hardware.machine import Gpu, Machine
from engine.hardware.others import OtherCard


def role(which: Role) -> str:
    """What it is advised for."""
    match which:
        case Role.QUICK:
            return QCoreApplication.translate("guide", "Small and quick")
        case Role.BEST:
            return QCoreApplication.translate("guide", "Best for this computer")
        case Role.BIG:
            return QCoreApplication.translate("guide", "Big, and slower")


def card(gpu: Gpu | OtherCard) -> str:
    """A card and its memory."""
    if gpu.memory_bytes is None:
        return gpu.name
    return f"{gpu.name} · {words.memory(gpu.memory_bytes)}"


def driver(machine: Machine) -> str:
    """The driver and what it is good for; empty where there is none."""
    if machine.driver is None:
        return ""
    if machine.cuda is None:
        return QCoreApplication.translate("guide", "NVIDIA driver {0}").format(machine.driver)
    says = QCoreApplication.translate("guide", "NVIDIA driver {0}, CUDA up to {1}")
    return says.format(machine.driver, ".".join(map(str, machine.cuda)))


def processor(machine: Machine) -> str:
    """Its name and its cores."""
    cores = QCoreApplication.translate("guide", "{0} cores").format(machine.cpu.physical_cores)
    return f"{machine.cpu.name} · {cores}"


def ram(machine: Machine) -> str:
    """How much there is."""
    says = QCoreApplication.translate("guide", "{0} of RAM")
    return says.format(words.memory(machine.memory_bytes))


def room(free_bytes: int | None) -> str:
    """What is free where models go."""
    if free_bytes is None:
        return QCoreApplication.translate("guide", "How much room the disk has is not known")
    says = QCoreApplication.translate("guide", "{0} free for models")
    return says.format(size_text(free_bytes))


def figures(row: Advice) -> tuple[str, ...]:
    """Size, speed and memory: as planned, else as its size lets expect."""
    offer = row.offer
    plan = None if offer is None else offer.plan
    if offer is None or plan is None:
        return _expected(row)
    told = [
        offer.quantization.label,
        offer_words.size(offer),
        offer_words.speed(plan)[0],
        *_memory(row),
        offer_words.verdict(offer.verdict),
    ]
    return tuple(part for part in told if part)


def _expected(row: Advice) -> tuple[str, ...]:
    size = QCoreApplication.translate("guide", "about {0}")
    speed = QCoreApplication.translate("guide", "up to {0} tok/s (estimate)")
    where = (
        QCoreApplication.translate("guide", "Fits the cards")
        if row.advised.on_cards
        else QCoreApplication.translate("guide", "Runs with RAM")
    )
    tps = row.advised.decode_tps
    return (
        size.format(size_text(row.advised.curated.size_bytes)),
        speed.format(decimal_text(tps, 0 if tps >= 10 else 1)),
        where,
    )


def _memory(row: Advice) -> tuple[str, ...]:
    plan = None if row.offer is None else row.offer.plan
    if plan is None:
        return ()
    cards = sum(card.total for card in plan.footprint.cards)
    on_cards = QCoreApplication.translate("guide", "{0} of the cards' memory")
    in_ram = QCoreApplication.translate("guide", "{0} of RAM")
    told = [on_cards.format(words.memory(cards))] if cards else []
    if plan.footprint.host.weights or not cards:
        told.append(in_ram.format(words.memory(plan.footprint.host.total)))
    return tuple(told)
