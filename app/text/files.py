"""What a file that comes with a question really is: a picture, a text, or nothing we can show.

Names and types are not believed: a picture is what can be decoded, a text is what reads as one.
Pictures are drawn anew, upright and small enough, so that nothing that was hidden in the file
goes along.
"""

import codecs
import errno
import os
import stat
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from app.store.values import Attachment

MOST_TEXT_BYTES: Final = 1_000_000
MOST_PICTURE_BYTES: Final = 64_000_000
MOST_PIXELS: Final = 120_000_000
LONGEST_SIDE: Final = 2048

_DECODED: Final = frozenset({"png", "jpeg", "jpg", "jfif", "webp", "gif", "bmp"})
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
_JPEG_QUALITY: Final = 92
# Longest first: UTF-32's mark for little endian begins with UTF-16's.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DOCUMENTS: Final = (b"%PDF-", b"{\\rtf", b"%!PS")  # they may be plain bytes, and are no prose
_CONTROLS: Final = frozenset(range(32)) - {9, 10, 12, 13, 27}  # ESC: what terminals print
_MOST_CONTROLS: Final = 0.002  # of all characters
_MOST_FOREIGN: Final = 0.3  # of a text in an unnamed encoding that may lie beyond ASCII


class Why(Enum):
    """Why a file cannot come along."""

    MISSING = "missing"
    FOLDER = "folder"
    UNREADABLE = "unreadable"  # no permission, or the disk failed
    SPECIAL = "special"  # a pipe, a device, a socket
    EMPTY = "empty"
    BINARY = "binary"
    DOCUMENT = "document"  # PDF and the like
    LONG_TEXT = "long_text"
    BIG_FILE = "big_file"
    BIG_PICTURE = "big_picture"  # too many pixels
    BROKEN_PICTURE = "broken_picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A file that cannot come along."""

    name: str
    why: Why
    size_bytes: int = 0


Read = Attachment | Refusal


def read_file(path: Path) -> Read:
    """What lies there. Never hangs on a pipe, and never reads more than a picture may have."""
    name = path.name or str(path)
    try:
        body = _bytes_of(path, name)
    except OSError as error:
        gone = error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}
        return Refusal(name=name, why=Why.MISSING if gone else Why.UNREADABLE)
    except ValueError:  # a name that no file can have
        return Refusal(name=name, why=Why.MISSING)
    return body if isinstance(body, Refusal) else read_bytes(name, body)


def read_bytes(name: str, body: bytes) -> Read:
    """What these bytes are."""
    if not body:
        return Refusal(name=name, why=Why.EMPTY)
    if body.startswith(_MAGIC):
        read = _picture(name, body)
        # "BM" and "RIFF" begin texts, too.
        if read is not None and not (_is_refused(read) and _is_text(body)):
            return read
    if body.startswith(_DOCUMENTS):
        return Refusal(name=name, why=Why.DOCUMENT, size_bytes=len(body))
    if len(body) > MOST_TEXT_BYTES:
        why = Why.LONG_TEXT if _is_text(body[:4096]) else Why.BINARY
        return Refusal(name=name, why=why, size_bytes=len(body))
    text = text_of(body)
    if text is None:
        return Refusal(name=name, why=Why.BINARY, size_bytes=len(body))
    return read_text(name, text)


def read_text(name: str, text: str) -> Read:
    """A text that was in no file, or is decoded already."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    # Half of a surrogate pair, as some clipboards hold, is no character.
    body = clean.encode("utf-8", "replace")
    if not clean.strip():
        return Refusal(name=name, why=Why.EMPTY)
    if len(body) > MOST_TEXT_BYTES:
        return Refusal(name=name, why=Why.LONG_TEXT, size_bytes=len(body))
    return Attachment(name=name, media_type="text/plain", size_bytes=len(body), body=body)


def read_picture(name: str, picture: QImage) -> Read:
    """Pixels, as a clipboard holds them."""
    if picture.isNull():
        return Refusal(name=name, why=Why.BROKEN_PICTURE)
    return _encoded(name, picture, "png")


def small_picture(attachment: Attachment, side: int = 96) -> QImage | None:
    """As it is shown before it is sent; None: it is no picture."""
    if not attachment.is_image or attachment.body is None:
        return None
    picture = QImage.fromData(attachment.body)
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return None if picture.isNull() else picture.scaled(side, side, keep, smooth)


def text_of(body: bytes) -> str | None:
    """The text that these bytes are; None: they are none."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding)
    text = _decoded(body, "utf-8")
    if text is not None or b"\0" in body:
        return text
    foreign = sum(byte >= 0x80 for byte in body)
    unnamed = any(0x80 <= byte < 0xA0 for byte in body)
    if foreign > _MOST_FOREIGN * len(body):
        return None
    # Windows' own Latin has letters where Latin-1 has controls.
    return _decoded(body, "cp1252" if unnamed else "latin-1")


def _decoded(body: bytes, encoding: str) -> str | None:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return None
    controls = sum(ord(letter) in _CONTROLS for letter in text)
    if "\0" in text or controls > _MOST_CONTROLS * len(text):
        return None
    return text


def _is_text(body: bytes) -> bool:
    # A cut in the middle of a letter must not make the beginning of a text something else.
    return any(text_of(body[: len(body) - cut]) is not None for cut in range(min(4, len(body))))


def _is_refused(read: Read) -> bool:
    return isinstance(read, Refusal)


def _bytes_of(path: Path, name: str) -> bytes | Refusal:
    """Raises OSError, ValueError."""
    # Opening a pipe would wait for its writer; on Windows there are none in folders.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if path.is_dir():
        return Refusal(name=name, why=Why.FOLDER)
    if not stat.S_ISREG(path.stat().st_mode):  # opening some devices does something
        return Refusal(name=name, why=Why.SPECIAL)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return Refusal(name=name, why=Why.SPECIAL)
        if status.st_size > MOST_PICTURE_BYTES:
            why = Why.LONG_TEXT if _is_text(file.read(4096)) else Why.BIG_FILE
            return Refusal(name=name, why=why, size_bytes=status.st_size)
        return file.read(MOST_PICTURE_BYTES)


def _picture(name: str, body: bytes) -> Read | None:
    """None: no picture of a kind that models are shown."""
    buffer = QBuffer()
    buffer.setData(QByteArray(body))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    kind = bytes(reader.format().data()).decode("ascii", "replace")
    if kind not in _DECODED:
        return None
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > MOST_PIXELS:
            return Refusal(name=name, why=Why.BIG_PICTURE, size_bytes=len(body))
        if max(size.width(), size.height()) > LONGEST_SIDE:
            reader.setScaledSize(_fitted(size))  # JPEG is decoded smaller, and faster
    picture = reader.read()
    if picture.isNull():
        return Refusal(name=name, why=Why.BROKEN_PICTURE, size_bytes=len(body))
    return _encoded(name, picture, "jpeg" if kind in {"jpeg", "jpg", "jfif"} else "png")


def _encoded(name: str, picture: QImage, kind: str) -> Read:
    """Drawn anew: words and places that the file may hold stay behind."""
    if max(picture.width(), picture.height()) > LONGEST_SIDE:
        smooth = Qt.TransformationMode.SmoothTransformation
        picture = picture.scaled(
            _fitted(picture.size()), Qt.AspectRatioMode.IgnoreAspectRatio, smooth
        )
    if picture.colorSpace().isValid():
        picture = picture.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    seen_through = picture.hasAlphaChannel() and kind == "png"
    kept = QImage.Format.Format_RGBA8888 if seen_through else QImage.Format.Format_RGB888
    whole = picture.convertToFormat(kept)
    # The pixels alone: texts, places and profiles are the old picture's.
    plain = QImage(
        whole.constBits(), whole.width(), whole.height(), whole.bytesPerLine(), kept
    ).copy()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not plain.save(buffer, kind.upper(), _JPEG_QUALITY if kind == "jpeg" else -1):  # pyright: ignore[reportCallIssue, reportArgumentType]
        return Refusal(name=name, why=Why.BROKEN_PICTURE)
    body = bytes(buffer.data().data())
    return Attachment(name=name, media_type=f"image/{kind}", size_bytes=len(body), body=body)


def _fitted(size: QSize) -> QSize:
    side = LONGEST_SIDE
    return size.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
