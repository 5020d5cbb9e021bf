"""Writes the events of one stream; what all of them share is written once."""

from json.encoder import encode_basestring

from engine.server.lines import json_line, unbroken
from engine.server.openai.said import Envelope


class Scribe:
    """For the stream with that envelope.

    Of a stream's events nearly all are a few characters of text: those are put together from
    their pieces, which costs a tenth of what writing the whole object would.
    """

    def __init__(self, envelope: Envelope, *, wants_usage: bool) -> None:
        shared = json_line(envelope)
        self._head = f'data: {shared[:-1]},"choices":[{{"index":'
        usage = ',"usage":null' if wants_usage else ""
        self._said = f'}},"logprobs":null,"finish_reason":null}}]{usage}}}\n\n'
        self._wrote = f',"logprobs":null,"finish_reason":null}}]{usage}}}\n\n'

    def content(self, index: int, text: str) -> bytes:
        """A stretch of a message."""
        said = f',"delta":{{"content":{_quoted(text)}'
        return f"{self._head}{index}{said}{self._said}".encode()

    def reasoning(self, index: int, text: str) -> bytes:
        """A stretch of what precedes a message."""
        said = f',"delta":{{"reasoning_content":{_quoted(text)}'
        return f"{self._head}{index}{said}{self._said}".encode()

    def text(self, index: int, text: str) -> bytes:
        """A stretch of the older dialect's text."""
        return f'{self._head}{index},"text":{_quoted(text)}{self._wrote}'.encode()


def _quoted(text: str) -> str:
    return unbroken(encode_basestring(text))
