"""Estimates from a file's size alone, for lists of what nobody has looked into. Pure."""

from enum import StrEnum

from engine.fit.rig import Rig

# A short context, its buffers and what every model brings along, beside the weights.
_SHARE = 1.04
_OTHER_BYTES = 900_000_000


class Fit(StrEnum):
    """Where a model of some size would lie: it is an estimate, and to be shown as one."""

    CARDS = "cards"  # on the cards alone
    RAM = "ram"  # on the cards and in RAM, or in RAM alone
    NEITHER = "neither"


def estimate(size_bytes: int, rig: Rig) -> Fit:
    """Where so many bytes of weights would lie on that rig."""
    needed = size_bytes * _SHARE + _OTHER_BYTES
    cards = room_on_cards(rig)
    if needed <= cards:
        return Fit.CARDS
    return Fit.RAM if needed <= cards + rig.board.free_bytes else Fit.NEITHER


def room_on_cards(rig: Rig) -> int:
    """What all cards hold together, the driver's share of each taken off."""
    return sum(max(0, card.free_bytes - card.residual_peak_bytes) for card in rig.cards)


def rough_speed(size_bytes: int, active_share: float, rig: Rig) -> float:
    """Tokens a second if nothing but reading took time; what the cards cannot hold is in RAM."""
    total = size_bytes * _SHARE
    on_cards = min(1.0, max(0, room_on_cards(rig) - _OTHER_BYTES) / total)
    read = size_bytes * min(1.0, active_share)
    held = [max(1, card.free_bytes) for card in rig.cards]
    seconds = read * (1 - on_cards) / rig.board.bytes_per_second
    if held:
        share = sum(
            size / card.bytes_per_second for size, card in zip(held, rig.cards, strict=True)
        )
        seconds += read * on_cards * share / sum(held)
    return 1 / max(seconds, 1e-6)
