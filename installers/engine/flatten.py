"""One file for each library of a build of llama.cpp.

CMake installs a library under three names in two folders, and a wheel has no links: six copies. Two
are opened by path, those below them found by the name they were linked with, plugins by a look into
the folder.
"""

import re
import shutil
from pathlib import Path

_NAME = re.compile(r"(?P<stem>lib[\w-]+)\.so(\.[\d.]+)?")
_BY_PATH = {"libllama", "libmtmd", "libfullbore-memory"}
_BY_LINK = {"libggml", "libggml-base"}
_FOR_BUILDING = ("cmake", "pkgconfig")


def flatten(package: Path) -> list[Path]:
    """Tidy the package's `lib`, and leave out what only compilers read. Gives what is left.

    On Windows and macOS every library has one name already.
    """
    shutil.rmtree(package / "include", ignore_errors=True)
    library = package / "lib"
    for folder in _FOR_BUILDING:
        shutil.rmtree(library / folder, ignore_errors=True)
    copies: dict[str, list[Path]] = {}
    for path in sorted(library.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found:
            copies.setdefault(found["stem"], []).append(path)
    for stem, paths in copies.items():
        _keep_one(library, stem, paths)
    return sorted(path for path in library.iterdir() if path.is_file())


def _keep_one(library: Path, stem: str, paths: list[Path]) -> None:
    if stem in _BY_PATH:
        wanted = f"{stem}.so"
    elif stem in _BY_LINK:
        wanted = f"{stem}.so.0"
    elif stem.startswith("libggml-"):  # a plugin
        wanted = f"{stem}.so"
    else:  # llama.cpp's own programs need the rest, and nobody here does
        wanted = ""
    real = next(path for path in paths if not path.is_symlink())
    kept = library / "kept"
    real.rename(kept)
    for path in paths:
        path.unlink(missing_ok=True)
    if wanted:
        kept.rename(library / wanted)
    else:
        kept.unlink()
