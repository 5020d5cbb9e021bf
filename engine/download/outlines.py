"""Outlines: files of a model's full size that hold its headers alone, for the dry run.

They are sparse: what was never written takes no room. Runs in the child process.
"""

import os
import sys
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine.download.headers import first_file, label_of, shard_file
from engine.download.spans import Spans
from engine.download.wire import Outline
from engine.gguf.blueprint import blueprint_from
from engine.gguf.reader import read_header

_SET_SPARSE = 0x000900C4  # Windows' FSCTL_SET_SPARSE


def outline(wish: Outline) -> tuple[str, ...]:
    """Make the files, or find those made before; where they lie, in the quantization's order.

    Raises what `Spans.fetch` does, ModelError for headers that are no model's, and OSError.
    """
    spans = Spans(wish)
    names = wish.quantization.files
    folder = spans.kept.folder_for(names)
    # A split model's files are found by llama.cpp through their names.
    places = [folder / PurePosixPath(name).name for name in names]
    sizes = [spans.size_of(name) for name in names]
    if not all(_is_there(*one) for one in zip(places, sizes, strict=True)):
        sources = [first_file(spans, names[0]), *(shard_file(spans, one) for one in names[1:])]
        headers = [read_header(source) for source in sources]
        blueprint_from(headers, sizes, label=label_of(wish.quantization))
        folder.mkdir(parents=True, exist_ok=True)
        for place, source, header in zip(places, sources, headers, strict=True):
            write_sparse(place, source.prefix(header.tensors_start), source.size_bytes)
    return tuple(map(str, places))


def write_sparse(place: Path, header: bytes, size_bytes: int) -> None:
    """A file of that size which begins with these bytes, and has nothing else."""
    part = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        with part.open("w+b") as file:
            _mark_sparse(file)
            file.write(header)
            file.truncate(size_bytes)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _is_there(place: Path, size_bytes: int) -> bool:
    return place.is_file() and place.stat().st_size == size_bytes


def _mark_sparse(file: BinaryIO) -> None:
    """Windows writes zeros unless it is told; other systems leave holes by themselves."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415
        import msvcrt  # noqa: PLC0415
        from ctypes import wintypes  # noqa: PLC0415

        done = wintypes.DWORD()
        marked = ctypes.windll.kernel32.DeviceIoControl(
            wintypes.HANDLE(msvcrt.get_osfhandle(file.fileno())),
            _SET_SPARSE,
            *(None, 0, None, 0),
            ctypes.byref(done),
            None,
        )
        if not marked:
            raise ctypes.WinError()
