"""A message's content: a string, or parts of text and pictures."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from engine.server.openai.written import WrittenContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of all parts, joined by newlines, and the files of the pictures among them."""

    text: str = ""
    pictures: tuple[bytes, ...] = ()


def _read(value: object) -> Words:
    match value:
        case None:
            return Words()
        case str():
            return Words(text=value)
        case list():
            return _joined(cast("list[object]", value))
        case _:
            raise PydanticCustomError("content", "content must be a string or a list of parts")


def _joined(parts: list[object]) -> Words:
    texts: list[str] = []
    pictures: list[bytes] = []
    for part in parts:
        match part:
            case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
                texts.append(text)
            case {"type": "image_url", "image_url": {"url": str(url)}}:
                pictures.append(_picture(url))
            case {"type": "image_url"}:
                raise PydanticCustomError(
                    "part", "a picture's part must be {{type: 'image_url', image_url: {{url: …}}}}"
                )
            case {"type": str(kind)} if kind != "text":
                raise PydanticCustomError(
                    "part",
                    "a part of type {kind} cannot be read; text and image_url can",
                    {"kind": repr(kind[:40])},
                )
            case _:
                raise PydanticCustomError("part", "a part must be {{type: 'text', text: …}}")
    return Words(text="\n".join(texts), pictures=tuple(pictures))


def _picture(url: str) -> bytes:
    """The file that a `data:` URL holds. What lies in the web was fetched before, or is not."""
    scheme, _, rest = url.partition(":")
    if scheme.lower() != "data":
        raise PydanticCustomError(
            "part",
            "pictures are not fetched from a network; send the file itself, "
            "as data:image/png;base64,…",
        )
    kind, comma, content = rest.partition(",")
    if not comma or not kind.lower().endswith(";base64"):
        raise PydanticCustomError("part", "a picture must be written as data:image/png;base64,…")
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("part", "a picture's base64 cannot be read") from None


Content = Annotated[Words, BeforeValidator(_read, json_schema_input_type=WrittenContent)]
