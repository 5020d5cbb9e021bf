"""Pictures of the real window with the real engine, for docs/pictures and for eyes.

    python -m tests.journeys.screenshots STARTER.gguf [FOLDER]

Starts Xvfb, and in it one window for each look and language. Placements and quantizations are shown
of big models' headers on machines that are only named: the planner plans them as
`fullbore plan --machine` does. The monitor with several cards is shown of readings that were made
up (`tests.support.monitoring`) and told as if the engine had: in windows of their own, whose engine
is the tests' and loads nothing.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.main import Fullbore, Options
from app.presenters.placement.pins import Knob
from app.starting import version
from engine.config import EngineConfig, Home, write_config
from engine.host.facts import Phase
from tests.journeys.shown_chats import remember
from tests.journeys.shown_engines import ElsewhereEngine, MeasuredEngine, elsewhere
from tests.support.ghosts import write_ghost
from tests.support.hub import Hub

REPOSITORY = Path(__file__).parents[2]
LOOKS = ("light", "dark")
LANGUAGES = {"en": "en", "zh": "zh_CN"}
QUANTIZATIONS = ("Q2_K", "Q3_K_M", "IQ4_XS", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0")
HEADER_BYTES = 8 << 20
QUESTION = [{"role": "user", "content": "Name three rivers of Asia."}]
REQUESTS: dict[str, dict[str, object]] = {
    "/v1/messages": {"max_tokens": 48, "messages": QUESTION},
    "/api/chat": {
        "stream": False,
        "options": {"num_predict": 24},
        "messages": QUESTION,
    },
    "/v1/chat/completions": {"max_tokens": 64, "messages": QUESTION},
}
REPOSITORY_SHOWN = "bartowski/Qwen3-32B-GGUF"
MACHINE_SHOWN = "RTX 4090 + RTX 3060 12GB, 64 GB DDR5-5600"
# On the shelf, beside the starter: shapes, and the files they are in.
SHELF = {
    "qwen3-30b-a3b": "unsloth/Qwen3-30B-A3B-GGUF/Qwen3-30B-A3B-Q4_K_M.gguf",
    "gemma3-27b": "ggml-org/gemma-3-27b-it-GGUF/gemma-3-27b-it-Q4_K_M.gguf",
    "llama-8b": "bartowski/Meta-Llama-3.1-8B-Instruct-GGUF/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf",
}
COMING = "unsloth/SmolLM2-135M-Instruct-GGUF"
COMING_BYTES_PER_SECOND = 3e6
CARD = """# Qwen3 32B

Quantizations of [Qwen3 32B](https://huggingface.co/Qwen/Qwen3-32B), a dense model
that reasons when it is told to.
"""
# Pictures of placements: the shape of the model, its file, the machine, and what is pinned.
SCENES: dict[str, tuple[str, str, str, dict[Knob, object]]] = {
    "placement_experts": (
        "gpt-oss-120b",
        "gpt-oss-120b-MXFP4",
        "RTX 4090 + RTX 3060 12GB, 128 GB DDR5-5600",
        {"context_tokens": 65536},
    ),
    "placement": (
        "llama-70b",
        "Llama-3.3-70B-Instruct-Q4_K_M",
        "2x RTX 3090, 128 GB DDR4-3200",
        {},
    ),
}
PANEL = (1180, 930)
MONITORS = (0, 1, 2, 8)  # cards
PAUSE_MS = 700
STEP_MS = 10
PATIENCE_MS = 120_000


def main(arguments: list[str]) -> int:
    """All pictures, or with `--one LOOK LANGUAGE` those of one window in the present display."""
    if arguments[:1] == ["--one"]:
        take(arguments[1], arguments[2], Path(arguments[3]), Path(arguments[4]))
        return 0
    model = Path(arguments[0]).absolute()
    folder = Path(arguments[1] if len(arguments) > 1 else REPOSITORY / "docs" / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        display = f":{server.stdout.readline().strip()}"
        try:
            for look in LOOKS:
                for language in LANGUAGES:
                    one = ["--one", look, language, str(model), str(folder.absolute())]
                    subprocess.run(
                        [sys.executable, "-m", "tests.journeys.screenshots", *one],
                        cwd=REPOSITORY,
                        env={"DISPLAY": display, "PATH": "/usr/bin:/bin"},
                        check=True,
                        timeout=300,
                    )
        finally:
            server.terminate()
    return 0


def take(look: str, language: str, model: Path, folder: Path) -> None:
    """The pictures of one look in one language."""
    with ExitStack() as stack:
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home")
        home.make()
        (home.models / model.name).symlink_to(model.resolve(strict=True))
        hub = stack.enter_context(Hub())
        offer(hub, model)
        stock(home)
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        # Whatever it is called: of several models, only a known starter is loaded unasked.
        last = f'last_model = "{model.stem}"\n'
        home.ui_toml.write_text(chosen(look, language) + last, "utf-8")
        remember(home)
        app = QApplication([])
        fullbore = Fullbore(app, home, Options(), lambda: elsewhere(home))
        stack.callback(fullbore.close)
        fullbore.show()
        session = Session(
            fullbore, home, hub, lambda name: folder / f"{name}_{look}_{language}.png"
        )
        session.run()
        monitors(app, look, language, folder)


def chosen(look: str, language: str) -> str:
    """The settings of somebody who knows this version."""
    return (
        f'theme = "{look}"\nlanguage = "{LANGUAGES[language]}"\n'
        f'guide_done = true\nseen_version = "{version()}"\n'
    )


def monitors(app: QApplication, look: str, language: str, folder: Path) -> None:
    """The monitor and the panel beside the chat, of made readings of no card and of several."""
    for cards in MONITORS:
        with ExitStack() as stack:
            home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "home")
            home.make()
            home.ui_toml.write_text(chosen(look, language), "utf-8")
            fullbore = Fullbore(app, home, Options(), partial(MeasuredEngine, cards))
            stack.callback(fullbore.close)
            fullbore.show()
            session = Session(
                fullbore, home, None, lambda name: folder / f"{name}_{look}_{language}.png"
            )
            session.monitor(cards)


def ask(address: str, body: dict[str, object]) -> "subprocess.Popen[bytes]":
    """As another program asks the port."""
    command = ["curl", "--silent", "--header", "Content-Type: application/json"]
    return subprocess.Popen(
        [*command, "--data", json.dumps(body), address], stdout=subprocess.DEVNULL
    )


def offer(hub: Hub, model: Path) -> None:
    """Repositories to be found: one of true headers without weights, one that can be fetched."""
    files, sizes = ghosts()
    shown = hub.add(REPOSITORY_SHOWN, {**files, "README.md": CARD.encode()})
    shown.announced_bytes.update(sizes)
    hub.add(COMING, {model.name: model.read_bytes()})
    for name, downloads, likes, parameters, architecture in (
        (REPOSITORY_SHOWN, 48_200, 131, 32_762_123_264, "qwen3"),
        ("unsloth/Qwen3-8B-GGUF", 112_000, 204, 8_190_735_360, "qwen3"),
        ("unsloth/Qwen3-235B-A22B-GGUF", 21_900, 88, 235_093_634_560, "qwen3moe"),
        ("ggml-org/Qwen3-0.6B-GGUF", 36_500, 27, 596_049_920, "qwen3"),
    ):
        one = hub.repositories.get(name) or hub.add(name, {"a-Q8_0.gguf": b"GGUF"})
        one.downloads, one.likes = downloads, likes
        one.tags = ("gguf", "license:apache-2.0", "base_model:Qwen/Qwen3-32B")
        one.gguf = {"total": parameters, "architecture": architecture, "context_length": 40960}


def ghosts() -> tuple[dict[str, bytes], dict[str, int]]:
    """Headers of each quantization of a 32B, and the sizes their files would have."""
    files: dict[str, bytes] = {}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        ghost = Path(folder) / "ghost.gguf"
        for label in QUANTIZATIONS:
            name = f"Qwen3-32B-{label}.gguf"
            sizes[name] = write_ghost(f"qwen3-32b:{label}", ghost, whole=False)
            with ghost.open("rb") as file:
                files[name] = file.read(HEADER_BYTES)
    return files, sizes


def stock(home: Home) -> None:
    """Models on the shelf that are headers and holes."""
    for shape, place in SHELF.items():
        file = home.models / place
        file.parent.mkdir(parents=True)
        write_ghost(shape, file, whole=False)


class Session:
    """Walks one window through its pictures, waiting for facts in between."""

    def __init__(
        self, fullbore: Fullbore, home: Home, hub: Hub | None, file: Callable[[str], Path]
    ) -> None:
        self._fullbore = fullbore
        self._home = home
        self._hub = hub
        self._file = file

    def run(self) -> None:
        """All pictures."""
        window, screens = self._fullbore.window, self._fullbore.screens
        self._until(lambda: screens.models.phase is Phase.READY)
        self._until(lambda: screens.server.address is not None)
        self._until(lambda: len(screens.machine.history) > 8)
        self._save("chat", window)
        self._serve()
        self._discover()
        self._library()
        window.open_chat()
        for name in SCENES:
            self._place(name)
        window.close()

    def monitor(self, cards: int) -> None:
        """That many cards, after five minutes that nobody measured."""
        window, screens = self._fullbore.window, self._fullbore.screens
        self._until(lambda: screens.models.phase is Phase.READY)
        self._until(lambda: screens.monitor.moment.at > 0 and len(screens.monitor.cards) == cards)
        screen = window.open_monitor()
        self._save(f"monitor_{cards}", window)
        screen.save_picture(self._file(f"monitor_{cards}_whole"))
        window.open_chat()
        self._save(f"monitor_{cards}_chat", window)
        window.close()

    def _serve(self) -> None:
        """The Server screen, after other programs have asked."""
        window, server = self._fullbore.window, self._fullbore.screens.server
        model = self._fullbore.screens.models.current or ""
        asked = [
            ask(f"{server.address}{path}", {**body, "model": model})
            for path, body in REQUESTS.items()
        ]
        self._until(lambda: all(process.poll() is not None for process in asked))
        screen = window.open_server()
        self._save("server", window)
        rows = server.requests.list.rows
        self._until(lambda: len(rows) == len(asked))
        screen.turn_to(1)
        screen.requests.choose(rows[-1].id)
        self._save("requests", window)
        window.open_chat()

    def _discover(self) -> None:
        """The first page, and a repository planned for a machine that is not here."""
        window, screens = self._fullbore.window, self._fullbore.screens
        discover = window.open_discover()
        self._until(lambda: bool(screens.discover.worthy_list.rows))
        self._save("discover", window)
        discover.sieve.search.setText("Qwen3")
        screens.discover.search_now()
        self._until(lambda: len(screens.discover.finds_list.rows) > 3)
        screens.discover.open(REPOSITORY_SHOWN)
        screens.picker.plan_for(MACHINE_SHOWN)
        self._until(lambda: screens.picker.advised is not None and not screens.picker.planning)
        assert screens.picker.failure is None
        assert len(screens.picker.offers) == len(QUANTIZATIONS)
        self._save("picker", window)

    def _library(self) -> None:
        """The shelf, while a model is on its way."""
        assert self._hub is not None
        window, screens = self._fullbore.window, self._fullbore.screens
        screens.picker.plan_for(None)
        screens.discover.open(COMING)
        self._until(
            lambda: screens.picker.page is not None and screens.picker.page.hit.id == COMING
        )
        self._until(lambda: screens.picker.advised is not None)
        self._hub.faults.line_bytes_per_second = COMING_BYTES_PER_SECOND
        screens.picker.fetch(screens.picker.offers[0])
        window.open_library()
        self._until(lambda: screens.downloads.fraction > 0.1)
        self._save("library", window)
        for download in screens.downloads.downloads:
            screens.downloads.remove(download.id)
        self._until(lambda: not screens.downloads.downloads)
        self._hub.faults.line_bytes_per_second = None

    def _place(self, name: str) -> None:
        """The placement of a header with no weights, on a machine that is not here."""
        window, screens = self._fullbore.window, self._fullbore.screens
        shape, title, machine, pins = SCENES[name]
        write_ghost(shape, self._home.models / f"{title}.gguf", whole=False)
        screens.models.refresh()
        self._until(lambda: any(one.id == title for one in screens.models.models))
        ElsewhereEngine.named = machine
        panel, placement = window.open_placement(title), screens.placement
        assert panel is not None
        panel.resize(*PANEL)
        self._until(lambda: placement.plan is not None and not placement.planning)
        for knob, value in pins.items():
            placement.pin(knob, value)
        self._until(lambda: not placement.planning)
        self._save(name, panel)
        gone = QEventLoop()  # only a loop deletes what is to be deleted later
        panel.destroyed.connect(gone.quit)
        panel.close()
        gone.exec()
        ElsewhereEngine.named = None

    def _until(self, true: Callable[[], bool]) -> None:
        patience = QDeadlineTimer(PATIENCE_MS)
        while not true():
            if patience.hasExpired():
                said = self._fullbore.window.banner.sentence
                phase = self._fullbore.screens.models.phase
                raise TimeoutError(f"It did not happen; the model is {phase.value}. {said}")
            QTest.qWait(STEP_MS)  # not in circles: the engine's thread wants its share of Python

    def _save(self, name: str, shown: QWidget) -> None:
        QCursor.setPos(0, 0)  # nothing is pointed at
        pause = QDeadlineTimer(PAUSE_MS)
        self._until(pause.hasExpired)
        shown.grab().save(str(self._file(name)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
