"""Takes pictures of the first run's guide, in every look and language.

    python -m tests.journeys.first_run_pictures [FOLDER]

The machine, its doctor and the Hub are the tests', and the plans are made up; what is advised is
what the engine advises for a machine with one card.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.main import Fullbore, Options
from app.presenters.guide.presenter import Step
from app.presenters.guide.starting import Start
from app.settings import SettingsFile, UiSettings
from app.starting import version
from engine.background.words import Placed
from engine.config import Home, LoadWish
from engine.download.values import Advised, Curated, Quantization
from engine.fit.plan import Interval
from engine.fit.rigs import parse_rig
from engine.fit.saying import say
from engine.hardware.catalogue import read_catalogue
from engine.hardware.machine import Cpu, Machine
from engine.planner.curated import advise, read_curated, starter
from tests.support.discovery import FakeDiscovery, hit, page, quantization
from tests.support.engine import FakeEngine
from tests.support.packs import OFFERED
from tests.support.plans import GIB, PlannedMachine

REPOSITORY = Path(__file__).parents[2]
LANGUAGES = {"en": "en", "zh": "zh_CN"}
MACHINE = "RTX 4090, 96 GB DDR5-5600"
NAME = "NVIDIA GeForce RTX 4090"
CARD = (NAME, 24 * GIB, GIB)
WHY = say("Models run many times faster on {cards:names}.", cards=(NAME,))
SIZE = (1280, 860)
PAUSE_MS = 700
STEP_MS = 10
PATIENCE_MS = 30_000


class CuratedHub(FakeDiscovery):
    """Has every repository worth knowing, with one quantization each."""

    def __init__(self, rig: Callable[[], PlannedMachine]) -> None:
        super().__init__(rig)
        self._told: tuple[Advised, ...] = ()
        for one in read_curated():
            offered = (quantization("Q4_K_M", one.size_bytes),)
            self.pages[one.id] = page(hit(one.id), offered)

    @override
    def _placed(
        self, repository: str, one: Quantization, wish: LoadWish, rig: PlannedMachine
    ) -> Placed:
        """As fast as the engine lets expect, partly in RAM where the card is too small."""
        if one.size_bytes > 24 * GIB:
            wish = wish.model_copy(update={"gpu_layers": 11})
        made = super()._placed(repository, one, wish, rig)
        hoped = next((row for row in self._told if row.curated.id == repository), None)
        if hoped is None:
            return made
        expected = hoped.decode_tps * (0.4 if hoped.on_cards else 0.75)
        speed = Interval(low=expected * 0.8, expected=expected, high=expected * 1.2)
        pace = replace(made.plan.pace, decode_tps=speed)
        kind = "gpu" if one.size_bytes < 24 * GIB else "layers"
        return replace(made, kind=kind, plan=replace(made.plan, pace=pace))

    @override
    def advised(self, disk_bytes: int, /) -> tuple[Advised, ...]:
        rig = parse_rig(MACHINE, read_catalogue())
        self._told = advise(read_curated(), rig, disk_bytes)
        return self._told

    @override
    def starter(self) -> Curated | None:
        return starter(read_curated())


class NewcomersEngine(FakeEngine):
    """Of one card that waits for its pack, and was never measured."""

    def __init__(self) -> None:
        super().__init__(models=())
        self.rig = PlannedMachine(cards=(CARD,), memory_bytes=96 * GIB)
        self.discovery = CuratedHub(lambda: self.rig)
        self.pack.now = replace(OFFERED, reason=WHY)
        self.measuring.known = None
        self.doctor.checks = ()
        self._loop: asyncio.AbstractEventLoop | None = None

    @override
    def machine(self) -> Machine:
        cpu = Cpu(name="AMD Ryzen 9 7950X", physical_cores=16, logical_cores=32)
        return replace(super().machine(), cpu=cpu, memory_bytes=96 * GIB)

    @override
    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await super().start()

    def let(self, happen: Callable[[], object]) -> None:
        """Let that happen on the engine's thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(happen)


def main(arguments: list[str]) -> int:
    """All pictures, or with `--one LOOK LANGUAGE FOLDER` those of one window."""
    if arguments[:1] == ["--one"]:
        take(arguments[1], arguments[2], Path(arguments[3]))
        return 0
    folder = Path(arguments[0] if arguments else REPOSITORY / "docs" / "pictures").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for look in ("light", "dark"):
        for language in LANGUAGES:
            one = ["--one", look, language, str(folder)]
            subprocess.run(
                [sys.executable, "-m", "tests.journeys.first_run_pictures", *one],
                cwd=REPOSITORY,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                check=True,
                timeout=120,
            )
    return 0


def take(look: str, language: str, folder: Path) -> None:
    """The three pages, the starter on its way, and the model that arrived meanwhile."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name) / "home")
        home.make()
        chosen = UiSettings.model_validate(
            {"theme": look, "language": LANGUAGES[language], "seen_version": version()}
        )
        SettingsFile(home.ui_toml).change(chosen)
        app = QApplication([])
        engine = NewcomersEngine()
        engine.models_folder.path = home.models
        fullbore = Fullbore(app, home, Options(), lambda: engine)
        fullbore.window.resize(*SIZE)
        fullbore.show()
        try:
            pictures(fullbore, engine, folder, f"{look}_{language}")
        finally:
            fullbore.close()


def pictures(fullbore: Fullbore, engine: NewcomersEngine, folder: Path, dress: str) -> None:
    """As a newcomer sees it."""
    guide = fullbore.screens.guide
    advising, starting = guide.advising, guide.starting

    def save(name: str) -> None:
        QCursor.setPos(0, 0)  # nothing is pointed at
        pause = QDeadlineTimer(PAUSE_MS)
        until(pause.hasExpired)
        fullbore.window.grab().save(str(folder / f"first_run_{name}_{dress}.png"))

    until(lambda: guide.examined and guide.machine is not None)
    save("1")
    guide.turn(Step.PLACES)
    until(lambda: fullbore.screens.hub.trial is not None)
    save("2")
    guide.turn(Step.MODELS)
    until(lambda: bool(advising.rows) and not advising.planning)
    save("3")
    best = advising.rows[1]
    advising.fetch(best)
    guide.forward()
    until(lambda: starting.stage is Start.BRINGING)
    assert starting.download is not None
    first = starting.download.id
    engine.let(lambda: engine.downloads.advance(best.name, 3 * 10**9, 84e6))
    engine.let(lambda: engine.downloads.advance(first, 10**8, 24e6))
    until(lambda: starting.fraction > 0)
    save("4")
    engine.let(lambda: engine.arrive(first))
    until(lambda: not guide.open)
    engine.let(lambda: engine.arrive(best.name))
    until(lambda: guide.arrived is not None)
    save("5")


def until(true: Callable[[], bool]) -> None:
    """Let the window live until that is so."""
    patience = QDeadlineTimer(PATIENCE_MS)
    while not true():
        if patience.hasExpired():
            raise TimeoutError("It did not happen.")
        QTest.qWait(STEP_MS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
