"""Which folders hold models: Fullbore's own, those of one's own, and other programs'.

Where other programs keep theirs is data, checked in 2026 against each program's documentation.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from engine.config import EngineConfig, Home
from engine.library.files import Folder, Origin

_ALL = ("linux", "darwin", "win32")


@dataclass(frozen=True, slots=True)
class _Usual:
    """A program's usual folder. `$NAME` is a variable of the environment; unset, there is none."""

    origin: Origin
    path: str
    systems: tuple[str, ...] = _ALL


# KoboldCpp has no folder of its own: it is told a file at each start.
_USUAL = (
    _Usual(Origin.LM_STUDIO, "~/.lmstudio/models"),
    _Usual(Origin.LM_STUDIO, "~/.cache/lm-studio/models"),
    _Usual(Origin.OLLAMA, "$OLLAMA_MODELS"),
    _Usual(Origin.OLLAMA, "~/.ollama/models"),
    _Usual(Origin.OLLAMA, "/usr/share/ollama/.ollama/models", ("linux",)),
    _Usual(Origin.OLLAMA, "/var/lib/ollama", ("linux",)),
    _Usual(Origin.JAN, "~/jan/models"),
    _Usual(Origin.JAN, "$XDG_DATA_HOME/Jan/data/llamacpp/models", ("linux",)),
    _Usual(Origin.JAN, "~/.local/share/Jan/data/llamacpp/models", ("linux",)),
    _Usual(Origin.JAN, "~/.config/Jan/data/llamacpp/models", ("linux",)),
    _Usual(Origin.JAN, "~/Library/Application Support/Jan/data/llamacpp/models", ("darwin",)),
    _Usual(Origin.JAN, "$APPDATA/Jan/data/llamacpp/models", ("win32",)),
    _Usual(Origin.GPT4ALL, "$XDG_DATA_HOME/nomic.ai/GPT4All", ("linux",)),
    _Usual(Origin.GPT4ALL, "~/.local/share/nomic.ai/GPT4All", ("linux",)),
    _Usual(Origin.GPT4ALL, "~/Library/Application Support/nomic.ai/GPT4All", ("darwin",)),
    _Usual(Origin.GPT4ALL, "$LOCALAPPDATA/nomic.ai/GPT4All", ("win32",)),
    _Usual(Origin.TEXT_GENERATION_WEBUI, "~/text-generation-webui/user_data/models"),
    _Usual(Origin.TEXT_GENERATION_WEBUI, "~/text-generation-webui/models"),
    _Usual(Origin.HUGGING_FACE, "$HF_HUB_CACHE"),
    _Usual(Origin.HUGGING_FACE, "$HF_HOME/hub"),
    _Usual(Origin.HUGGING_FACE, "$XDG_CACHE_HOME/huggingface/hub"),
    _Usual(Origin.HUGGING_FACE, "~/.cache/huggingface/hub"),
)


def foreign_folders(
    environment: Mapping[str, str], *, system: str = sys.platform
) -> tuple[Folder, ...]:
    """The folders of other programs that exist on this machine, each once."""
    found: dict[Path, Folder] = {}
    for usual in _USUAL:
        path = _place(usual.path, environment, system) if system in usual.systems else None
        real = _folder(path) if path is not None else None
        if path is not None and real is not None and real not in found:
            found[real] = Folder(path=path, origin=usual.origin)
    return tuple(found.values())


def shelf_folders(home: Home, config: EngineConfig) -> tuple[Folder, ...]:
    """All that is to be searched, Fullbore's own first."""
    own = Folder(path=home.models)
    added = (Folder(path=path, origin=Origin.FOLDER) for path in config.folders)
    foreign = (one for one in foreign_folders(home.environment) if one.origin in config.foreign)
    return (own, *added, *foreign)


def _place(usual: str, environment: Mapping[str, str], system: str) -> Path | None:
    known = {name: value for name, value in environment.items() if value}
    home = "$USERPROFILE" if system == "win32" else "$HOME"
    try:
        path = Path(Template(usual.replace("~", home, 1)).substitute(known))
    except KeyError:  # that variable is not set
        return None
    return path if path.is_absolute() else None


def _folder(path: Path) -> Path | None:
    try:
        return path.resolve() if path.is_dir() else None
    except (OSError, RuntimeError, ValueError):
        return None
