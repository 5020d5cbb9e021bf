"""The union of facts: everything the engine tells without being asked."""

from dataclasses import dataclass

from engine.download.values import Download
from engine.hardware.machine import Reading
from engine.host.facts import ModelMoved, StreamsMoved, WorkerEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerMoved:
    """The local port opened at this address, closed (None), or failed with a sentence."""

    address: str | None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfChanged:
    """Models came or went; ask for the list again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadMoved:
    """A transfer went on, ended or failed; at most ten times a second."""

    download: Download


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineRead:
    """A reading of the hardware, twice a second."""

    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesHanded:
    """Another start of Fullbore handed over these arguments; raise the window."""

    paths: tuple[str, ...]


Event = (
    ModelMoved
    | WorkerEnded
    | StreamsMoved
    | ServerMoved
    | ShelfChanged
    | DownloadMoved
    | MachineRead
    | FilesHanded
)
