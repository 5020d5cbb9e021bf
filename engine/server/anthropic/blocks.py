"""A content block → the words and pictures in it. Raises BadField, with the block's path."""

import base64
import binascii
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.server.anthropic.schema import Block, Source
from engine.server.errors import BadField

_SHOWN = ("text", "image", "document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text, and the files of the pictures beside it."""

    text: str = ""
    pictures: tuple[bytes, ...] = ()


def bad(path: str, complaint: str) -> BadField:
    """That field is wrong, and why."""
    return BadField(f"`{path}` is wrong: {complaint}.", field=path)


def needed(value: str | None, path: str) -> str:
    """The value of a field that must be there. Raises BadField."""
    if value is None:
        raise bad(path, "field required")
    return value


def words_of(
    blocks: Iterable[Block], path: str, *, kinds: Collection[str] = _SHOWN, between: str = "\n"
) -> Words:
    """All of them, the texts joined. `kinds` are those that may stand there."""
    return joined(
        [read(block, f"{path}[{index}]", kinds=kinds) for index, block in enumerate(blocks)],
        between=between,
    )


def joined(words: Iterable[Words], *, between: str = "\n") -> Words:
    """One after the other."""
    several = tuple(words)
    return Words(
        text=between.join(each.text for each in several if each.text),
        pictures=tuple(picture for each in several for picture in each.pictures),
    )


def read(block: Block, path: str, *, kinds: Collection[str] = _SHOWN) -> Words:
    """What that block shows."""
    if block.type not in kinds:
        raise bad(f"{path}.type", f"a block of type {block.type!r} cannot stand here")
    match block.type:
        case "text":
            return Words(text=needed(block.text, f"{path}.text"))
        case "image":
            return Words(pictures=(_picture(_source(block, path), f"{path}.source"),))
        case "document":
            return _document(block, path)
        case _:
            raise AssertionError(block.type)


def _source(block: Block, path: str) -> Source:
    if block.source is None:
        raise bad(f"{path}.source", "field required")
    return block.source


def _picture(source: Source, path: str) -> bytes:
    """The picture's file. Nothing is ever fetched from a network for a client."""
    match source.type:
        case "base64":
            return _decoded(needed(source.data, f"{path}.data"), f"{path}.data")
        case "url":
            url = needed(source.url, f"{path}.url")
            head, comma, content = url.partition(",")
            if comma and head.lower().startswith("data:") and head.lower().endswith(";base64"):
                return _decoded(content, f"{path}.url")
            raise bad(
                f"{path}.url",
                "pictures are not fetched from a network; send the file itself, as base64",
            )
        case "file":
            raise bad(f"{path}.type", "no files are kept here; send the picture itself, as base64")
        case _:
            raise bad(f"{path}.type", "a picture's source is 'base64'")


def _decoded(content: str, path: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise bad(path, "this base64 cannot be read") from None


def _document(block: Block, path: str) -> Words:
    source = _source(block, path)
    match source.type:
        case "text":
            inside = Words(text=needed(source.data, f"{path}.source.data"))
        case "content":
            inside = words_of(source.content, f"{path}.source.content", kinds=("text", "image"))
        case _:
            raise bad(
                f"{path}.source.type",
                "only documents of plain text can be read, in a source of type 'text' or 'content'",
            )
    return joined((Words(text=block.title or ""), Words(text=block.context or ""), inside))
