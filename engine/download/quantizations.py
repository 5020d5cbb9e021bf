"""From a repository's list of files to its quantizations, and to safe places on this disk."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.download.values import Quantization
from engine.errors import DownloadError, RepositoryNotFound
from engine.gguf.names import Name, model_name, place_of

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
# Also what Windows refuses or reads as something else: drives, streams, devices, wildcards.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_MAX_NAME_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """One file of a repository."""

    path: str
    size_bytes: int | None


def group(files: Sequence[HubFile]) -> tuple[Quantization, ...]:
    """The quantizations among a repository's files, smallest first.

    Shards become one line, incomplete sets and files that are no models are left out, as are names
    that no disk should see. A label that two models of the repository share gives way to stems.
    """
    sets: dict[tuple[str, str, int], list[tuple[Name, HubFile]]] = defaultdict(list)
    for file in files:
        place = PurePosixPath(file.path)
        name = model_name(place.name)
        if name is not None and is_safe(file.path):
            sets[str(place.parent), name.stem, name.count].append((name, file))
    whole = [
        sorted(shards, key=lambda shard: shard[0].number)
        for (_, _, count), shards in sets.items()
        if {name.number for name, _ in shards} == set(range(1, len(shards) + 1))
        and len(shards) == count
    ]
    labels = _labels(whole)
    found = [
        Quantization(
            label=label,
            files=tuple(file.path for _, file in shards),
            size_bytes=sum(file.size_bytes or 0 for _, file in shards),
        )
        for label, shards in zip(labels, whole, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.size_bytes, one.label)))


def _labels(sets: Sequence[Sequence[tuple[Name, HubFile]]]) -> list[str]:
    names = [shards[0][0] for shards in sets]
    labels = [name.label or name.stem for name in names]
    seen = Counter(labels)
    labels = [
        label if seen[label] == 1 else name.stem for label, name in zip(labels, names, strict=True)
    ]
    seen = Counter(labels)
    return [
        label if seen[label] == 1 else str(PurePosixPath(shards[0][1].path).with_suffix(""))
        for label, shards in zip(labels, sets, strict=True)
    ]


def is_safe(file: str) -> bool:
    """May a file of this name be written under the repository's folder, on any system?"""
    if len(file) > _MAX_NAME_CHARACTERS or _FORBIDDEN.search(file):
        return False
    return all(
        part.strip(". ") and part == part.rstrip(". ") and not _DEVICE.fullmatch(part)
        for part in file.split("/")
    )


def targets(models: Path, repository: str, files: Sequence[str]) -> tuple[Path, ...]:
    """Where these files of the repository are to lie. Raises DownloadError for a name with tricks.

    Raises RepositoryNotFound if `repository` is not of the form owner/name.
    """
    if not _REPOSITORY.fullmatch(repository) or not is_safe(repository):
        raise RepositoryNotFound(f"{repository[:100]!r} is not the name of a repository.")
    for file in files:
        if not is_safe(file):
            raise DownloadError(
                f"The repository has a file named {file[:100]!r}, which could be written anywhere.",
                remedy="Nothing was downloaded. Do not trust this repository.",
            )
    return tuple(place_of(models, repository, file) for file in files)
