"""When each model was last loaded; kept on disk, and no loss if it is lost."""

import logging
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

_MOST = 4096
_kept: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_log = logging.getLogger(__name__)


class Uses:
    """The last load of each model, by its id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] | None = None

    def at(self, model: str) -> str | None:
        """When it was last loaded, ISO 8601 in UTC; None if that was never seen."""
        return self._read().get(model)

    def now(self, model: str) -> None:
        """It is being used."""
        known = self._read()
        known.pop(model, None)
        known[model] = datetime.now(UTC).isoformat(timespec="seconds")
        for oldest in list(known)[:-_MOST]:
            del known[oldest]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_suffix(".new")
            draft.write_bytes(_kept.dump_json(known))
            draft.replace(self._path)
        except OSError as problem:
            _log.warning("When a model was used could not be kept: %s", problem)

    def _read(self) -> dict[str, str]:
        if self._known is None:
            try:
                self._known = _kept.validate_json(self._path.read_bytes())
            except (OSError, ValidationError):
                self._known = {}
        return self._known
