"""An Engine has the desk of the pack, and its workers are told where a pack would be."""

from pathlib import Path

import pytest

from engine.config import EngineConfig, Home
from engine.engine import Engine
from engine.host.children import own_parts
from engine.pack.place import Place, ready_mark, this_version
from engine.pack.values import PackKind, PackState
from engine.worker.pack import pack_and_rest

pytestmark = pytest.mark.anyio


async def test_that_an_engine_tells_of_the_pack_of_its_machine(home: Home) -> None:
    engine = Engine(home, EngineConfig(serve=False))
    try:
        await engine.start()
        found = await engine.pack.settled()
        has_cards = bool(engine.machine().gpus)
    finally:
        await engine.close()
    assert (found.state is PackState.NEEDLESS) or has_cards
    assert str(found.reason)


def test_that_workers_find_the_pack_that_is_ready_and_no_other(tmp_path: Path) -> None:
    worker = own_parts(tmp_path).worker
    words = worker[worker.index("--pack") :]
    assert words == ("--pack", str(ready_mark(tmp_path)))
    assert pack_and_rest([*words, "--dry-run"]) == (None, ["--dry-run"])
    place = Place(tmp_path, this_version())
    folder = place.folder(PackKind.CUDA_13)
    folder.mkdir(parents=True)
    assert pack_and_rest(words)[0] is None
    place.mark_ready(PackKind.CUDA_13)
    assert pack_and_rest(words)[0] == folder
    place.mark_broken(PackKind.CUDA_13, "The card computes wrongly.")
    assert pack_and_rest(words)[0] is None
    assert "--pack" not in own_parts().worker
