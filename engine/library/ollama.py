"""Ollama's models: manifests that say which blob is a model's weights."""

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.gguf.names import Name
from engine.library.files import Folder
from engine.library.found import Found, real_file

_WEIGHTS = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256:(?P<hash>[0-9a-f]{64})")
_HOME_REGISTRY = "registry.ollama.ai"
_OFFICIAL = "library"
_MOST_BYTES = 1 << 20
_DEPTH = 4  # registry, owner, name, tag


class _Layer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    mediaType: str  # noqa: N815 - Ollama's word
    digest: str


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    layers: list[_Layer]


def files_in_ollama(folder: Folder) -> Iterator[Found]:
    """The weights of every model that was pulled whole. Manifests that mislead are passed over."""
    for manifest in manifests(folder.path):
        blob = weights_of(folder.path, manifest)
        real = real_file(blob) if blob is not None else None
        if blob is None or real is None:
            continue
        name = _name(manifest.relative_to(folder.path / "manifests"))
        yield Found(
            path=blob,
            real=real,
            place=PurePosixPath(blob.name),
            name=Name(stem=name, number=1, count=1),
            origin=folder.origin,
            id=name,
        )


def manifests(folder: Path) -> list[Path]:
    """The manifest of every tag of every model."""
    found = [folder / "manifests"]
    for _ in range(_DEPTH):
        found = [inner for outer in found for inner in _inside(outer)]
    return [path for path in found if path.is_file()]


def weights_of(folder: Path, manifest: Path) -> Path | None:
    """The blob with that model's weights; None if the manifest names no such thing."""
    try:
        with manifest.open("rb") as source:
            said = _Manifest.model_validate(json.loads(source.read(_MOST_BYTES)))
    except (OSError, ValueError, RecursionError, ValidationError):
        return None
    for layer in said.layers:
        digest = _DIGEST.fullmatch(layer.digest)
        if layer.mediaType == _WEIGHTS and digest is not None:
            return folder / "blobs" / f"sha256-{digest['hash']}"
    return None


def _name(place: Path) -> str:
    """As Ollama itself says it: what is usual is left out."""
    registry, owner, name, tag = place.parts
    if registry != _HOME_REGISTRY:
        return f"{registry}/{owner}/{name}:{tag}"
    return f"{name}:{tag}" if owner == _OFFICIAL else f"{owner}/{name}:{tag}"


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
