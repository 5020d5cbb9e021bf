"""From a repository's list of files to its quantizations, and to safe places on this disk."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
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
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PROJECTOR = re.compile(r"(?:^|[-._ ])mmproj(?:[-._ ]|$)", re.IGNORECASE)
_DRAFT = re.compile(
    r"(?:^|[-._ /])(?:draft|drafter|mtp|nextn|eagle\d*|dflash|dspark)(?:[-._ /]|$)", re.IGNORECASE
)
_DRAFT_SHARE = 3  # at the most a third of the largest model


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """One file of a repository. `sha256` is None where the Hub tells none."""

    path: str
    size_bytes: int | None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A repository's models, and what goes with them: projectors, and models that draft."""

    models: tuple[Quantization, ...]
    projectors: tuple[Quantization, ...]
    drafts: tuple[Quantization, ...]


_Set = Sequence[tuple[Name, HubFile]]


def group(files: Sequence[HubFile]) -> tuple[Quantization, ...]:
    """The quantizations among a repository's files, smallest first, and then those that draft.

    Shards become one line, incomplete sets and files that are no models are left out, as are names
    that no disk should see. A label that two models of the repository share gives way to stems.
    """
    kinds = sort_out(files)
    return (*kinds.models, *kinds.drafts)


def sort_out(files: Sequence[HubFile]) -> Sorted:
    """The same, and the companions apart; each kind smallest first."""
    sets: dict[tuple[str, str, int], list[tuple[Name, HubFile]]] = defaultdict(list)
    projectors: list[Quantization] = []
    for file in files:
        if not is_safe(file.path):
            continue
        place = PurePosixPath(file.path)
        name = model_name(place.name)
        if name is not None:
            sets[str(place.parent), name.stem, name.count].append((name, file))
        elif _PROJECTOR.search(place.stem) and place.suffix.lower() == ".gguf":
            projectors.append(_line(place.stem, [file]))
    whole: list[_Set] = [
        sorted(shards, key=lambda shard: shard[0].number)
        for (_, _, count), shards in sets.items()
        if {name.number for name, _ in shards} == set(range(1, len(shards) + 1))
        and len(shards) == count
    ]
    drafting = [_drafts(one) for one in whole]
    least = max((_size(one) for one, no in zip(whole, drafting, strict=True) if not no), default=0)
    # Where every file has the word in its name, or one is as large as the models, it drafts for
    # nobody: a repository may be named for what its models were trained with.
    drafting = [
        no and _size(one) * _DRAFT_SHARE < least for one, no in zip(whole, drafting, strict=True)
    ]
    models = [one for one, no in zip(whole, drafting, strict=True) if not no]
    drafts = [one for one, no in zip(whole, drafting, strict=True) if no]
    labels = _labels(models)
    stems = [shards[0][0].stem for shards in drafts]
    return Sorted(
        models=_ordered(_line(*one) for one in zip(labels, map(_files, models), strict=True)),
        projectors=_ordered(projectors),
        drafts=_ordered(_line(*one) for one in zip(stems, map(_files, drafts), strict=True)),
    )


def _line(label: str, files: Sequence[HubFile]) -> Quantization:
    return Quantization(
        label=label,
        files=tuple(file.path for file in files),
        size_bytes=sum(file.size_bytes or 0 for file in files),
        hashes=tuple(_hash(file.sha256) for file in files),
    )


def _ordered(lines: Iterable[Quantization]) -> tuple[Quantization, ...]:
    return tuple(sorted(lines, key=lambda one: (one.size_bytes, one.label)))


def _files(shards: _Set) -> list[HubFile]:
    return [file for _, file in shards]


def _size(shards: _Set) -> int:
    return sum(file.size_bytes or 0 for _, file in shards)


def _drafts(shards: _Set) -> bool:
    return _DRAFT.search(str(PurePosixPath(shards[0][1].path).with_suffix(""))) is not None


def _hash(told: str | None) -> str | None:
    lower = (told or "").lower()
    return lower if _SHA256.fullmatch(lower) else None


def _labels(sets: Sequence[_Set]) -> list[str]:
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
