"""The folder of packs in a home, and the two marks in it.

    gpu-pack/cuda13-0.1.0/       a pack, whole
    gpu-pack/cuda13-0.1.0.new/   one that is being unpacked
    gpu-pack/0.1.0.ready         names the pack that workers of that version load
    gpu-pack/0.1.0.broken        why the last one does not work
    gpu-pack/parts/              downloads on their way

A plugin belongs to the build of llama.cpp it was made with: another version's is never loaded.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.pack.values import PackKind
from engine.replacing import put_in_place

_FOLDER = "gpu-pack"


def this_version() -> str:
    """Fullbore's."""
    try:
        return version("fullbore")
    except PackageNotFoundError:
        return "0"


def ready_mark(home: Path) -> Path:
    """The file that tells workers which pack to load; there, or not."""
    return home / _FOLDER / f"{this_version()}.ready"


class Place:
    """The folder of packs. Raises OSError where it writes."""

    def __init__(self, home: Path, version: str) -> None:
        self.root = home / _FOLDER
        self.parts = self.root / "parts"
        self._version = version
        self._ready = self.root / f"{version}.ready"
        self._broken = self.root / f"{version}.broken"

    def folder(self, kind: PackKind) -> Path:
        """Where the pack of that kind lies."""
        return self.root / f"{kind.value}-{self._version}"

    def fresh(self, kind: PackKind) -> Path:
        """Where it is unpacked."""
        return self.root / f"{kind.value}-{self._version}.new"

    @property
    def ready(self) -> PackKind | None:
        """What kind of pack workers load."""
        with suppress(OSError, ValueError):
            name = self._ready.read_text("utf-8").strip()
            kind = PackKind(name.removesuffix(f"-{self._version}"))
            return kind if self.folder(kind).is_dir() else None
        return None

    @property
    def broken(self) -> tuple[PackKind, str] | None:
        """The pack that failed its proof, and the sentence with its remedy."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(self._broken.read_text("utf-8"))
            return PackKind(told["kind"]), str(told["failure"])
        return None

    @property
    def size_bytes(self) -> int:
        """What the pack that is ready takes of the disk."""
        kind = self.ready
        if kind is None:
            return 0
        return sum(file.stat().st_size for file in self.folder(kind).iterdir())

    def mark_ready(self, kind: PackKind) -> None:
        """Workers load it from now on."""
        self._broken.unlink(missing_ok=True)
        draft = self._ready.with_suffix(".draft")
        draft.write_text(self.folder(kind).name, "utf-8")
        put_in_place(draft, self._ready)

    def mark_broken(self, kind: PackKind, failure: str) -> None:
        """Nobody loads it any more."""
        self._ready.unlink(missing_ok=True)
        told = json.dumps({"kind": kind.value, "failure": failure}, ensure_ascii=False)
        self._broken.write_text(told, "utf-8")

    def put(self, kind: PackKind) -> Path:
        """What was unpacked takes its place, whole."""
        there = self.folder(kind)
        shutil.rmtree(there, ignore_errors=True)
        self.fresh(kind).rename(there)
        return there

    def sweep(self) -> None:
        """Delete what broken-off installs left, but no downloads."""
        for left in self._all("*.new", "*.old", "*.draft"):
            _delete(left)
        for kind in PackKind:
            if kind is not self.ready:
                _delete(self.folder(kind))

    def sweep_others(self) -> None:
        """Delete the downloads, and every pack but the one that is ready."""
        kept = {self._ready, *([] if self.ready is None else [self.folder(self.ready)])}
        for left in self._all("*"):
            if left not in kept:
                _delete(left)

    def clear(self) -> None:
        """Delete all of it. What is in use stays whole, on Windows: then OSError is raised."""
        for pack in tuple(self._all(*(f"{kind.value}-*" for kind in PackKind))):
            if not pack.name.endswith((".old", ".new")):
                pack.rename(pack.with_name(f"{pack.name}.old"))
        for mark in (self._ready, self._broken):
            mark.unlink(missing_ok=True)
        shutil.rmtree(self.root, ignore_errors=True)

    def _all(self, *patterns: str) -> Iterator[Path]:
        for pattern in patterns:
            yield from tuple(self.root.glob(pattern))


def _delete(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
    else:
        with suppress(OSError):
            left.unlink(missing_ok=True)
