"""Why llama.cpp refused a load: a cheap look at the file before, its log after."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import (
    LoadFailed,
    ModelError,
    ModelNotFound,
    NotAModel,
    OutOfMemory,
    TruncatedModel,
    UnknownArchitecture,
)

_MAGIC = b"GGUF"

_TRUNCATED = (
    "not within the file bounds",
    "failed to read tensor",
    "failed to read key-value",
    "failed to read header",
    "unexpectedly reached end of file",
    "data is incomplete",
)
_EMPTY = "failed to load model from"
_MEMORY = (
    "out of memory",
    "outofdevicememory",
    "unable to allocate",
    "failed to allocate",
    "cannot allocate memory",
    "std::bad_alloc",
)


def check_file(path: Path) -> None:
    """Raise ModelNotFound, NotAModel or LoadFailed before llama.cpp is bothered."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except FileNotFoundError:
        raise ModelNotFound(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise NotAModel(f"{path} is a folder, not a model.") from None
    except OSError as problem:
        raise LoadFailed(f"{path} could not be read: {problem.strerror or problem}.") from problem
    if magic != _MAGIC:
        raise NotAModel(f"{path.name} is not a GGUF file.")


def refusal(path: Path, log: Sequence[str]) -> ModelError:
    """The error that llama.cpp's own complaints amount to."""
    said = "\n".join(log).lower()
    reason = _reason(log)
    if "unknown model architecture" in said:
        return UnknownArchitecture(
            f"{path.name} is a kind of model this llama.cpp does not know: {reason}."
        )
    if any(words in said for words in _TRUNCATED):
        return TruncatedModel(f"{path.name} is incomplete: {reason}.")
    if any(words in said for words in _MEMORY):
        return OutOfMemory(f"There is not enough memory to load {path.name}: {reason}.")
    if "invalid magic" in said:
        return NotAModel(f"{path.name} is not a GGUF file: {reason}.")
    return LoadFailed(f"llama.cpp could not load {path.name}: {reason}.")


def _reason(log: Sequence[str]) -> str:
    """The line that says most: the loader's own verdict, else the first complaint.

    That it failed to load the file is no reason.
    """
    lines = [line.strip() for line in log if line.strip()]
    if not lines:
        return "it gave no reason"
    verdicts = [line for line in lines if "error loading model" in line and _EMPTY not in line]
    line = verdicts[0] if verdicts else lines[0]
    # "llama_model_load: error loading model: …" begins with the name of a function.
    _, separator, said = line.partition(": ")
    return (said if separator else line).removeprefix("error loading model: ").rstrip(".")
