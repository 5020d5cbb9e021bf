"""What llama.cpp says while it works, sorted. Pure but for its echo."""

import re
from typing import TextIO

_WARNING, _ERROR, _CONTINUED = 3, 4, 5  # ggml_log_level
_BUFFER = re.compile(r"(\S+)\s+(model|KV|RS|output|compute) buffer size =\s*([\d.]+) MiB")
_CACHE = re.compile(r"(?:cache\w*|memory\w*): size =\s*([\d.]+) MiB \(")


class NativeLog:
    """Keeps complaints, which say why a load was refused, and the sizes of buffers.

    `cache_bytes` is the KV cache's size and that of recurrent states, as announced: right in a
    dry run too, where the buffers of neither are.
    """

    def __init__(self, echo: TextIO) -> None:
        self._echo = echo
        self._level = 0
        self.forget()

    def forget(self) -> None:
        """Begin anew, for another load."""
        self.complaints: list[str] = []
        self.device_bytes: dict[str, int] = {}
        self.compute_bytes: dict[str, int] = {}
        self.cache_bytes = 0

    def feed(self, level: int, line: str) -> None:
        """Sort one line; errors are echoed, they may be the last words."""
        if level != _CONTINUED:
            self._level = level
        if self._level == _ERROR:
            self.complaints.append(line.rstrip("\n"))
            self._echo.write(line)
        elif self._level < _WARNING:
            self._measure(line)

    def _measure(self, line: str) -> None:
        if found := _BUFFER.search(line):
            device, size = found[1], _bytes(found[3])
            self.device_bytes[device] = self.device_bytes.get(device, 0) + size
            if found[2] == "compute":
                self.compute_bytes[device] = size
        elif found := _CACHE.search(line):
            self.cache_bytes += _bytes(found[1])


def _bytes(mebibytes: str) -> int:
    return round(float(mebibytes) * (1 << 20))
