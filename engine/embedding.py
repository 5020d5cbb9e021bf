"""Vectors of texts, and how well documents answer a query. Values only."""

import struct
from dataclasses import dataclass

_NUMBER_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """One vector of length 1 for each text. `packed` has them one after the other as float32,
    little endian; `tokens` is how many tokens each text had."""

    dimensions: int
    packed: bytes
    tokens: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.tokens)

    def row(self, index: int) -> bytes:
        """That text's vector as bytes."""
        size = self.dimensions * _NUMBER_BYTES
        return self.packed[index * size : (index + 1) * size]

    def vector(self, index: int) -> tuple[float, ...]:
        """That text's vector as numbers."""
        return struct.unpack(f"<{self.dimensions}f", self.row(index))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """How well the `index`th document answers the query, 0 to 1, and the tokens of both."""

    index: int
    score: float
    tokens: int
