"""What kinds of alerts are called, and when one was."""

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from app.lists.chats_words import moment_text
from app.theme.icons import IconName
from app.views import words
from engine.monitor.values import Alert, AlertKind


def kind_name(kind: AlertKind) -> str:  # noqa: C901, PLR0911, PLR0912  (one line for each kind)
    """A short title."""
    match kind:
        case AlertKind.MEMORY_HIGH:
            return QCoreApplication.translate("alerts", "Card nearly full")
        case AlertKind.MEMORY_SHORT:
            return QCoreApplication.translate("alerts", "Card out of room")
        case AlertKind.HOT:
            return QCoreApplication.translate("alerts", "Card is hot")
        case AlertKind.THROTTLED:
            return QCoreApplication.translate("alerts", "Card slows itself down")
        case AlertKind.POWER_LIMITED:
            return QCoreApplication.translate("alerts", "Held back by the power limit")
        case AlertKind.LINK_NARROW:
            return QCoreApplication.translate("alerts", "Slow PCIe link")
        case AlertKind.SPILLED:
            return QCoreApplication.translate("alerts", "Card memory in RAM")
        case AlertKind.SWAPPING:
            return QCoreApplication.translate("alerts", "RAM is swapped out")
        case AlertKind.SLOW:
            return QCoreApplication.translate("alerts", "Slower than foretold")
        case AlertKind.FAILING:
            return QCoreApplication.translate("alerts", "Answers fail")
        case AlertKind.ON_PROCESSOR:
            return QCoreApplication.translate("alerts", "Runs on the processor")
        case _:
            assert_never(kind)


def kind_icon(kind: AlertKind) -> IconName:  # noqa: PLR0911  (as above)
    """A picture of it."""
    match kind:
        case AlertKind.MEMORY_HIGH | AlertKind.MEMORY_SHORT | AlertKind.SPILLED:
            return "memory"
        case AlertKind.HOT | AlertKind.THROTTLED:
            return "thermometer"
        case AlertKind.POWER_LIMITED:
            return "lightning"
        case AlertKind.LINK_NARROW:
            return "link"
        case AlertKind.SWAPPING:
            return "drives"
        case AlertKind.SLOW:
            return "speed"
        case AlertKind.FAILING:
            return "warning"
        case AlertKind.ON_PROCESSOR:
            return "cpu"
        case _:
            assert_never(kind)


def only_tells(kind: AlertKind) -> bool:
    """Whether nothing is broken: it is only worth knowing."""
    return kind in {AlertKind.POWER_LIMITED, AlertKind.LINK_NARROW}


def when(alert: Alert, *, raised: bool) -> str:
    """When it began, and how long it was."""
    began = moment_text(alert.began_at)
    if raised:
        return QCoreApplication.translate("alerts", "since {0}").format(began)
    if alert.ended_at is None:
        return began
    return QCoreApplication.translate("alerts", "{0} · for {1}").format(
        began, words.duration((alert.ended_at - alert.began_at).total_seconds())
    )
