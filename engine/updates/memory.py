"""What was heard last, and when: kept between two starts."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.replacing import put_in_place


class Heard(BaseModel):
    """The last manifest, as it was signed; `serial` is the highest that was ever seen."""

    model_config = ConfigDict(frozen=True)

    asked_at: float = 0.0  # seconds since 1970, UTC
    serial: int = 0
    manifest: str = ""
    signature: str = ""


def read_heard(path: Path) -> Heard:
    """What that file holds; nothing, if it is not there or cannot be read."""
    try:
        return Heard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return Heard()


def write_heard(path: Path, heard: Heard) -> None:
    """Replace the file, whole or not at all. Raises OSError."""
    draft = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft.write_text(heard.model_dump_json(), "utf-8")
    put_in_place(draft, path)
