"""Typed look-ups in a header's metadata, which may lie."""

from collections.abc import Sequence

from engine.errors import NotAModel
from engine.gguf.reader import Header, LongArray, Scalar

_MOST = 1 << 40


class Facts:
    """A model's metadata by key, without the architecture's name in front of each."""

    def __init__(self, header: Header, architecture: str) -> None:
        self._metadata = header.metadata
        self._prefix = architecture + "."

    def number(self, key: str, default: int = 0) -> int:
        """A whole number; `default` if the header does not say, NotAModel if it is absurd."""
        value = self._metadata.get(self._prefix + key)
        if isinstance(value, tuple) or not isinstance(value, int):
            return default
        return self._sane(key, value)

    def fraction(self, key: str) -> float | None:
        """A number with a fraction, None if the header does not say."""
        value = self._metadata.get(self._prefix + key)
        return float(value) if isinstance(value, (int, float)) else None

    def text(self, key: str) -> str | None:
        """A text, None if the header does not say."""
        value = self._metadata.get(self._prefix + key)
        return value if isinstance(value, str) else None

    def has(self, key: str) -> bool:
        """Whether the header has that entry at all."""
        return self._prefix + key in self._metadata

    def layered(self, key: str, layers: int) -> tuple[int, ...] | None:
        """One number for each layer; a single one in the header stands for all of them."""
        value = self._metadata.get(self._prefix + key)
        if isinstance(value, tuple):
            return self.listed(key, layers)
        if isinstance(value, int):
            return (self._sane(key, value),) * layers
        return None

    def listed(self, key: str, layers: int) -> tuple[int, ...] | None:
        """One number for each layer out of a list; None if the header has none."""
        value = self._metadata.get(self._prefix + key)
        if not isinstance(value, tuple):
            return None
        numbers = [self._sane(key, one) for one in value[:layers]]
        return tuple(numbers + [0] * (layers - len(numbers)))

    def vocabulary(self) -> int:
        """How many tokens it knows."""
        tokens = self._metadata.get("tokenizer.ggml.tokens")
        match tokens:
            case LongArray(count=count):
                return count
            case tuple():
                return len(tokens)
            case _:
                return self.number("vocab_size")

    def _sane(self, key: str, value: Scalar) -> int:
        if isinstance(value, int) and 0 <= value <= _MOST:
            return int(value)
        raise NotAModel(f"The header says {key} is {value!r}, which no model has.")


def flags(numbers: Sequence[int]) -> tuple[bool, ...]:
    """Numbers as marks: all but zero is one."""
    return tuple(number != 0 for number in numbers)
