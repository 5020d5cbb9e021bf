"""What llama.cpp says while it works, sorted. Pure but for its echo."""

import re
from typing import TextIO

_WARNING, _ERROR, _CONTINUED = 3, 4, 5  # ggml_log_level
_BUFFER = re.compile(r"(\S+)\s+(?:model|KV|RS|output|compute) buffer size =\s*([\d.]+) MiB")


class NativeLog:
    """Keeps complaints, which say why a load was refused, and the sizes of buffers."""

    def __init__(self, echo: TextIO) -> None:
        self.complaints: list[str] = []
        self.device_bytes: dict[str, int] = {}
        self._echo = echo
        self._level = 0

    def feed(self, level: int, line: str) -> None:
        """Sort one line; errors are echoed, they may be the last words."""
        if level != _CONTINUED:
            self._level = level
        if self._level == _ERROR:
            self.complaints.append(line.rstrip("\n"))
            self._echo.write(line)
        elif self._level < _WARNING and (found := _BUFFER.search(line)):
            size = round(float(found[2]) * (1 << 20))
            self.device_bytes[found[1]] = self.device_bytes.get(found[1], 0) + size
