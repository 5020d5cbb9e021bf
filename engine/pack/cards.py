"""Cards that only a pack's plugin tells of: kept beside it since its proof, so that no start asks.

NVIDIA's cards are known by their own driver, whatever pack there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.hardware.machine import Gpu, GpuReading, Machine, Reading
from engine.hardware.others import OtherCard
from engine.pack.place import Place, this_version
from engine.pack.prove import SeenCard
from engine.pack.values import PackKind

_FILE = "cards.json"
_DESKTOP_BYTES = 600 << 20  # what a desktop holds of the card that shows it


class _Kept(BaseModel):
    """The file: what the plugin saw, and what the system listed then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listed: tuple[OtherCard, ...]
    seen: tuple[SeenCard, ...]


def keep_cards(folder: Path, machine: Machine, seen: Sequence[SeenCard]) -> None:
    """Keep what the plugin in that folder sees. Raises OSError."""
    kept = _Kept(listed=machine.others, seen=tuple(seen))
    (folder / _FILE).write_text(kept.model_dump_json(), "utf-8")


def kept_cards(folder: Path, machine: Machine) -> tuple[SeenCard, ...] | None:
    """What it saw; None where that was never kept, or the machine's cards are others now."""
    try:
        kept = _Kept.model_validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return kept.seen if kept.listed == machine.others else None


def with_cards(machine: Machine, seen: Sequence[SeenCard]) -> Machine:
    """The machine with the plugin's cards, in the plugin's order, if no driver told of any."""
    if machine.gpus or not seen:
        return machine
    return replace(machine, gpus=tuple(_gpu(at, card) for at, card in enumerate(seen)))


def supposed(reading: Reading | None, machine: Machine, own: Mapping[int, int]) -> Reading | None:
    """The reading with what is supposed of cards that nobody reads, for plans alone: that each
    shows a desktop and holds what our own workers took, by card number."""
    if reading is None or reading.gpus or machine.driver is not None:
        return reading
    cards = (_supposed(gpu, own.get(gpu.index, 0)) for gpu in machine.gpus)
    return replace(reading, gpus=tuple(cards))


def served(machine: Machine, home: Path) -> Machine:
    """The machine with the cards of the pack that is ready in that home."""
    place = Place(home, this_version())
    if place.ready is not PackKind.VULKAN:
        return machine
    return with_cards(machine, kept_cards(place.folder(PackKind.VULKAN), machine) or ())


def _supposed(gpu: Gpu, own_bytes: int) -> GpuReading:
    return GpuReading(
        index=gpu.index,
        name=gpu.name,
        memory_total_bytes=gpu.memory_bytes,
        memory_used_bytes=_DESKTOP_BYTES + own_bytes,
        utilization=None,
        temperature_celsius=None,
        power_watts=None,
        power_limit_watts=None,
    )


def _gpu(index: int, card: SeenCard) -> Gpu:
    return Gpu(
        index=index,
        name=card.name,
        uuid=None,
        memory_bytes=card.memory_bytes,
        compute_capability=None,
        pcie_generation=None,
        pcie_width=None,
        power_limit_watts=None,
    )
