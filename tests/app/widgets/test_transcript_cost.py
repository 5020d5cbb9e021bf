"""What the transcript costs the window's thread."""

from statistics import median
from time import thread_time

import pytest
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.theme.tokens import DARK
from app.widgets.transcript.transcript import Transcript
from tests.support.pace import allowed

pytestmark = pytest.mark.usefixtures("few_objects")

PIECE = """## A heading

A paragraph with **bold** words, `code` and [a link](https://example.org); 模型权重按层切分。
It goes on for a while, as models do.

- an item of a list
- another item

```python
def load(path: str, layers: int = 12) -> list[int]:
    return [layer for layer in range(layers) if layer % 2]  # every other
```

| a | b |
|---|---|
| 1 | 2 |

"""
TOKEN_LETTERS = 4
FLUSH_TOKENS = 10


def spent(transcript: Transcript, text: str) -> float:
    began = thread_time()
    transcript.feed(text, "")
    transcript.viewport().repaint()
    return (thread_time() - began) * 1000


def test_that_a_flush_at_five_thousand_tokens_fits_a_frame(qtbot: QtBot) -> None:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.set_tokens(DARK)
    transcript.resize(1000, 900)
    with qtbot.waitExposed(transcript):
        transcript.show()
    transcript.begin_answer()
    source = PIECE * (5400 * TOKEN_LETTERS // len(PIECE) + 1)
    step = FLUSH_TOKENS * TOKEN_LETTERS
    start = 5000 * TOKEN_LETTERS // step * step
    for at in range(0, start, step * 10):
        transcript.feed(source[at : at + step * 10], "")
    costs = [
        spent(transcript, source[at : at + step]) for at in range(start, start + 40 * step, step)
    ]
    print(f"flush at 5,000 tokens: median {median(costs):.1f} ms, worst {max(costs):.1f} ms")
    assert median(costs) < allowed(16)


def test_that_a_long_conversation_opens_at_once(qtbot: QtBot) -> None:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.resize(1000, 900)
    transcript.show()
    messages = [
        Shown(role="user" if number % 2 == 0 else "assistant", content=PIECE)
        for number in range(1000)
    ]
    began = thread_time()
    transcript.set_messages(messages)
    transcript.viewport().repaint()
    cost = (thread_time() - began) * 1000
    print(f"1,000 messages open in {cost:.0f} ms")
    assert cost < allowed(200)
    assert sum(entry.is_built for entry in transcript.column.entries) < 30


def test_that_ten_thousand_messages_are_not_built_to_be_shown(qtbot: QtBot) -> None:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.resize(1000, 900)
    transcript.show()
    messages = [Shown(role="assistant", content=PIECE, id=number) for number in range(10_000)]
    began = thread_time()
    transcript.set_messages(messages)
    transcript.viewport().repaint()
    cost = (thread_time() - began) * 1000
    print(f"10,000 messages open in {cost:.0f} ms")
    assert cost < allowed(300)
    assert sum(entry.is_built for entry in transcript.column.entries) < 30
    began = thread_time()
    transcript.select_all()
    transcript.copy()
    assert (thread_time() - began) * 1000 < allowed(200)
