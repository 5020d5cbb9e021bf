"""The shelf: every model file under some folders, whole or broken."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from engine.errors import ModelError
from engine.gguf.model_file import ModelFile, read_model_file
from engine.gguf.names import Name, model_id, model_name
from engine.library.shelf_model import ShelfModel


@dataclass(frozen=True, slots=True)
class _Found:
    """A model file in a folder that was searched."""

    path: Path
    place: PurePosixPath  # relative to that folder
    name: Name


def scan(folders: Sequence[Path]) -> tuple[ShelfModel, ...]:
    """The models under these folders, by id. Reads headers only; never raises.

    Shards are joined. A file that cannot be read is listed with the reason; a folder that cannot
    be read is passed over, as is one that does not exist.
    """
    sets: dict[tuple[Path, str, int], list[_Found]] = defaultdict(list)
    for found in _search(folders):
        sets[found.path.parent, found.name.stem, found.name.count].append(found)
    shards = [sorted(group, key=lambda found: found.name.number) for group in sets.values()]
    ids = _ids([group[0].place for group in shards])
    models = [_on_shelf(id_, group) for id_, group in zip(ids, shards, strict=True)]
    return tuple(sorted(models, key=lambda model: (model.id.casefold(), model.id)))


def _search(folders: Sequence[Path]) -> Iterator[_Found]:
    """Every model file once, though folders overlap and links lead around."""
    seen: set[Path] = set()
    for folder in folders:
        for path in _files(folder, set()):
            name = model_name(path.name)
            real = _real_file(path) if name else None
            if name is None or real is None or real in seen:
                continue
            seen.add(real)
            place = PurePosixPath(path.relative_to(folder).as_posix())
            yield _Found(path, place, name)


def _files(folder: Path, entered: set[Path]) -> Iterator[Path]:
    for here, inner, names in os.walk(folder, followlinks=True):
        real = Path(here).resolve()
        if real in entered:
            inner.clear()
            continue
        entered.add(real)
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(here, name) for name in sorted(names))


def _real_file(path: Path) -> Path | None:
    """What the path stands for; None if that is no file, or out of reach."""
    try:
        return path.resolve() if path.is_file() else None
    except OSError:
        return None


def _ids(places: Sequence[PurePosixPath]) -> list[str]:
    """An id for every place, each another."""
    short = [model_id(place) for place in places]
    shared = {id_ for id_, count in Counter(short).items() if count > 1}
    exact = [
        model_id(place, exact=True) if id_ in shared else id_
        for place, id_ in zip(places, short, strict=True)
    ]
    given: set[str] = set()
    for index, id_ in enumerate(exact):
        copy = 1
        while exact[index] in given:
            copy += 1
            exact[index] = f"{id_} ({copy})"
        given.add(exact[index])
    return exact


def _on_shelf(id_: str, shards: Sequence[_Found]) -> ShelfModel:
    name = shards[0].name
    bare = ShelfModel(
        id=id_,
        files=tuple(shard.path for shard in shards),
        size_bytes=sum(_size(shard.path) for shard in shards),
        quantization=name.label,
    )
    try:
        files = [read_model_file(shard.path) for shard in shards]
    except ModelError as error:
        return replace(bare, broken=error.sentence, broken_code=error.code)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return replace(bare, broken=f"The file could not be read: {reason}. Check its permissions.")
    first = files[0]
    return replace(
        bare,
        architecture=first.architecture,
        name=first.name,
        quantization=name.label or first.file_type,
        parameters=sum(file.parameters for file in files),
        layers=first.layers,
        experts=first.experts,
        trained_context_tokens=first.trained_context_tokens,
        broken=_missing(name, shards) or _renamed(name, first),
    )


def _missing(name: Name, shards: Sequence[_Found]) -> str | None:
    here = {shard.name.number for shard in shards}
    gone = sorted(set(range(1, name.count + 1)) - here) if name.count < 100_000 else []
    if not gone:
        return None
    which = ", ".join(str(number) for number in gone[:5]) + (" …" if len(gone) > 5 else "")
    return (
        f"{len(here)} of its {name.count} files are here; missing: {which}. "
        "Finish or repeat its download."
    )


def _renamed(name: Name, first: ModelFile) -> str | None:
    if first.split_count == name.count:
        return None
    part, whole = first.split_number + 1, first.split_count
    return (
        f"The file is part {part} of {whole}, but its name does not say so. "
        f"Give the parts names that end in -{part:05}-of-{whole:05}.gguf."
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
