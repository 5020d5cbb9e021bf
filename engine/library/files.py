"""What is known of model files beyond the shelf: where they come from, whether they are sound."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.protocol.paths import AnyPath


class Origin(StrEnum):
    """Whose folder a model lies in. What is not FULLBORE's own is deleted only when asked twice."""

    FULLBORE = "fullbore"
    FOLDER = "folder"
    HUGGING_FACE = "hugging_face"
    LM_STUDIO = "lm_studio"
    OLLAMA = "ollama"
    JAN = "jan"
    GPT4ALL = "gpt4all"
    KOBOLDCPP = "koboldcpp"
    TEXT_GENERATION_WEBUI = "text_generation_webui"


class Soundness(StrEnum):
    """What hashing a model's files found."""

    SOUND = "sound"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"  # nobody told a hash to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder that is searched for models, and whose it is; or a single model's file."""

    path: AnyPath
    origin: Origin = Origin.FULLBORE


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFolder:
    """Another program's folder that was found here, and whether its models are shown."""

    origin: Origin
    path: Path
    models: int
    size_bytes: int
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """One model's files, hashed. `hashes` are sha256 in the order of the files."""

    model: str
    soundness: Soundness
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorLine:
    """One row of a model's details."""

    name: str
    type: str
    dimensions: tuple[int, ...]
    size_bytes: int


# A header's value as it stands there; None for a list too long to be kept, or no number.
Fact = int | float | bool | str | tuple[int | float | bool | str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that a model's headers tell. `metadata` are key and value as text, long lists counted.

    `facts` are the same as values, for programs. `sees`: a projector for it lies beside it.
    """

    model: str
    files: tuple[AnyPath, ...]
    metadata: tuple[tuple[str, str], ...]
    tensors: tuple[TensorLine, ...]
    template: str | None
    bits_per_weight: float
    facts: tuple[tuple[str, Fact], ...] = ()
    sees: bool = False
