"""What a card's memory is used for, in words and colours, and as parts of a bar."""

from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from app.theme.tokens import Tokens
from app.views import words
from app.widgets.stacked_bar import BarPart
from app.widgets.swatches import Swatch
from engine.hardware.machine import Throttle
from engine.monitor.values import CardUsage, Purpose, Share

_PALER = 135
_PALE = 0.45
_MENTIONED = 16 << 20  # smaller differences from the plan are not worth a word
_HATCHED = frozenset({Purpose.KV_RESERVED, Purpose.UNEXPLAINED})


def purpose_name(purpose: Purpose) -> str:
    """What that is."""
    match purpose:
        case Purpose.WEIGHTS:
            told = QCoreApplication.translate("monitor", "Weights")
        case Purpose.KV_USED:
            told = QCoreApplication.translate("monitor", "KV in use")
        case Purpose.KV_RESERVED:
            told = QCoreApplication.translate("monitor", "KV reserved")
        case Purpose.COMPUTE:
            told = QCoreApplication.translate("monitor", "Compute")
        case Purpose.PROJECTOR:
            told = QCoreApplication.translate("monitor", "Projector")
        case Purpose.DRAFT:
            told = QCoreApplication.translate("monitor", "Draft model")
        case Purpose.DRIVER:
            told = QCoreApplication.translate("monitor", "CUDA and driver")
        case Purpose.OTHER:
            told = QCoreApplication.translate("monitor", "Other programs")
        case Purpose.UNEXPLAINED:
            told = QCoreApplication.translate("monitor", "Unexplained")
        case _:
            assert_never(purpose)
    return told


def purpose_colour(tokens: Tokens, purpose: Purpose) -> QColor:
    """The colour that stands for it everywhere."""
    match purpose:
        case Purpose.WEIGHTS:
            told = QColor(tokens.weights)
        case Purpose.KV_USED | Purpose.KV_RESERVED:
            told = QColor(tokens.kv)
        case Purpose.COMPUTE:
            told = QColor(tokens.compute)
        case Purpose.PROJECTOR:
            told = QColor(tokens.compute).darker(_PALER)
        case Purpose.DRAFT:
            told = QColor(tokens.weights).darker(_PALER)
        case Purpose.DRIVER:
            told = QColor(tokens.driver)
        case Purpose.OTHER:
            told = QColor(tokens.other)
        case Purpose.UNEXPLAINED:
            told = QColor(tokens.faint)
        case _:
            assert_never(purpose)
    return told


def quiet_colour(tokens: Tokens, purpose: Purpose) -> QColor:
    """Where nothing can be hatched: what would be is pale."""
    colour = purpose_colour(tokens, purpose)
    if purpose in _HATCHED:
        colour.setAlphaF(_PALE)
    return colour


def short_card(name: str) -> str:
    """The card's name without its maker's, which is the same on all of them."""
    for maker in ("NVIDIA ", "GeForce "):
        name = name.removeprefix(maker)
    return name


def parts(usage: CardUsage, tokens: Tokens) -> list[BarPart]:
    """Of the bar."""
    return [
        BarPart(
            size=share.size_bytes,
            colour=purpose_colour(tokens, share.purpose),
            says=_told(share, named=True),
            hatched=share.purpose in _HATCHED,
        )
        for share in usage.shares
        if share.size_bytes > 0
    ]


def legend(usage: CardUsage, tokens: Tokens) -> list[Swatch]:
    """One entry for each purpose, other programs by their names."""
    return [
        Swatch(
            colour=purpose_colour(tokens, share.purpose),
            says=_told(share, named=share.purpose is Purpose.OTHER),
            hatched=share.purpose in _HATCHED,
        )
        for share in _together(usage.shares)
    ]


def short_legend(usage: CardUsage, tokens: Tokens) -> list[Swatch]:
    """The names alone, as there is little room; empty cells of the cache count as the cache."""
    seen: dict[str, Swatch] = {}
    for share in usage.shares:
        if share.size_bytes > 0:
            name = short_name(share.purpose)
            colour = purpose_colour(tokens, share.purpose)
            hatched = share.purpose is Purpose.UNEXPLAINED
            seen.setdefault(name, Swatch(colour=colour, says=name, hatched=hatched))
    return list(seen.values())


def short_name(purpose: Purpose) -> str:
    """In one word."""
    match purpose:
        case Purpose.KV_USED | Purpose.KV_RESERVED:
            return QCoreApplication.translate("monitor", "KV")
        case Purpose.DRIVER:
            return QCoreApplication.translate("monitor", "driver")
        case Purpose.OTHER:
            return QCoreApplication.translate("monitor", "other")
        case _:
            return purpose_name(purpose).lower()


def hints(usage: CardUsage) -> str:
    """What would come on top."""
    told: list[str] = []
    if usage.next_chat_bytes is not None:
        says = QCoreApplication.translate("monitor", "One more chat: +{0}")
        told.append(says.format(words.memory(usage.next_chat_bytes)))
    if usage.longer_bytes is not None:
        says = QCoreApplication.translate("monitor", "Twice the context: +{0}")
        told.append(says.format(words.memory(usage.longer_bytes)))
    return " · ".join(told)


def throttle_name(why: Throttle) -> str:
    """Why a card runs slower than it could."""
    match why:
        case Throttle.POWER:
            return QCoreApplication.translate("monitor", "slowed by its power limit")
        case Throttle.HEAT:
            return QCoreApplication.translate("monitor", "slowed by heat")
        case Throttle.HARDWARE:
            return QCoreApplication.translate("monitor", "slowed by the board")
        case Throttle.SYNC:
            return QCoreApplication.translate("monitor", "slowed to stay in step with others")
        case _:
            assert_never(why)


def _together(shares: Sequence[Share]) -> list[Share]:
    """Several models' shares of one purpose are one entry; other programs stay apart."""
    found: dict[tuple[Purpose, str], Share] = {}
    for share in shares:
        key = (share.purpose, share.name if share.purpose is Purpose.OTHER else "")
        known = found.get(key)
        if known is not None:
            planned = [one.planned_bytes for one in (known, share)]
            share = Share(  # noqa: PLW2901
                purpose=share.purpose,
                size_bytes=known.size_bytes + share.size_bytes,
                name=known.name,
                planned_bytes=sum(one for one in planned if one is not None)
                if None not in planned
                else None,
            )
        found[key] = share
    return [share for share in found.values() if share.size_bytes > 0]


def _told(share: Share, *, named: bool) -> str:
    name = share.name if named and share.name else ""
    label = purpose_name(share.purpose)
    if name:
        label = name if share.purpose is Purpose.OTHER else f"{label} ({name})"
    told = f"{label} {words.memory(share.size_bytes)}"
    planned = share.planned_bytes
    if planned is not None and abs(planned - share.size_bytes) >= _MENTIONED:
        says = QCoreApplication.translate("monitor", "planned {0}")
        told += f" ({says.format(words.memory(planned))})"
    return told
