"""The projector that lies beside a model, and gives it eyes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError
from engine.gguf.names import model_name
from engine.gguf.reader import Header, read_header

_MARK = re.compile(r"(?:^|[-._ ])mmproj(?=[-._ ]|$)", re.IGNORECASE)
_LABEL = re.compile(r"[-._ ]?(?:bf16|fp?16|fp?32|q\d[a-z0-9_]*|model)(?=[-._ ]|$)", re.IGNORECASE)
_FASTEST = ("f16", "bf16", "q8_0", "f32")
USUAL_TOKENS = 1024  # of a picture, where its size is free


@dataclass(frozen=True, slots=True, kw_only=True)
class Projector:
    """A projector's file, what its tensors take, and how much it makes of one picture."""

    path: Path
    weights_bytes: int
    embedding: int
    picture_tokens: int


def projector_beside(model: Path, *, embedding: int) -> Projector | None:
    """The projector for that model, of that width, in its folder or the one above.

    One that names another model is none of its own. Headers only are read; never raises.
    """
    found = [one for path in _candidates(model) if (one := _read(path, embedding)) is not None]
    near = [one for one in found if one.path.parent == model.parent]
    return min(near or found, key=lambda one: _rank(one.path), default=None)


def _candidates(model: Path) -> Iterator[Path]:
    name = model_name(model.name)
    stem = _plain(name.stem if name else model.stem)
    for folder in (model.parent, model.parent.parent):
        try:
            files = sorted(folder.glob("*.gguf"))
        except OSError:
            continue
        for path in files:
            if _MARK.search(path.stem):
                said = _plain(_LABEL.sub("", _MARK.sub("", path.stem)))
                if stem.startswith(said):
                    yield path


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _rank(path: Path) -> tuple[int, str]:
    named = re.sub(r"fp(?=16|32)", "f", path.stem.lower())
    for rank, label in enumerate(_FASTEST):
        if re.search(rf"(?<![a-z]){label}", named):
            return rank, path.name
    return len(_FASTEST), path.name


def _read(path: Path, embedding: int) -> Projector | None:
    try:
        with path.open("rb") as source:
            header = read_header(source)
    except (ModelError, OSError):
        return None
    if header.metadata.get("general.architecture") != "clip" or not _number(header, "block_count"):
        return None
    # Some, whose width is told otherwise, leave it out or write 0.
    if _number(header, "projection_dim") not in {0, embedding}:
        return None
    patches = (_number(header, "image_size") // max(1, _number(header, "patch_size"))) ** 2
    return Projector(
        path=path,
        weights_bytes=sum(tensor.size_bytes for tensor in header.tensors),
        embedding=_number(header, "embedding_length"),
        picture_tokens=max(USUAL_TOKENS, patches // 4),
    )


def _number(header: Header, key: str) -> int:
    value = header.metadata.get(f"clip.vision.{key}")
    return value if isinstance(value, int) and 0 <= value < 1 << 20 else 0
