"""Headers that were read once, and need not be read again while their files stay as they are."""

from pathlib import Path

from engine.gguf.model_file import ModelFile, read_model_file

_MOST = 8192


class KnownFiles:
    """Reads headers, and remembers them by the file's place, size and time.

    A vocabulary takes some 20 to 60 ms to step over: a look at hundreds of models is worth it.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int, int], ModelFile]] = {}

    def read(self, path: Path) -> ModelFile:
        """The facts in that file's header. Raises NotAModel, TruncatedModel or OSError."""
        found = path.stat()
        mark = (found.st_ino, found.st_size, found.st_mtime_ns)
        known = self._known.get(path)
        if known is not None and known[0] == mark:
            return known[1]
        file = read_model_file(path)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[path] = (mark, file)
        return file
