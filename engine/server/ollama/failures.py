"""Failures, as Ollama's clients read them."""

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.server.dialect import Dialect
from engine.server.errors import told


def line(content: Mapping[str, Any]) -> bytes:
    """One line of a stream."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def error_object(error: EngineError) -> dict[str, str]:
    """The body of this failure."""
    return {"error": told(error)}


OLLAMA = Dialect(
    name="ollama",
    body=error_object,
    last_words=lambda error: line(error_object(error)),
    waiting=b"",
    media_type="application/x-ndjson",
)
