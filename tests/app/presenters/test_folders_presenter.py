from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.folders import FoldersPresenter
from engine.errors import BadRequest
from engine.library.files import ForeignFolder, Origin
from tests.support.engine import FakeEngine


def found(origin: Origin, *, used: bool) -> ForeignFolder:
    return ForeignFolder(
        origin=origin, path=Path(f"/{origin.value}"), models=2, size_bytes=10, used=used
    )


@pytest.fixture
def folders(bridge: EngineBridge, engine: FakeEngine, tmp_path: Path) -> FoldersPresenter:
    engine.keeper.found = (
        found(Origin.OLLAMA, used=True),
        found(Origin.LM_STUDIO, used=False),
    )
    presenter = FoldersPresenter(bridge, tmp_path)
    bridge.start()
    return presenter


def test_that_a_file_that_is_dropped_in_brings_its_folder(
    folders: FoldersPresenter, tmp_path: Path, qtbot: QtBot
) -> None:
    folders.add(tmp_path / "own" / "tiny-00001-of-00002.GGUF")
    qtbot.waitUntil(lambda: folders.own == (tmp_path / "own",))
    folders.add(tmp_path / "other")
    qtbot.waitUntil(lambda: len(folders.own) == 2)
    folders.remove(tmp_path / "own")
    qtbot.waitUntil(lambda: folders.own == (tmp_path / "other",))


def test_that_other_programs_are_used_or_not_one_by_one(
    folders: FoldersPresenter, qtbot: QtBot
) -> None:
    assert folders.foreign == ()
    folders.look_for_foreign()
    assert folders.looking
    qtbot.waitUntil(lambda: not folders.looking)

    def used() -> set[Origin]:
        return {one.origin for one in folders.foreign if one.used}

    assert used() == {Origin.OLLAMA}
    folders.use(Origin.LM_STUDIO, on=True)
    qtbot.waitUntil(lambda: used() == {Origin.OLLAMA, Origin.LM_STUDIO})
    folders.use(Origin.OLLAMA, on=False)
    qtbot.waitUntil(lambda: used() == {Origin.LM_STUDIO})


def test_that_downloads_go_where_they_are_told_and_a_refusal_is_said(
    folders: FoldersPresenter, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> None:
    folders.bring_models_to(tmp_path / "large")
    qtbot.waitUntil(lambda: folders.models_folder == tmp_path / "large")
    engine.models_folder.failure = BadRequest("Nothing can be written there.")
    said = list[str]()
    folders.failed.connect(said.append)
    folders.bring_models_to(tmp_path / "other")
    qtbot.waitUntil(lambda: bool(said))
    assert "Nothing can be written there." in said[0]
    assert folders.models_folder == tmp_path / "large"
