"""Paths as frames carry them: some systems have names that are no text, and JSON has text alone."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo

_ODD = re.compile("[%\ud800-\udfff]")  # halves of surrogate pairs stand for what is no text


def _told(path: Path) -> str:
    return _ODD.sub(lambda odd: quote(odd[0], errors="surrogatepass"), str(path))


def _heard(value: Any, info: ValidationInfo) -> Any:
    if info.mode == "json" and isinstance(value, str):
        return unquote(value, errors="surrogatepass")
    return value


AnyPath = Annotated[
    Path, PlainSerializer(_told, return_type=str, when_used="json"), BeforeValidator(_heard)
]
