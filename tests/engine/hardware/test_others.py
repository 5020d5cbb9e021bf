"""Cards of other makers, as Linux and Windows list them. The values are what the kernel's and
Microsoft's documentation has of such cards, for none of them was at hand."""

from pathlib import Path

import pytest

from engine.hardware.others import OtherCard, cards_among, cards_below, other_cards

GIBIBYTE = 1 << 30
AMD, INTEL, NVIDIA = "0x1002\n", "0x8086\n", "0x10de\n"


def listed(root: Path, number: int, slot: str, vendor: str, **files: str) -> None:
    """A card as /sys/class/drm has it: a link to its device on the bus."""
    device = root / "devices" / slot
    device.mkdir(parents=True)
    told = {"vendor": vendor, "class": "0x030000\n", **files}
    for name, content in told.items():
        (device / name).write_text(content, "ascii")
    entry = root / "drm" / f"card{number}"
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(device)
    (root / "drm" / f"card{number}-DP-1").mkdir()


def test_that_a_card_of_amd_is_known_with_its_memory(tmp_path: Path) -> None:
    listed(tmp_path, 1, "0000:03:00.0", AMD, mem_info_vram_total=f"{24 * GIBIBYTE}\n")
    found = cards_below(tmp_path / "drm")
    assert found == (OtherCard(name="AMD GPU", memory_bytes=24 * GIBIBYTE),)


def test_that_a_card_of_intel_is_known_by_its_place_on_the_bus(tmp_path: Path) -> None:
    listed(tmp_path, 0, "0000:00:02.0", INTEL)  # inside the processor
    listed(tmp_path, 1, "0000:03:00.0", INTEL)
    assert cards_below(tmp_path / "drm") == (OtherCard(name="Intel GPU", memory_bytes=None),)


def test_that_neither_graphics_inside_a_processor_nor_others_count(tmp_path: Path) -> None:
    listed(tmp_path, 0, "0000:0c:00.0", AMD, mem_info_vram_total=str(GIBIBYTE // 2))
    listed(tmp_path, 1, "0000:01:00.0", NVIDIA)
    listed(tmp_path, 2, "0000:04:00.0", "0x1234\n")  # a virtual machine's display
    listed(tmp_path, 3, "0000:05:00.0", AMD)  # the driver of before 2012
    listed(tmp_path, 4, "0000:06:00.0", "?\n")
    listed(tmp_path, 5, "0000:07:00.0", AMD, mem_info_vram_total="many\n")
    (tmp_path / "drm" / "card6").mkdir()
    assert cards_below(tmp_path / "drm") == ()
    assert cards_below(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("size", [16 * GIBIBYTE, (16 * GIBIBYTE).to_bytes(8, "little")])
def test_that_windows_tells_of_cards_in_its_registry(size: int | bytes) -> None:
    found = cards_among(
        [
            {
                "MatchingDeviceId": r"PCI\VEN_1002&DEV_7480&REV_CF",
                "DriverDesc": "AMD Radeon RX 7600 XT",
                "HardwareInformation.qwMemorySize": size,
            },
            {"MatchingDeviceId": r"pci\ven_8086&dev_a780", "DriverDesc": "Intel(R) UHD 770"},
            {
                "MatchingDeviceId": r"PCI\VEN_10DE&DEV_2684",
                "DriverDesc": "NVIDIA GeForce RTX 4090",
                "HardwareInformation.qwMemorySize": 24 * GIBIBYTE,
            },
            {"MatchingDeviceId": "ROOT\\BasicDisplay"},
            {},
        ]
    )
    assert found == (OtherCard(name="AMD Radeon RX 7600 XT", memory_bytes=16 * GIBIBYTE),)


def test_that_this_machine_is_asked_without_harm() -> None:
    assert all(card.name for card in other_cards())
