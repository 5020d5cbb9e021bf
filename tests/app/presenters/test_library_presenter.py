from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.library import LibraryPresenter
from engine.errors import DownloadError
from engine.library.files import Details, Origin, Soundness
from engine.library.shelf_model import ShelfModel
from tests.support.engine import FakeEngine, shelf_model


def owned(model_id: str, origin: Origin) -> ShelfModel:
    return replace(shelf_model(model_id), origin=origin)


@pytest.fixture
def library(
    bridge: EngineBridge, engine: FakeEngine, tmp_path: Path, qtbot: QtBot
) -> LibraryPresenter:
    engine.shelf = (
        shelf_model("someone/one:Q4_1"),
        owned("two", Origin.OLLAMA),
        owned("three", Origin.FOLDER),
    )
    presenter = LibraryPresenter(bridge, tmp_path)
    bridge.start()
    qtbot.waitUntil(lambda: presenter.known)
    return presenter


def state(library: LibraryPresenter, model: str) -> Soundness | None:
    line = library.line(model)
    return None if line is None or line.check is None else line.check.soundness


def test_that_the_shelf_is_summed_and_the_disk_is_known(library: LibraryPresenter) -> None:
    assert library.total_bytes == 3 * 98_000_000
    assert library.disk is not None
    assert 0 < library.disk.free_bytes <= library.disk.total_bytes


def test_that_models_are_verified_one_after_the_other(
    library: LibraryPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keeper.verdicts["two"] = Soundness.DAMAGED
    library.verify(["two", "three"])
    library.verify(["two"])  # it is under way already
    qtbot.waitUntil(lambda: not library.checking)
    assert engine.keeper.verified == ["two", "three"]
    assert state(library, "two") is Soundness.DAMAGED
    assert state(library, "three") is Soundness.SOUND


def test_that_a_check_shows_how_far_it_is_and_is_given_up(
    library: LibraryPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keeper.verify_holds = True
    library.verify(["two", "three"])

    def half_way() -> bool:
        line = library.line("two")
        return line is not None and line.check is not None and line.check.fraction == 0.5

    qtbot.waitUntil(half_way)
    library.cancel_verify(["two"])
    qtbot.waitUntil(lambda: engine.keeper.verified == ["two", "three"])
    assert engine.keeper.given_up == ["two"]
    library.cancel_verify()
    qtbot.waitUntil(lambda: engine.keeper.given_up == ["two", "three"])
    assert not library.checking
    assert all(line.check is None for line in library.table.lines)


def test_that_a_check_that_fails_says_why_in_its_row(
    library: LibraryPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keeper.verify_failure = DownloadError("two.gguf cannot be read.")
    library.verify(["two"])
    qtbot.waitUntil(lambda: not library.checking)
    line = library.line("two")
    assert line is not None
    assert line.check is not None
    assert "two.gguf cannot be read." in (line.check.failure or "")


def test_that_a_loaded_model_stays_and_others_go(
    library: LibraryPresenter, bridge: EngineBridge, engine: FakeEngine, qtbot: QtBot
) -> None:
    told: list[str] = []
    library.failed.connect(told.append)
    bridge.ask(lambda engine: engine.load("two"), lambda _: None, lambda _: None)

    def loaded() -> bool:
        line = library.line("two")
        return line is not None and line.loaded

    qtbot.waitUntil(loaded)
    library.delete(["two", "three"])
    qtbot.waitUntil(lambda: len(library.models) == 2)
    assert "two is loaded" in told[0]
    assert {model.id for model in library.models} == {"someone/one:Q4_1", "two"}


def test_that_files_of_others_are_told_from_fullbore_s_own(library: LibraryPresenter) -> None:
    assert library.foreign(["someone/one:Q4_1", "two", "three"]) == ("two", "three")


def test_that_duplicates_are_found_with_what_they_cost(
    library: LibraryPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keeper.twins = (("two", "three"),)
    library.find_twins()
    assert library.comparing
    qtbot.waitUntil(lambda: not library.comparing)
    assert library.spare_bytes == 98_000_000
    line = library.line("two")
    assert line is not None
    assert line.twins == ("three",)
    library.delete(["three"])  # then it is no duplicate any more
    qtbot.waitUntil(lambda: library.twins == ())


def test_that_no_duplicates_and_nothing_newer_are_said(
    library: LibraryPresenter, qtbot: QtBot
) -> None:
    said: list[str] = []
    library.said.connect(said.append)
    library.find_twins()
    library.look_for_newer()
    qtbot.waitUntil(lambda: len(said) == 2)


def test_that_a_newer_version_marks_its_row(
    library: LibraryPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.keeper.newer_ones = frozenset({"someone/one:Q4_1"})
    library.look_for_newer()
    qtbot.waitUntil(lambda: not library.asking)
    assert [line.model.id for line in library.table.lines if line.newer] == ["someone/one:Q4_1"]


def test_that_details_are_read(library: LibraryPresenter, qtbot: QtBot) -> None:
    found: list[Details] = []
    library.details_ready.connect(found.append)
    library.look_into("two")
    qtbot.waitUntil(lambda: bool(found))
    assert found[0].model == "two"
