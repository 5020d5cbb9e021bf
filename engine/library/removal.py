"""What must go so that a model is gone, and its owner is not confused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.library.files import Origin
from engine.library.ollama import manifests, weights_of
from engine.library.shelf_model import ShelfModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """`files` go to the bin; `links` only led to them, and are removed last."""

    files: tuple[Path, ...]
    links: tuple[Path, ...] = ()


def removal_of(model: ShelfModel) -> Removal:
    """What to remove. Raises OSError.

    A link in a folder of one's own is removed and what it led to stays; in the Hugging Face cache
    both go, with the links of other snapshots. Ollama's manifests go with the blob they name.
    """
    match model.origin:
        case Origin.HUGGING_FACE:
            return _from_cache(model)
        case Origin.OLLAMA:
            blob = model.files[0]
            folder = blob.parent.parent
            naming = tuple(one for one in manifests(folder) if weights_of(folder, one) == blob)
            return Removal(files=(*naming, blob))
        case _:
            links = tuple(file for file in model.files if file.is_symlink())
            return Removal(files=tuple(f for f in model.files if f not in links), links=links)


def _from_cache(model: ShelfModel) -> Removal:
    files = tuple(file.resolve() for file in model.files)
    links: list[Path] = []
    for snapshots in {snapshots for file in model.files for snapshots in _snapshots(file)}:
        links += [
            path
            for path in snapshots.rglob("*.gguf")
            if path.is_symlink() and path.resolve() in files
        ]
    return Removal(files=files, links=tuple(sorted(links)))


def _snapshots(file: Path) -> Iterator[Path]:
    for folder in file.parents:
        if folder.name == "snapshots" and folder.parent.name.startswith("models--"):
            yield folder
