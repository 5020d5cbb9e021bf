"""A fixed conversation looks as it did, in every look.

`FULLBORE_REFRESH_SHOTS=1 pytest tests/app/widgets/test_transcript_shots.py` draws the pictures
anew: look at them before they are committed.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QFontDatabase, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.main import ASSETS
from app.text.shown import Shown
from app.theme.fonts import load_fonts
from app.theme.tokens import DARK, LIGHT, Tokens
from app.widgets.transcript.transcript import Transcript

SHOTS = Path(__file__).parents[2] / "data" / "shots"
# Other builds of FreeType round differently at the edges of letters.
LEVELS = 24
SHARE = 0.003
REFRESH = os.environ.get("FULLBORE_REFRESH_SHOTS") == "1"

ANSWER = """The **closed form** follows by summing; see [the proof](https://example.org).

- one item, *slanted*
- another with `code`

```python
def squares(n: int) -> int:
    return n * (n + 1) * (2 * n + 1) // 6
```

| n | sum |
|---|----:|
| 10 | 385 |

> So it was said."""
CHINESE = "**量化模型**的显存：权重、缓存和计算缓冲区。\n\n1. 先看权重\n2. 再看缓存"


@pytest.fixture(scope="module", autouse=True)
def letters(qapp: QApplication) -> Iterator[None]:
    """The bundled fonts: those of this machine are not those of another."""
    load_fonts(ASSETS / "fonts")
    # Tests of the window leave its dress on.
    qapp.setStyleSheet("")
    yield
    QFontDatabase.removeAllApplicationFonts()


def conversation(answer: str) -> list[Shown]:
    return [
        Shown(role="user", content="How is it summed?", id=1),
        Shown(
            role="assistant",
            content=answer,
            id=2,
            reasoning="Telescoping.",
            reasoning_seconds=2.5,
            statistics="612 tokens · 41.8 tok/s\nQwen3-32B",
            version=2,
            versions=3,
        ),
        Shown(role="user", content="Thanks!", id=3),
        Shown(role="assistant", content="", id=4, failure="The model ran out of memory."),
    ]


def shot(qtbot: QtBot, tokens: Tokens, percent: int, answer: str = ANSWER) -> QImage:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.set_text_percent(percent)
    transcript.set_tokens(tokens)
    transcript.resize(620, 720 if percent == 100 else 1100)
    transcript.set_messages(conversation(answer))
    transcript.verticalScrollBar().setValue(0)
    return transcript.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def compare(name: str, picture: QImage) -> None:
    file = SHOTS / f"{name}.png"
    if REFRESH:
        SHOTS.mkdir(parents=True, exist_ok=True)
        assert picture.save(file.as_posix())
        return
    known = QImage(file.as_posix()).convertToFormat(QImage.Format.Format_RGB32)
    assert known.size() == picture.size(), f"{name}: another size"
    share = difference(known, picture)
    assert share <= SHARE, f"{name}: {share:.2%} of the pixels differ"


def difference(one: QImage, other: QImage) -> float:
    """The share of pixels of which a channel differs by more than the tolerance."""
    first, second = bytes(one.constBits()), bytes(other.constBits())
    if first == second:
        return 0.0
    pixels = one.width() * one.height()
    differing = sum(
        any(abs(first[at + k] - second[at + k]) > LEVELS for k in range(3))
        for at in range(0, len(first), 4)
        if first[at : at + 3] != second[at : at + 3]
    )
    return differing / pixels


@pytest.mark.parametrize(("name", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_that_a_conversation_looks_as_it_did(qtbot: QtBot, name: str, tokens: Tokens) -> None:
    compare(name, shot(qtbot, tokens, 100))


def test_that_letters_of_twice_the_size_are_not_cut(qtbot: QtBot) -> None:
    compare("dark-200", shot(qtbot, DARK, 200))


def test_that_chinese_looks_as_it_did(qtbot: QtBot, qapp: QApplication) -> None:
    if "Noto Sans CJK SC" not in QFontDatabase.families():
        pytest.skip("Noto Sans CJK SC is not installed: the picture was drawn with it")
    translator = QTranslator()
    assert translator.load((ASSETS / "translations" / "fullbore_zh_CN.qm").as_posix())
    qapp.installTranslator(translator)
    try:
        compare("zh_CN", shot(qtbot, LIGHT, 100, CHINESE))
    finally:
        qapp.removeTranslator(translator)
