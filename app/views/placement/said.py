"""What the panel says in words, and which colour stands for what."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from app.presenters.placement.places import PartKind, Place
from app.theme.tokens import Tokens
from app.views import words
from engine.fit.layout import Layout
from engine.fit.plan import Plan

_DARKER = 128

KINDS: tuple[PartKind, ...] = ("weights", "kv", "compute", "driver", "other", "reserve")


def part_name(kind: PartKind) -> str:
    """What that part is."""
    match kind:
        case "weights":
            return QCoreApplication.translate("placement", "Weights")
        case "kv":
            return QCoreApplication.translate("placement", "KV cache")
        case "compute":
            return QCoreApplication.translate("placement", "Compute")
        case "driver":
            return QCoreApplication.translate("placement", "Driver")
        case "other":
            return QCoreApplication.translate("placement", "Other programs")
        case "reserve":
            return QCoreApplication.translate("placement", "Reserve")


def _short_name(kind: PartKind) -> str:
    """Where all of them stand in one line."""
    return QCoreApplication.translate("placement", "Others") if kind == "other" else part_name(kind)


def part_colour(tokens: Tokens, kind: PartKind) -> QColor:
    """The colour that stands for that part everywhere."""
    match kind:
        case "weights":
            return QColor(tokens.weights)
        case "kv":
            return QColor(tokens.kv)
        case "compute":
            return QColor(tokens.compute)
        case "driver":
            return QColor(tokens.driver)
        case "other":
            return QColor(tokens.other)
        case "reserve":
            return QColor(tokens.faint)


def owner_colour(tokens: Tokens, number: int | None) -> QColor:
    """Of a place in the row of layers: RAM is grey, cards are two blues by turns."""
    if number is None:
        return QColor(tokens.pressed)
    weights = QColor(tokens.weights)
    return weights if number % 2 == 0 else weights.darker(_DARKER)


def owner_ink(tokens: Tokens, number: int | None) -> QColor:
    """What is written on that colour."""
    return QColor(tokens.text if number is None else tokens.on_accent)


def place_name(number: int | None) -> str:
    """Short: GPU 0, RAM."""
    if number is None:
        return QCoreApplication.translate("placement", "RAM")
    return QCoreApplication.translate("placement", "GPU {0}").format(number)


def short_card(name: str) -> str:
    """The card's name without its maker's, which is the same on all of them."""
    for maker in ("NVIDIA ", "GeForce "):
        name = name.removeprefix(maker)
    return name


def layers(count: int) -> str:
    """How many layers."""
    if count == 1:
        return QCoreApplication.translate("placement", "1 layer")
    return QCoreApplication.translate("placement", "{0} layers").format(count)


def filled(place: Place) -> str:
    """How full a place would be: held and total, without what is kept free."""
    held = sum(part.size_bytes for part in place.parts if part.kind != "reserve")
    return words.memory_of(held, place.capacity_bytes)


def sizes(place: Place) -> str:
    """Every part of a place in words; the reserve has a field of its own."""
    said = [
        f"{_short_name(part.kind)} {words.memory(part.size_bytes)}"
        for part in place.parts
        if part.kind != "reserve"
    ]
    free = QCoreApplication.translate("placement", "Free")
    return "   ".join((*said, f"{free} {words.memory(place.free_bytes)}"))


def over(place: Place) -> str:
    """By how much it is too much, and what that means."""
    size = words.memory(place.over_bytes)
    if place.number is None:
        return QCoreApplication.translate("placement", "{0} from disk").format(size)
    return QCoreApplication.translate("placement", "{0} too much").format(size)


def split_mode(mode: str) -> str:
    """One of llama.cpp's ways to divide a model over cards."""
    match mode:
        case "none":
            return QCoreApplication.translate("placement", "One GPU")
        case "tensor":
            return QCoreApplication.translate("placement", "By tensor")
        case _:
            return QCoreApplication.translate("placement", "By layer")


def differences(now: Plan, then: Plan) -> list[str]:
    """What another plan does differently, the weightiest first; where it lies if nothing else."""
    said: list[str] = []
    if then.model != now.model:
        said.append(then.quantization or then.model)
    a, b = now.layout, then.layout
    if a.context_tokens != b.context_tokens:
        said.append(QCoreApplication.translate("placement", "context {0}").format(_count(b)))
    if a.cache_type != b.cache_type:
        said.append(QCoreApplication.translate("placement", "cache {0}").format(b.cache_type))
    if _lies(a) != _lies(b):
        said.append(lies(b))
    if len(a.cpu_experts) != len(b.cpu_experts):
        experts = QCoreApplication.translate("placement", "experts of {0} in RAM")
        said.append(experts.format(layers(len(b.cpu_experts))))
    if a.micro_batch_tokens != b.micro_batch_tokens:
        batch = QCoreApplication.translate("placement", "micro-batch {0}")
        said.append(batch.format(b.micro_batch_tokens))
    if a.streams != b.streams:
        said.append(QCoreApplication.translate("placement", "{0} streams").format(b.streams))
    return said or [lies(b)]


def lies(layout: Layout) -> str:
    """Where the layers lie."""
    if not layout.cards:
        return QCoreApplication.translate("placement", "all in RAM")
    if layout.split_mode == "tensor":
        shares = " : ".join(f"{share * 100:.0f}" for share in layout.shares)
        return QCoreApplication.translate("placement", "by tensor {0}").format(shares)
    pairs = zip(layout.cards, layout.layer_counts, strict=True)
    return " + ".join(f"{place_name(card)}: {layers(count)}" for card, count in pairs)


def _lies(layout: Layout) -> tuple[object, ...]:
    return (layout.cards, layout.layer_counts, str(layout.split_mode), layout.shares)


def _count(layout: Layout) -> str:
    return words.count(layout.context_tokens)
