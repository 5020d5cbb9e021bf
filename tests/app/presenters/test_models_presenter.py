from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.lists.row_list import ListRole
from app.presenters.models import ModelsPresenter, first_model
from app.settings import SettingsFile, UiSettings
from engine.config import Home, LoadWish
from engine.errors import OutOfMemory
from engine.events import ShelfChanged
from engine.host.facts import Phase
from tests.support.engine import CONTEXT_TOKENS, FakeEngine, shelf_model


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(("tiny", "other"))


@pytest.fixture
def settings(home: Home) -> SettingsFile:
    return SettingsFile(home.ui_toml)


@pytest.fixture
def models(bridge: EngineBridge, settings: SettingsFile) -> ModelsPresenter:
    return ModelsPresenter(bridge, settings)


def begin(bridge: EngineBridge, models: ModelsPresenter, qtbot: QtBot) -> None:
    assert not models.shelf_known
    bridge.start()
    qtbot.waitUntil(lambda: models.shelf_known)


def choose(models: ModelsPresenter, qtbot: QtBot, model: str) -> None:
    models.choose(model)
    qtbot.waitUntil(lambda: (models.current, models.phase) == (model, Phase.READY))


def test_that_choosing_a_model_loads_it_and_remembers_it(
    bridge: EngineBridge, models: ModelsPresenter, settings: SettingsFile, home: Home, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)
    assert [model.id for model in models.models] == ["tiny", "other"]
    assert (models.current, models.phase) == (None, Phase.STOPPED)
    fractions: list[float] = []
    models.progress.connect(fractions.append)
    choose(models, qtbot, "tiny")
    assert fractions == [0.0, 0.5]
    assert models.context_tokens == CONTEXT_TOKENS
    qtbot.waitUntil(lambda: settings.settings.last_model == "tiny")
    assert SettingsFile(home.ui_toml).settings.last_model == "tiny"
    marks = [models.models_list.index(row).data(ListRole.CURRENT) for row in range(2)]
    assert marks == [True, False]


def test_that_choosing_another_replaces_it_and_choosing_it_again_does_nothing(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)
    choose(models, qtbot, "tiny")
    choose(models, qtbot, "other")
    models.choose("other")
    assert [model for model, _ in engine.loads] == ["tiny", "other"]
    models.unload()
    qtbot.waitUntil(lambda: models.current is None)
    assert models.phase is Phase.STOPPED


def test_that_the_last_model_is_loaded_at_the_start(
    bridge: EngineBridge, settings: SettingsFile, qtbot: QtBot
) -> None:
    settings.change(UiSettings(last_model="other"))
    models = ModelsPresenter(bridge, settings)
    bridge.start()
    qtbot.waitUntil(lambda: (models.current, models.phase) == ("other", Phase.READY))


@pytest.mark.parametrize(
    ("shelf", "last", "first"),
    [
        ((), None, None),
        (("a",), None, "a"),
        (("a", "b"), "b", "b"),
        (("a", "b"), "gone", None),
        (("a", "SmolLM2-135M-Instruct.Q4_1"), None, "SmolLM2-135M-Instruct.Q4_1"),
    ],
)
def test_that_the_first_model_is_the_last_the_only_or_the_starter(
    shelf: tuple[str, ...], last: str | None, first: str | None
) -> None:
    assert first_model(tuple(shelf_model(name) for name in shelf), last) == first


def test_that_a_broken_model_is_never_loaded_unasked() -> None:
    assert first_model((shelf_model("a", broken="Torn."),), "a") is None


def test_that_a_load_can_be_cancelled_without_complaint(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    engine.load_holds = True
    begin(bridge, models, qtbot)
    told: list[str] = []
    models.failed.connect(told.append)
    models.choose("tiny")
    qtbot.waitUntil(lambda: models.fraction > 0)
    models.cancel_load()
    qtbot.waitUntil(lambda: models.current is None)
    bridge.tell(lambda _: engine.let_load())
    choose(models, qtbot, "other")
    assert told == []


def test_that_a_failed_load_is_told_once(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)
    told: list[str] = []
    models.failed.connect(told.append)
    engine.load_failure = OutOfMemory("The card has no room.")
    models.choose("tiny")
    qtbot.waitUntil(lambda: bool(told) and models.current is None)
    engine.load_failure = None
    choose(models, qtbot, "other")  # whatever was under way has arrived by now
    assert told == [OutOfMemory("The card has no room.").sentence]


def test_that_a_death_is_told(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)
    choose(models, qtbot, "tiny")
    told: list[str] = []
    models.failed.connect(told.append)
    bridge.tell(lambda _: engine.die())
    qtbot.waitUntil(lambda: bool(told))
    assert "Ask again" in told[0]
    assert models.current is None


def test_that_a_model_is_loaded_as_wished_and_so_from_then_on(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)
    short, longer = LoadWish(context_tokens=1024, gpu_layers=0), LoadWish(context_tokens=2048)
    models.load_with("tiny", short)
    models.load_with("tiny", longer)
    qtbot.waitUntil(lambda: len(engine.loads) == 2 and models.phase is Phase.READY)
    models.unload()
    qtbot.waitUntil(lambda: models.current is None)
    choose(models, qtbot, "tiny")
    assert engine.loads == [("tiny", short), ("tiny", longer), ("tiny", longer)]


def test_that_a_changed_shelf_is_shown(
    bridge: EngineBridge, models: ModelsPresenter, engine: FakeEngine, qtbot: QtBot
) -> None:
    begin(bridge, models, qtbot)

    def arrive(_: object) -> None:
        engine.shelf = (*engine.shelf, shelf_model("new"))
        engine.tell(ShelfChanged())

    bridge.tell(arrive)
    qtbot.waitUntil(lambda: len(models.models) == 3)


def test_that_settings_that_cannot_be_written_are_told(
    bridge: EngineBridge, tmp_path: Path, qtbot: QtBot
) -> None:
    models = ModelsPresenter(bridge, SettingsFile(tmp_path / "missing" / "ui.toml"))
    begin(bridge, models, qtbot)
    with qtbot.waitSignal(models.failed):
        models.choose("tiny")
