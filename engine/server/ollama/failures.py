"""Failures, as Ollama's clients read them."""

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError
from engine.server.dialect import Dialect
from engine.server.errors import told
from engine.server.lines import json_line


def line(content: Mapping[str, Any]) -> bytes:
    """One line of a stream."""
    return json_line(content).encode() + b"\n"


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
