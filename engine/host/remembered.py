"""Which smaller load worked where one found too little memory; kept on disk."""

import hashlib
import json
import logging
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.protocol.load import LoadSpec

_MOST = 256
_specs: TypeAdapter[LoadSpec] = TypeAdapter(LoadSpec)
_kept: TypeAdapter[dict[str, LoadSpec]] = TypeAdapter(dict[str, LoadSpec])

_log = logging.getLogger(__name__)


class Remembered:
    """Answers with what worked instead of a load that did not. Disposable: a lost file is no loss.

    A load is recognised by its whole description, so a plan that sees more free memory, or other
    wishes, is tried anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, LoadSpec] | None = None

    def instead_of(self, spec: LoadSpec) -> LoadSpec:
        """What worked in its place; itself if it was never found wanting."""
        return self._read().get(_key(spec), spec)

    def keep(self, asked: LoadSpec, worked: LoadSpec) -> None:
        """From now on `worked` stands for `asked`."""
        known = self._read()
        known.pop(_key(asked), None)
        known[_key(asked)] = worked
        for oldest in list(known)[:-_MOST]:
            del known[oldest]
        try:
            draft = self._path.with_suffix(".new")
            draft.write_bytes(_kept.dump_json(known))
            draft.replace(self._path)
        except OSError as problem:
            _log.warning("What worked could not be kept: %s", problem)

    def _read(self) -> dict[str, LoadSpec]:
        if self._known is None:
            try:
                self._known = _kept.validate_json(self._path.read_bytes())
            except (OSError, ValidationError):
                self._known = {}
        return self._known


def _key(spec: LoadSpec) -> str:
    body = json.dumps(_specs.dump_python(spec, mode="json"), sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:32]
