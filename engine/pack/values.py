"""GPU packs, as values."""

from dataclasses import dataclass
from enum import StrEnum

from engine.fit.saying import Saying


class PackKind(StrEnum):
    """What a pack is made for."""

    CUDA_13 = "cuda13"  # driver 580 and later, RTX 20 and later
    CUDA_12 = "cuda12"  # driver 525 and later, older cards too
    VULKAN = "vulkan"  # AMD and Intel


class PackState(StrEnum):
    """How far the pack of this machine is."""

    NEEDLESS = "needless"  # no card that it could serve, or the library has it built in
    OFFERED = "offered"
    DOWNLOADING = "downloading"
    UNPACKING = "unpacking"
    PROVING = "proving"  # a card computes for two seconds
    READY = "ready"
    BROKEN = "broken"  # it is there and does not work; see the failure
    REFUSED = "refused"  # driver or card too old; see the reason and the remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The pack of this machine. `size_bytes` is to be downloaded, `unpacked_bytes` stay on disk.

    `reason` says why it is offered, needless or refused; `remedy` what a person can do about it.
    `failure` is the sentence of an install that ended badly.
    """

    state: PackState
    kind: PackKind | None = None
    size_bytes: int = 0
    done_bytes: int = 0
    unpacked_bytes: int = 0
    reason: Saying | None = None
    remedy: Saying | None = None
    failure: str = ""
