"""Bytes → pictures, within limits: a small file may claim to be a very large picture."""

import base64
import binascii
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader

LARGEST_BYTES: Final = 20_000_000
LARGEST_PIXELS: Final = 40_000_000
# No format that fetches other files or runs scripts.
FORMATS: Final = frozenset({"png", "jpeg", "jpg", "gif", "webp", "bmp"})


def decoded(body: bytes, widest: int = 1600) -> QImage | None:
    """The picture, no wider than asked; None: it is none, or beyond the limits."""
    if not body or len(body) > LARGEST_BYTES:
        return None
    store = QByteArray(body)
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    name = bytes(reader.format().data()).decode("ascii", errors="replace").lower()
    size = reader.size()
    if name not in FORMATS or not size.isValid() or size.width() * size.height() > LARGEST_PIXELS:
        return None
    if size.width() > widest:
        reader.setScaledSize(size.scaled(widest, 8 * widest, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture


def in_address(address: str) -> QImage | None:
    """The picture that a `data:` address holds."""
    head, _, body = address.partition(",")
    if not head.lower().endswith(";base64") or len(body) > LARGEST_BYTES:
        return None
    try:
        return decoded(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError):
        return None
