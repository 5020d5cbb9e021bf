"""Cards of AMD and Intel, as the operating system lists them: no library of theirs is asked.

That tells whether Vulkan's pack is of use here, and no more; how big each card is, and what it is
called, llama.cpp's plugin tells once it is there. Graphics inside a processor are left out: they
compute in the processor's own RAM, hardly faster than it does.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MAKERS = {0x1002: "AMD", 0x8086: "Intel"}
_DISPLAY_CLASS = 0x03
_HOST_BUS = "00"  # where Intel's processors have their own graphics
# Less than any card that is worth it has; what a BIOS sets aside for AMD's and Intel's own
# graphics is mostly less.
_LEAST_BYTES = 3 << 30
_CLASS_KEY = (
    r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"  # displays
)
_MOST_ADAPTERS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCard:
    """A card with memory of its own; `memory_bytes` None is one whose driver does not tell."""

    name: str
    memory_bytes: int | None


def other_cards() -> tuple[OtherCard, ...]:
    """Those of this machine; none where the system lists them in no way that is known."""
    if sys.platform == "linux":
        return cards_below(Path("/sys/class/drm"))
    return cards_among(_registry())


def cards_below(drm: Path) -> tuple[OtherCard, ...]:
    """Those that Linux lists in that folder."""
    found: list[OtherCard] = []
    for entry in sorted(drm.glob("card*")):
        if entry.name.removeprefix("card").isdecimal():  # not card0-HDMI-A-1, a socket of it
            with suppress(OSError, ValueError):
                found.extend(_card_at((entry / "device").resolve()))
    return tuple(found)


def cards_among(adapters: Iterable[Mapping[str, object]]) -> tuple[OtherCard, ...]:
    """Those among the values that Windows keeps for each display adapter.

    One that was taken out may still be among them: the pack's proof will find it missing.
    """
    found: list[OtherCard] = []
    for adapter in adapters:
        where = str(adapter.get("MatchingDeviceId", "")).upper()
        maker = next((name for of, name in _MAKERS.items() if f"VEN_{of:04X}" in where), None)
        memory = _size(adapter.get("HardwareInformation.qwMemorySize"))
        if maker is not None and memory is not None and memory >= _LEAST_BYTES:
            name = str(adapter.get("DriverDesc") or f"{maker} GPU")
            found.append(OtherCard(name=name, memory_bytes=memory))
    return tuple(found)


def _card_at(device: Path) -> Iterator[OtherCard]:
    maker = _MAKERS.get(_number(device / "vendor"))
    if maker is None or _number(device / "class") >> 16 != _DISPLAY_CLASS:
        return
    name = f"{maker} GPU"
    memory = None
    with suppress(OSError):
        memory = int((device / "mem_info_vram_total").read_text("ascii"))  # amdgpu's
    if memory is not None:
        own = memory >= _LEAST_BYTES
    else:  # Intel's drivers do not tell; of AMD's, those that do not are of cards without Vulkan
        own = maker == "Intel" and device.name.split(":")[1:2] != [_HOST_BUS]
    if own:
        yield OtherCard(name=name, memory_bytes=memory)


def _number(file: Path) -> int:
    return int(file.read_text("ascii"), 16)


def _size(value: object) -> int | None:
    """Some drivers keep a number, others its bytes."""
    if isinstance(value, bytes):
        return int.from_bytes(value, "little")
    return value if isinstance(value, int) else None


def _registry() -> Iterator[Mapping[str, object]]:
    """The values of each display adapter that Windows knows."""
    if sys.platform != "win32":
        return
    import winreg  # noqa: PLC0415 exists on Windows alone

    for number in range(_MOST_ADAPTERS):
        place = f"{_CLASS_KEY}\\{number:04d}"
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            count = winreg.QueryInfoKey(key)[1]
            yield {
                name: value for name, value, _ in (winreg.EnumValue(key, at) for at in range(count))
            }
