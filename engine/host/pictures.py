"""Images before they reach a model: how many, how big, and whether they are what they say. Pure."""

import secrets
import struct
from collections.abc import Iterable

from engine.chat import Message
from engine.errors import BadRequest

MOST_IMAGES = 16
MOST_IMAGE_BYTES = 20 << 20
MOST_PIXELS = 40_000_000

_REMEDY = "Use PNG, JPEG, GIF or BMP, of 20 MB and 40 megapixels at most."
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def picture_mark() -> str:
    """A text that stands for an image in a prompt, and for nothing else that anybody says."""
    return f"<picture {secrets.token_hex(16)}>"


def pictures_of(messages: Iterable[Message]) -> tuple[bytes, ...]:
    """All images of a conversation in their order. Raises BadRequest."""
    found = tuple(image for message in messages for image in message.images)
    if len(found) > MOST_IMAGES:
        raise BadRequest(
            f"The conversation has {len(found)} images; at most {MOST_IMAGES} can be shown.",
            remedy="Leave some out.",
        )
    for number, image in enumerate(found, 1):
        _check(number, image)
    return found


def size_of(image: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the file's head says them; None if it is no image we read."""
    try:
        if image.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack_from(">II", image, 16)
        if image.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack_from("<HH", image, 6)
        if image.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", image, 18)
            return abs(width), abs(height)
        if image.startswith(b"\xff\xd8"):
            return _jpeg_size(image)
    except struct.error:  # it ends before its head does
        return None
    return None


def _check(number: int, image: bytes) -> None:
    if len(image) > MOST_IMAGE_BYTES:
        raise BadRequest(f"Image {number} has {len(image):,} bytes.", remedy=_REMEDY)
    size = size_of(image)
    if size is None or 0 in size:
        raise BadRequest(f"Image {number} is no image that can be read.", remedy=_REMEDY)
    width, height = size
    if width * height > MOST_PIXELS:
        raise BadRequest(f"Image {number} has {width:,} × {height:,} pixels.", remedy=_REMEDY)


def _jpeg_size(image: bytes) -> tuple[int, int] | None:
    """From the first frame's head; segments before it are passed over."""
    at = 2
    while at + 4 <= len(image):
        lead, marker, length = struct.unpack_from(">BBH", image, at)
        if lead != 0xFF:
            return None
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", image, at + 5)
            return width, height
        if length < 2:
            return None
        at += 2 + length
    return None
