"""What can be done with one transfer, by the phase it is in."""

from enum import Enum
from typing import Final

from app.theme.icons import IconName
from engine.download.values import Download, DownloadPhase


class Verb(Enum):
    """A small thing to click in a row; those without an icon are told in words."""

    PAUSE = "pause"
    RESUME = "play"
    CANCEL = "x"
    REMOVE = "trash"
    RETRY = "retry"
    MIRROR = "mirror"
    CHAT = "chat"


ICONS: Final[dict[Verb, IconName]] = {
    Verb.PAUSE: "pause",
    Verb.RESUME: "play",
    Verb.CANCEL: "x",
    Verb.REMOVE: "trash",
}

_BY_PHASE: Final = {
    DownloadPhase.QUEUED: (Verb.PAUSE, Verb.CANCEL),
    DownloadPhase.RUNNING: (Verb.PAUSE, Verb.CANCEL),
    DownloadPhase.VERIFYING: (Verb.CANCEL,),
    DownloadPhase.REPAIRING: (Verb.PAUSE, Verb.CANCEL),
    DownloadPhase.PAUSED: (Verb.RESUME, Verb.REMOVE),
    DownloadPhase.CANCELLED: (Verb.RESUME, Verb.REMOVE),
    DownloadPhase.FAILED: (Verb.RETRY, Verb.REMOVE),
    DownloadPhase.DONE: (Verb.CHAT, Verb.REMOVE),
}


def verbs_of(download: Download, *, mirror: bool) -> tuple[Verb, ...]:
    """In the order they stand in a row; `mirror`: another address might answer."""
    verbs = _BY_PHASE[download.phase]
    return (Verb.MIRROR, *verbs) if mirror else verbs
