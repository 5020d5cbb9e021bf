"""What is said of keys and requests, in the window's language."""

from datetime import datetime
from typing import assert_never

from PySide6.QtCore import QCoreApplication

from app.lists.sizes import day_text, time_text, whole_text
from engine.access import Limits, Scope
from engine.host.facts import Phase


def scope_sentence(scope: Scope) -> str:
    """What a key with it may do."""
    match scope:
        case Scope.ANSWERS:
            return QCoreApplication.translate("ServerWords", "Ask models: chats, texts, vectors")
        case Scope.MODELS:
            return QCoreApplication.translate("ServerWords", "Load, unload and download models")
        case Scope.METRICS:
            return QCoreApplication.translate("ServerWords", "Read the metrics")
        case _:
            assert_never(scope)


def scope_name(scope: Scope) -> str:
    """The same in a word."""
    match scope:
        case Scope.ANSWERS:
            return QCoreApplication.translate("ServerWords", "answers")
        case Scope.MODELS:
            return QCoreApplication.translate("ServerWords", "models")
        case Scope.METRICS:
            return QCoreApplication.translate("ServerWords", "metrics")
        case _:
            assert_never(scope)


def limits_text(limits: Limits) -> str:
    """What a key may ask, in short."""
    told: list[str] = []
    if limits.requests_per_minute is not None:
        says = QCoreApplication.translate("ServerWords", "{0} a minute")
        told.append(says.format(whole_text(limits.requests_per_minute)))
    if limits.at_once is not None:
        says = QCoreApplication.translate("ServerWords", "{0} at once")
        told.append(says.format(whole_text(limits.at_once)))
    return " · ".join(told) or QCoreApplication.translate("ServerWords", "no limits")


def moment(at: datetime | None) -> str:
    """A day and a time of this computer's clock; "never" for None."""
    if at is None:
        return QCoreApplication.translate("ServerWords", "never")
    return f"{day_text(at.astimezone().date())} {time_text(at)}"


def phase_name(phase: Phase) -> str:
    """How a loaded model is."""
    match phase:
        case Phase.STOPPED:
            return QCoreApplication.translate("ServerWords", "stopped")
        case Phase.LOADING:
            return QCoreApplication.translate("ServerWords", "loading")
        case Phase.READY:
            return QCoreApplication.translate("ServerWords", "ready")
        case Phase.STOPPING:
            return QCoreApplication.translate("ServerWords", "stopping")
        case _:
            assert_never(phase)
