"""The shelf: every model file under some folders, whole or broken."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import ModelError
from engine.gguf.model_file import ModelFile, read_model_file
from engine.gguf.names import Name, model_id
from engine.library.files import Folder, Origin
from engine.library.found import Found, files_in
from engine.library.hugging_face import files_in_cache
from engine.library.ollama import files_in_ollama
from engine.library.shelf_model import ShelfModel


def scan(
    folders: Sequence[Path | Folder], read: Callable[[Path], ModelFile] = read_model_file
) -> tuple[ShelfModel, ...]:
    """The models under these folders, by id. Reads headers only; never raises.

    Shards are joined. A file that cannot be read is listed with the reason; a folder that cannot
    be read is passed over, as is one that does not exist. Of equal names the first folder's keeps
    its own. A bare path is a folder of Fullbore's. `read` gives a file's facts.
    """
    shards = _sets(folders)
    ids = _ids([group[0] for group in shards])
    models = [_on_shelf(id_, group, read) for id_, group in zip(ids, shards, strict=True)]
    return tuple(sorted(models, key=lambda model: (model.id.casefold(), model.id)))


def survey(folder: Folder) -> tuple[int, int]:
    """How many models lie there, and their bytes; no header is read. Never raises."""
    shards = _sets([folder])
    return len(shards), sum(_size(found.path) for group in shards for found in group)


def _sets(folders: Sequence[Path | Folder]) -> list[list[Found]]:
    """The files of each model, in order."""
    sets: dict[tuple[Path, str, int], list[Found]] = defaultdict(list)
    for found in _search(folders):
        sets[found.path.parent, found.name.stem, found.name.count].append(found)
    return [sorted(group, key=lambda found: found.name.number) for group in sets.values()]


def _search(folders: Sequence[Path | Folder]) -> Iterator[Found]:
    """Every model file once, though folders overlap and links lead around."""
    seen: set[Path] = set()
    for folder in folders:
        for found in _files(folder if isinstance(folder, Folder) else Folder(path=folder)):
            if found.real not in seen:
                seen.add(found.real)
                yield found


def _files(folder: Folder) -> Iterator[Found]:
    match folder.origin:
        case Origin.OLLAMA:
            return files_in_ollama(folder)
        case Origin.HUGGING_FACE:
            return files_in_cache(folder)
        case _:
            return files_in(folder)


def _ids(firsts: Sequence[Found]) -> list[str]:
    """An id for every model, each another."""
    short = [_id(found) for found in firsts]
    shared = Counter((found.origin, id_) for found, id_ in zip(firsts, short, strict=True))
    exact = [
        _id(found, exact=True) if shared[found.origin, id_] > 1 else id_
        for found, id_ in zip(firsts, short, strict=True)
    ]
    given: set[str] = set()
    for index, id_ in enumerate(exact):
        copy = 1
        while exact[index] in given:
            copy += 1
            exact[index] = f"{id_} ({copy})"
        given.add(exact[index])
    return exact


def _id(found: Found, *, exact: bool = False) -> str:
    # POSIX has names that are no text; an id is sent to people and programs.
    id_ = found.id or model_id(found.place, exact=exact)
    return id_.encode("utf-8", "replace").decode()


def _on_shelf(id_: str, shards: Sequence[Found], read: Callable[[Path], ModelFile]) -> ShelfModel:
    name = shards[0].name
    bare = ShelfModel(
        id=id_,
        files=tuple(shard.path for shard in shards),
        size_bytes=sum(_size(shard.path) for shard in shards),
        quantization=name.label,
        origin=shards[0].origin,
    )
    if any(not _is_text(shard.path) for shard in shards):
        return replace(bare, broken="The file's name, or its folder's, is no text. Rename it.")
    try:
        files = [read(shard.path) for shard in shards]
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
        purpose=first.purpose,
        trained_context_tokens=first.trained_context_tokens,
        broken=_missing(name, shards) or _renamed(name, first),
    )


def _missing(name: Name, shards: Sequence[Found]) -> str | None:
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


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
