"""What the transcript costs the window's thread: `python -m tests.benches.transcript`.

Times are CPU milliseconds of that thread with the paint included: Qt paints a moment after it was
told to, so each act is followed by waiting (which costs nothing) until its paint is over.
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from time import thread_time

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.text.shown import Shown
from app.theme.fonts import load_fonts
from app.theme.tokens import DARK
from app.widgets.transcript.transcript import Habits, Transcript

ASSETS = Path(__file__).parents[2] / "assets"
TOKEN_LETTERS = 4
FLUSH_SECONDS = 0.033
TOKENS_PER_SECOND = 500
FLUSH_LETTERS = round(TOKENS_PER_SECOND * FLUSH_SECONDS) * TOKEN_LETTERS
ANSWER_TOKENS = 20_000
SCROLL_STEP = 60
SCROLL_STEPS = 600
SIZE = (1000, 900)

PIECE = """## Heading {n}: memory of a layer

A paragraph {n} with **bold** words, `code` and [a link](https://example.org/{n}); 模型权重按层切分.
It goes on for a while, as models do, and explains what happens when $n = {n}$ layers are moved.

- an item of a list, with *some* emphasis and number {n}
- another item: {n} times {n} is not much

```python
def load_{n}(path: str, layers: int = 12) -> list[int]:
    \"\"\"Every other layer.\"\"\"
    return [layer for layer in range(layers) if layer % 2]  # every other
```

| layer | bytes | card |
|---|---:|---|
| {n} | 123456 | GPU 0 |
| next | 654321 | GPU 1 |

1. first step of {n}
2. second step, which depends on the first

> quoted, because it was said before: {n}

"""
SENTENCE = "The weights of a layer lie where they are read, and moving them costs a little time. "


def mixed(letters: int) -> str:
    """An answer with a bit of everything."""
    out: list[str] = []
    length, number = 0, 0
    while length < letters:
        out.append(PIECE.replace("{n}", str(number)))
        length += len(out[-1])
        number += 1
    return "".join(out)[:letters]


def conversation(messages: int) -> list[Shown]:
    """Questions and answers of about 224 tokens each pair's half."""
    answer = mixed(1600)
    return [
        Shown(role="user", content=f"Question {at}: why is it so? {SENTENCE}", id=at + 1)
        if at % 2 == 0
        else Shown(
            role="assistant",
            content=f"Answer {at}. {answer}",
            id=at + 1,
            statistics="612 tokens · 41.8 tok/s\nQwen3-32B",
        )
        for at in range(messages)
    ]


def rest(milliseconds: int) -> None:
    """Let Qt do what it does while nothing happens."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Paints(QObject):
    """Waits for the paint that an act brings about."""

    def __init__(self, transcript: Transcript) -> None:
        super().__init__(transcript)
        self._view = transcript.viewport()
        self._loop = QEventLoop()
        self.seen = 0
        self._view.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._view and event.type() is QEvent.Type.Paint:
            self.seen += 1
            QTimer.singleShot(0, self._loop.quit)
        return False

    def cost(self, act: Callable[[], object]) -> float:
        """CPU milliseconds of an act and of the paint that follows it."""
        began, seen = thread_time(), self.seen
        act()
        if self.seen == seen:
            QTimer.singleShot(60, self._loop.quit)
            self._loop.exec()
        return (thread_time() - began) * 1000


def cost(act: Callable[[], object]) -> float:
    """CPU milliseconds of this thread."""
    began = thread_time()
    act()
    return (thread_time() - began) * 1000


def told(name: str, costs: list[float]) -> str:
    """A row: median, 99th percentile, maximum."""
    p99 = quantiles(costs, n=100)[98] if len(costs) > 1 else costs[0]
    return f"{name:<44}{median(costs):8.2f}{p99:8.2f}{max(costs):8.2f}   ({len(costs)} times)"


def resident_megabytes() -> float:
    """What the process holds, where the system says."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return float("nan")


def shown_transcript() -> Transcript:
    """One on the screen."""
    transcript = Transcript()
    transcript.set_tokens(DARK)
    transcript.resize(*SIZE)
    transcript.show()
    rest(50)
    return transcript


def flushes(transcript: Transcript, text: str, *, thought: bool = False) -> Iterator[float]:
    """The costs of streaming an answer, or its reasoning, at that pace."""
    transcript.set_habits(Habits(open_reasoning=thought))
    transcript.begin_answer()
    paints = Paints(transcript)
    for at in range(0, len(text), FLUSH_LETTERS):
        piece = text[at : at + FLUSH_LETTERS]

        def flush(piece: str = piece) -> None:
            transcript.feed(*("", piece) if thought else (piece, ""))

        yield paints.cost(flush)


def stream(name: str, text: str, *, thought: bool = False) -> str:
    """Stream into a chat of 1,000 messages."""
    transcript = shown_transcript()
    transcript.set_messages(conversation(1000))
    transcript.viewport().repaint()
    rest(200)
    gc.collect()
    costs = list(flushes(transcript, text, thought=thought))

    def end() -> None:
        transcript.end_answer("20,000 tokens · 500 tok/s")
        transcript.viewport().repaint()

    ended = cost(end)
    transcript.close()
    transcript.deleteLater()
    return f"{told(name, costs)}   end {ended:.1f}"


def opening(messages: int) -> str:
    """Open a chat, to its first paint."""
    said = conversation(messages)
    costs: list[float] = []
    for _ in range(5):
        transcript = shown_transcript()

        def opened(transcript: Transcript = transcript) -> None:
            transcript.set_messages(said)
            transcript.viewport().repaint()

        costs.append(cost(opened))
        transcript.close()
        transcript.deleteLater()
        rest(20)
    return told(f"open {messages:,} messages, to first paint", costs)


def scrolling(messages: int, pause_ms: int) -> str:
    """Scroll upwards, as a wheel does: a step a frame, and in between what fits between frames."""
    transcript = shown_transcript()
    transcript.set_messages(conversation(messages))
    transcript.viewport().repaint()
    rest(300)
    gc.collect()  # what the rows before left, not what a step leaves
    bar = transcript.verticalScrollBar()

    def step() -> None:
        bar.setValue(bar.value() - SCROLL_STEP)

    paints = Paints(transcript)
    costs: list[float] = []
    for _ in range(SCROLL_STEPS):
        costs.append(paints.cost(step))
        rest(pause_ms)
    transcript.close()
    transcript.deleteLater()
    return told(f"scroll by {SCROLL_STEP} px, a step each {pause_ms} ms", costs)


def copying() -> str:
    """Copy everything."""
    transcript = shown_transcript()
    transcript.set_messages(conversation(1000))
    transcript.select_all()
    line = told("copy 1,000 messages", [cost(transcript.copy) for _ in range(5)])
    transcript.close()
    return line


def finding() -> str:
    """Find a word that every answer has."""
    transcript = shown_transcript()
    transcript.set_messages(conversation(1000))
    line = told("find a word in 1,000 messages", [cost(lambda: transcript.find_words("layer"))])
    transcript.close()
    return line


def memory() -> str:
    """What a chat of 1,000 messages adds, read from one end to the other."""
    transcript = shown_transcript()
    said = conversation(1000)
    gc.collect()
    before = resident_megabytes()
    transcript.set_messages(said)
    transcript.viewport().repaint()
    for at in range(0, 1000, 10):
        transcript.reveal(at)
        transcript.viewport().repaint()
    rest(100)
    gc.collect()
    return (
        f"{'memory of 1,000 messages, walked through':<44}{resident_megabytes() - before:8.1f} MB"
    )


def main() -> None:
    """Measure, and print a table."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert app is not None
    load_fonts(ASSETS / "fonts")
    sys.setswitchinterval(0.0005)
    letters = ANSWER_TOKENS * TOKEN_LETTERS
    rows = 200
    table = "| n | square | word |\n|---|---|---|\n" + "".join(
        f"| {at} | {at * at} | row number {at} |\n" for at in range(rows)
    )
    items = "".join(f"- item {at}: {SENTENCE}\n" for at in range(250))
    paragraph = (SENTENCE * (5600 * TOKEN_LETTERS // len(SENTENCE) + 1))[: 5600 * TOKEN_LETTERS]
    fence = "```python\n" + "value = [index for index in range(12)]  # kept\n" * 600 + "```\n"
    write = sys.stdout.write
    write(f"{'CPU ms of the window thread':<44}{'median':>8}{'p99':>8}{'max':>8}\n")
    measured: tuple[Callable[[], str], ...] = (
        memory,
        lambda: opening(1000),
        lambda: opening(10_000),
        lambda: scrolling(1000, 16),
        lambda: scrolling(1000, 5),
        copying,
        finding,
        lambda: stream("stream 20,000 tokens, mixed", mixed(letters)),
        lambda: stream("stream a list of 250 items", items),
        lambda: stream("stream a table of 200 rows", table),
        lambda: stream("stream a paragraph of 5,600 tokens", paragraph),
        lambda: stream("stream 600 lines of code", fence),
        lambda: stream("stream open reasoning, 20,000 tokens", mixed(letters), thought=True),
    )
    wanted = sys.argv[1:]
    for act in measured:
        line = act()
        if not wanted or any(word in line for word in wanted):
            write(f"{line}\n")
            sys.stdout.flush()
    # Not through Qt's own end: what is left of the windows would be destroyed in Python's order.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
