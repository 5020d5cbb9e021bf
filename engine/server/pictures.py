"""Pictures in requests of every dialect: how many, how large; and those named by an address.

A picture is a compressed file: a few thousand bytes may call themselves a hundred million points,
for which llama.cpp would then ask memory. So its size is read here, from the file's first bytes.
"""

import base64
import binascii
import struct
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, cast

from pydantic_core import from_json, to_json

from engine.server.errors import BadField, BodyTooLarge
from engine.server.fetching import MOST_PICTURE_BYTES, Fetching, ImageUrlsOff, NotFetched

MOST_PICTURES = 64
MOST_SIDE = 16_384
MOST_POINTS = 64_000_000
_STARTS_OF_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a picture stands in a request: the object and its key; what it says there."""

    within: dict[str, Any]
    key: str
    content: str
    field: str

    @property
    def is_address(self) -> bool:
        return self.content[:8].lower().startswith(("http://", "https://"))


async def with_pictures(body: bytes, fetching: Fetching | None, *, most_bytes: int) -> bytes:
    """The request, its pictures checked and those at addresses put into it: `most_bytes` in all.

    Without `fetching` none is fetched. Raises BadField and NotFetched. What is wrong otherwise is
    left as it is, for whoever reads it.
    """
    # Every dialect's word for a picture has these letters; nobody escapes them who does not hide.
    if b"image" not in body and b"\\u006" not in body:
        return body
    try:
        document = from_json(body)
    except ValueError:
        return body
    fetched, room = False, most_bytes - len(body)
    for count, place in enumerate(_places(document), 1):
        if count > MOST_PICTURES:
            raise BadField(f"A request has {MOST_PICTURES} pictures at most.", field=place.field)
        if not place.is_address:
            _check_text(place)
            continue
        picture, kind = await _fetched(place, fetching)
        check(picture, place.field)
        text = base64.b64encode(picture).decode()
        room -= len(text)
        if room < 0:
            raise BodyTooLarge(f"The request and its pictures exceed {most_bytes >> 20} MiB.")
        _put(place, kind, text)
        fetched = True
    return to_json(document) if fetched else body


def check(picture: bytes, field: str) -> None:
    """Raise BadField if it is no picture that is read, or unpacks to too much."""
    if len(picture) > MOST_PICTURE_BYTES:
        most = MOST_PICTURE_BYTES >> 20
        raise BadField(f"A picture is larger than {most} MiB.", field=field)
    size = size_of(picture)
    if size is None:
        raise BadField("A picture is no PNG, JPEG, GIF or BMP file.", field=field)
    wide, high = size
    if max(wide, high) > MOST_SIDE or wide * high > MOST_POINTS:
        raise BadField(
            f"A picture has {wide:,} × {high:,} points; the most are {MOST_POINTS:,}.",
            field=field,
            remedy="Make it smaller.",
        )


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Width and height, as its first bytes say; None if it is no file of a kind that is read.

    Zeros, if it ends before it says so: then there is nothing to unpack either.
    """
    try:
        if picture.startswith(b"\x89PNG"):
            return struct.unpack_from(">II", picture, 16)
        if picture.startswith((b"GIF87a", b"GIF89a")):
            return struct.unpack_from("<HH", picture, 6)
        if picture.startswith(b"BM"):
            return _bitmap(picture)
        return _jpeg(picture) if picture.startswith(b"\xff\xd8") else None
    except struct.error:
        return 0, 0


def _bitmap(picture: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", picture, 14)[0] == 12:  # the header of OS/2
        return struct.unpack_from("<HH", picture, 18)
    wide, high = struct.unpack_from("<ii", picture, 18)
    return abs(wide), abs(high)


def _jpeg(picture: bytes) -> tuple[int, int] | None:
    at = 2
    while True:
        while picture[at : at + 1] == b"\xff":
            at += 1
        (marker,) = struct.unpack_from(">B", picture, at)
        if marker in _STARTS_OF_FRAMES:
            high, wide = struct.unpack_from(">HH", picture, at + 4)
            return wide, high
        if marker in {0xD9, 0xDA}:  # the points begin, or it ends: nothing said its size
            return None
        (length,) = struct.unpack_from(">H", picture, at + 1)
        at += 1 + max(length, 2)
        at = picture.find(b"\xff", at)
        if at < 0:
            return None


async def _fetched(place: _Place, fetching: Fetching | None) -> tuple[bytes, str]:
    try:
        if fetching is None:
            raise ImageUrlsOff(
                f"`{place.field}` is wrong: pictures are not fetched from a network here."
            )
        return await fetching.fetch(place.content)
    except NotFetched as failure:
        failure.field = place.field
        raise


def _places(document: object) -> Generator[_Place]:
    """Everything in a request that is, in some dialect, a picture."""
    waiting: list[tuple[object, str]] = [(document, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, list):
            rows = cast("list[object]", value)
            waiting += [(each, f"{path}[{at}]") for at, each in enumerate(rows)]
        elif isinstance(value, dict):
            fields = cast("dict[str, object]", value)
            yield from _here(fields, path)
            waiting += [(each, f"{path}.{name}" if path else name) for name, each in fields.items()]


def _here(fields: dict[str, object], path: str) -> Generator[_Place]:
    match fields:
        case {"type": "image_url", "image_url": {"url": str(url)}}:  # OpenAI's chats
            inner = cast("dict[str, Any]", fields["image_url"])
            yield _Place(inner, "url", url, f"{path}.image_url.url")
        case {"type": "image_url" | "input_image", "image_url": str(url)}:  # its responses
            yield _Place(fields, "image_url", url, f"{path}.image_url")
        case {"type": "image", "source": {"type": "url", "url": str(url)}}:  # Anthropic's
            yield _Place(fields, "source", url, f"{path}.source.url")
        case {"type": "image", "source": {"type": "base64", "data": str(text)}}:
            inner = cast("dict[str, Any]", fields["source"])
            yield _Place(inner, "data", text, f"{path}.source.data")
        case _:
            pass
    pictures = fields.get("images")  # Ollama's, whatever else stands there
    if isinstance(pictures, list):
        for at, text in enumerate(cast("list[object]", pictures)):
            if isinstance(text, str):
                yield _Place(fields, "images", text, f"{path}.images[{at}]".lstrip("."))


def _check_text(place: _Place) -> None:
    text = place.content
    if text[:5].lower() == "data:":
        text = text.partition(",")[2]
    elif place.key in {"url", "image_url", "source"}:
        return
    try:
        picture = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return
    check(picture, place.field)


def _put(place: _Place, kind: str, text: str) -> None:
    if place.key == "source":
        place.within["source"] = {"type": "base64", "media_type": kind, "data": text}
    elif place.key == "images":
        images = place.within["images"]
        images[images.index(place.content)] = text
    else:
        place.within[place.key] = f"data:{kind};base64,{text}"
