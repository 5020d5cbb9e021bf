"""The Hugging Face cache: `models--owner--name/snapshots/<commit>/…`, links into `blobs`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from engine.library.files import Folder
from engine.library.found import Found, files_in

_REPOSITORY = re.compile(r"models--(?:(?P<owner>[^/]+?)--)?(?P<name>[^/]+)")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST_REF_BYTES = 100


def files_in_cache(folder: Folder) -> Iterator[Found]:
    """Every file of every repository once: as the newest snapshot that has it shows it."""
    for repository in _folders(folder.path):
        named = _REPOSITORY.fullmatch(repository.name)
        if named is None:
            continue
        owner, name = named["owner"] or "huggingface", named["name"]
        shown: set[PurePosixPath] = set()
        for snapshot in _snapshots(repository):
            found = [
                one
                for one in files_in(Folder(path=snapshot, origin=folder.origin))
                if one.place not in shown
            ]
            for one in found:
                shown.add(one.place)
                yield replace(one, place=PurePosixPath(owner, name) / one.place)


def _snapshots(repository: Path) -> list[Path]:
    """The one that `main` stands for, then the others, newest first."""
    main = _main(repository)
    return sorted(
        _folders(repository / "snapshots"),
        key=lambda snapshot: (snapshot.name == main, _age(snapshot)),
        reverse=True,
    )


def _main(repository: Path) -> str | None:
    try:
        with (repository / "refs" / "main").open("rb") as ref:
            commit = ref.read(_MOST_REF_BYTES).decode("ascii", "replace").strip()
    except OSError:
        return None
    return commit if _COMMIT.fullmatch(commit) else None


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(inner for inner in folder.iterdir() if inner.is_dir())
    except OSError:
        return []


def _age(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
