"""One .ico of the icons' PNGs, which Windows reads as they are since Vista."""

import struct
from pathlib import Path

SIZES = (16, 32, 48, 64, 128, 256)


def write_icon(icons: Path, into: Path) -> None:
    """Put `fullbore-SIZE.png` of that folder into one file."""
    pictures = [(size, (icons / f"fullbore-{size}.png").read_bytes()) for size in SIZES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    for size, picture in pictures:
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_bytes(head + b"".join(picture for _, picture in pictures))
