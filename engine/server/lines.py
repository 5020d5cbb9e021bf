"""JSON as it is written into a stream, one object to a line."""

import json
from collections.abc import Mapping
from typing import Any


def json_line(content: Mapping[str, Any]) -> str:
    """That object, without any end of a line."""
    return unbroken(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def unbroken(written: str) -> str:
    """That JSON, without what JSON lets stand and many readers of lines take for a line's end.

    Python's `splitlines`, by which httpx reads lines and Ollama's own client streams, is one.
    """
    if written.isascii():
        return written
    for mark, escaped in (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        written = written.replace(mark, escaped)
    return written
