"""One model on the shelf."""

from dataclasses import dataclass

from engine.library.files import Origin
from engine.protocol.load import Purpose
from engine.protocol.paths import AnyPath


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfModel:
    """A model that lies on this disk. `files` are its shards in order, usually one.

    `id` is `owner/repo:QUANT` when it came from the Hub through Fullbore, else the file's stem.
    Facts from the header are None where the file cannot be read; `broken` then says why, as a
    sentence with its remedy, and `broken_code` for programs. Such a model is still listed.
    """

    id: str
    files: tuple[AnyPath, ...]
    size_bytes: int
    architecture: str | None = None
    name: str | None = None
    quantization: str | None = None
    parameters: int | None = None
    layers: int | None = None
    experts: int | None = None
    trained_context_tokens: int | None = None
    broken: str | None = None
    broken_code: str | None = None
    origin: Origin = Origin.FULLBORE
    purpose: Purpose = Purpose.TEXT
    used_at: str | None = None  # ISO 8601, the last load
