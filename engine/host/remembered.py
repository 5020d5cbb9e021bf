"""Which smaller load worked where one found too little memory; kept on disk."""

import hashlib
import json
from pathlib import Path

from pydantic import TypeAdapter

from engine.host.notebook import Notebook
from engine.protocol.load import LoadSpec

_MOST = 256
_specs: TypeAdapter[LoadSpec] = TypeAdapter(LoadSpec)
_notes: TypeAdapter[dict[str, LoadSpec]] = TypeAdapter(dict[str, LoadSpec])


class Remembered:
    """Answers with what worked instead of a load that did not.

    A load is recognised by its whole description, so a plan that sees more free memory, or other
    wishes, is tried anew.
    """

    def __init__(self, path: Path) -> None:
        self._notes = Notebook(path, _notes, most=_MOST)

    def instead_of(self, spec: LoadSpec) -> LoadSpec:
        """What worked in its place; itself if it was never found wanting."""
        return self._notes.get(_key(spec)) or spec

    def keep(self, asked: LoadSpec, worked: LoadSpec) -> None:
        """From now on `worked` stands for `asked`."""
        self._notes.put(_key(asked), worked)


def _key(spec: LoadSpec) -> str:
    body = json.dumps(_specs.dump_python(spec, mode="json"), sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:32]
