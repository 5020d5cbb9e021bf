"""Found: model files in one folder, each with the place that gives it its id."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.gguf.names import Name, model_name
from engine.library.files import Folder, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model file. `real` is what the path stands for, `id` a name that others gave it."""

    path: Path
    real: Path
    place: PurePosixPath  # relative to the folder that was searched
    name: Name
    origin: Origin
    id: str | None = None


def files_in(folder: Folder) -> Iterator[Found]:
    """The model files under a folder, links followed, none entered twice.

    Where the folder is a file, only that one, and the shards beside it that are of its set.
    """
    single = real_file(folder.path) is not None
    root = folder.path.parent if single else folder.path
    for path in _shards(folder.path) if single else _walk(root, set()):
        name = model_name(path.name)
        real = real_file(path) if name else None
        if name is not None and real is not None:
            place = PurePosixPath(path.relative_to(root).as_posix())
            yield Found(path=path, real=real, place=place, name=name, origin=folder.origin)


def real_file(path: Path) -> Path | None:
    """What the path stands for; None if that is no file, or out of reach."""
    try:
        return path.resolve() if path.is_file() else None
    except (OSError, RuntimeError, ValueError):  # a loop of links, or a name no disk has
        return None


def _shards(file: Path) -> Iterator[Path]:
    name = model_name(file.name)
    for path in _beside(file) if name and name.count > 1 else (file,):
        other = model_name(path.name)
        if name and other and (other.stem, other.count) == (name.stem, name.count):
            yield path


def _beside(file: Path) -> list[Path]:
    try:
        return sorted(file.parent.iterdir())
    except OSError:  # a folder may let its files be opened, and not be read
        return [file]


def _walk(folder: Path, entered: set[Path]) -> Iterator[Path]:
    for here, inner, names in os.walk(folder, followlinks=True):
        try:
            real = Path(here).resolve()
        except (OSError, RuntimeError):
            inner.clear()
            continue
        if real in entered:
            inner.clear()
            continue
        entered.add(real)
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(here, name) for name in sorted(names))
