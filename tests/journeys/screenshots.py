"""Pictures of the real window with the real engine, for docs/pictures and for eyes.

    python -m tests.journeys.screenshots STARTER.gguf [FOLDER]

Starts Xvfb, and in it one window for each look and language. Placements are shown of big models'
headers on machines that are only named: the planner plans them as `fullbore plan --machine` does.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from app.bridge import EngineSurface
from app.main import Fullbore, Options
from app.presenters.placement.pins import Knob
from app.settings import WindowState, write_window_state
from app.store.chats import ChatStore
from app.store.values import Statistics, StoredMessage
from engine.chat import Role
from engine.config import EngineConfig, Home, LoadWish, read_config, write_config
from engine.engine import Engine
from engine.fit.plan import Plan
from engine.fit.rig import Card
from engine.fit.rigs import parse_rig
from engine.hardware.catalogue import read_catalogue
from engine.hardware.machine import Gpu, Machine
from engine.host.facts import Phase
from tests.support.ghosts import write_ghost
from tests.support.hub import Hub

REPOSITORY = Path(__file__).parents[2]
LOOKS = ("light", "dark")
LANGUAGES = {"en": "en", "zh": "zh_CN"}
GIGABYTE = 10**9
OFFERED = {
    "IQ2_M": 11.4,
    "Q3_K_M": 16.0,
    "Q4_K_M": 19.8,
    "Q5_K_M": 23.2,
    "Q6_K": 26.9,
    "Q8_0": 34.8,
}
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
PAUSE_MS = 700
PATIENCE_MS = 120_000
ANSWER = '''The **closed form** follows from a telescoping identity:
$(k+1)^3 - k^3 = 3k^2 + 3k + 1$, summed over $k = 1, \\dots, n$.

A quick numeric check in Python:

```python
def sum_squares(n: int) -> int:
    """Closed form of 1² + 2² + … + n²."""
    return n * (n + 1) * (2 * n + 1) // 6

assert all(sum_squares(n) == sum(k * k for k in range(n + 1)) for n in range(1000))
```

| n | brute force | closed form |
|---|---|---|
| 10 | 385 | 385 |
| 100 | 338 350 | 338 350 |

1. Sum both sides from 1 to *n*.
2. Solve for the sum — 证毕。
'''


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
        (home.models / model.name).symlink_to(model)
        hub = stack.enter_context(Hub())
        offer(hub)
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        home.ui_toml.write_text(f'theme = "{look}"\nlanguage = "{LANGUAGES[language]}"\n', "utf-8")
        remember(home)
        app = QApplication([])
        fullbore = Fullbore(app, home, Options(), lambda: elsewhere(home))
        stack.callback(fullbore.close)
        fullbore.show()
        session = Session(fullbore, home, lambda name: folder / f"{name}_{look}_{language}.png")
        session.run()


def elsewhere(home: Home) -> EngineSurface:
    """The engine of that home, which can be told to plan for another machine."""
    return ElsewhereEngine(home, read_config(home.engine_toml))


class ElsewhereEngine(Engine):
    """The real engine, but for the machine it plans on where one was named."""

    named: str | None = None

    @override
    def machine(self) -> Machine:
        here = super().machine()
        if ElsewhereEngine.named is None:
            return here
        cards = parse_rig(ElsewhereEngine.named, read_catalogue()).cards
        return replace(here, gpus=tuple(map(gpu_of, cards)))

    @override
    async def plan(
        self,
        model: str,
        wish: LoadWish,
        *,
        machine: str | None = None,
        exact: bool = False,
        upgrades: bool = False,
    ) -> Plan:
        there = machine or ElsewhereEngine.named
        return await super().plan(model, wish, machine=there, exact=exact, upgrades=upgrades)


def gpu_of(card: Card) -> Gpu:
    """The card as a driver would list it."""
    return Gpu(
        index=card.number,
        name=card.name,
        uuid=None,
        memory_bytes=card.memory_bytes,
        compute_capability=card.compute_capability,
        pcie_generation=None,
        pcie_width=None,
        power_limit_watts=card.power_watts,
    )


def offer(hub: Hub) -> None:
    """Repositories to be found; their files are announced, and hold nothing."""
    names = {label: f"Qwen3-32B-{label}.gguf" for label in OFFERED}
    big = hub.add("bartowski/Qwen3-32B-GGUF", dict.fromkeys(names.values(), b"GGUF"))
    big.downloads, big.likes = 48_200, 131
    big.announced_bytes.update(
        {names[label]: int(size * GIGABYTE) for label, size in OFFERED.items()}
    )
    for name, downloads, likes in (
        ("unsloth/Qwen3-8B-GGUF", 112_000, 204),
        ("ggml-org/Qwen3-0.6B-GGUF", 36_500, 27),
    ):
        small = hub.add(name, {"a-Q8_0.gguf": b"GGUF"})
        small.downloads, small.likes = downloads, likes


def remember(home: Home) -> None:
    """Chats as if they had been."""

    store = ChatStore(home.chats)
    for title in ("Trip to Kyoto", "Rust async cancellation", "量化模型的显存估算"):
        store.new(title=title)
    chat = store.new(title="Sum of squares")
    question = "Prove the formula for 1² + 2² + … + n² and verify it numerically."
    store.append(chat.id, StoredMessage(role=Role.USER, content=question))
    store.append(
        chat.id,
        StoredMessage(
            role=Role.ASSISTANT,
            content=ANSWER,
            reasoning="Telescoping is the shortest way, and shows where the 6 comes from.",
            reasoning_seconds=3.2,
            statistics=Statistics(
                answer_tokens=212, tokens_per_second=41.8, first_token_seconds=0.38
            ),
        ),
    )
    store.close()
    write_window_state(home.state / "window.json", WindowState(chat=chat.id))


class Session:
    """Walks one window through its pictures, waiting for facts in between."""

    def __init__(self, fullbore: Fullbore, home: Home, file: Callable[[str], Path]) -> None:
        self._fullbore = fullbore
        self._home = home
        self._file = file

    def run(self) -> None:
        """All pictures."""

        window, screens = self._fullbore.window, self._fullbore.screens
        self._until(lambda: screens.models.phase is Phase.READY)
        self._until(lambda: screens.server.address is not None)
        self._until(lambda: len(screens.machine.history) > 8)
        self._save("chat", window)
        self._save("server", window.server)
        discover = window.open_discover()
        self._until(lambda: bool(screens.discover.worthy_list.rows))
        self._save("discover", window)
        discover.sieve.search.setText("Qwen3")
        screens.discover.search_now()
        self._until(lambda: len(screens.discover.finds_list.rows) > 2)
        screens.discover.open("bartowski/Qwen3-32B-GGUF")
        self._until(lambda: len(screens.picker.offers) == len(OFFERED))
        self._until(lambda: not screens.picker.planning)
        self._save("picker", window)
        window.open_library()
        self._save("library", window)
        window.open_chat()
        for name in SCENES:
            self._place(name)
        window.close()

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
                raise TimeoutError(self._fullbore.window.banner.sentence or "It did not happen.")
            QApplication.processEvents()

    def _save(self, name: str, shown: QWidget) -> None:

        pause = QDeadlineTimer(PAUSE_MS)
        self._until(pause.hasExpired)
        shown.grab().save(str(self._file(name)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
