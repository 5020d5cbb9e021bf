"""The GPU pack in a worker: its folder, its libraries, its plugin. A pack that cannot be loaded
is left out, and the processor goes on."""

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

# In the order in which one is linked to the other.
_RUNTIMES = ("*cudart*", "*cublasLt*", "*cublas*")
_PLUGINS = ("*ggml-cuda*", "*ggml-vulkan*")


def pack_and_rest(words: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The pack that `--pack PATH` names, and the other words; the last of several holds.

    The path is a pack's folder, or a file that names one beside it; where it is neither there is
    no pack.
    """
    rest, pack = list(words), None
    while rest[:1] == ["--pack"] and len(rest) > 1:
        pack = _folder(rest[1])
        del rest[:2]
    return pack, rest


def load_runtimes(pack: Path) -> None:
    """What its plugin is linked to, first and for all: no loader would look there."""
    if sys.platform == "win32":
        os.add_dll_directory(str(pack))
    for pattern in _RUNTIMES:
        for library in sorted(pack.glob(pattern)):
            with suppress(OSError):
                ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)


def plug_in(pack: Path, load: Callable[[bytes], object]) -> str:
    """Load its plugins by llama.cpp's own `load`; empty, or why one was left out."""
    plugins = [file for pattern in _PLUGINS for file in sorted(pack.glob(pattern))]
    for plugin in plugins:
        try:
            # Tells why it cannot be loaded, most often for want of a driver; llama.cpp would not.
            ctypes.CDLL(str(plugin))
        except OSError as problem:
            # In a bundle PyInstaller puts an advice of its own in front of the loader's words.
            words = str(problem.__cause__ or problem)
            return " ".join(words.split())[:200].rstrip(".")
        if not load(os.fsencode(plugin)):
            return f"{plugin.name} found no driver, or is not of this llama.cpp"
    return "" if plugins else "the pack has no plugin"


def _folder(word: str) -> Path | None:
    place = Path(word) if word else None
    if place is None or place.is_dir():
        return place
    with suppress(OSError, UnicodeDecodeError):
        name = place.read_text("utf-8").strip()
        folder = place.parent / name
        plain = name == Path(name).name and name not in {"", ".", ".."}
        return folder if plain and folder.is_dir() else None
    return None
