"""Tables, code, pictures and calls on the canvas."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.theme.tokens import DARK
from app.widgets.transcript.code_part import CodePart, WrapCode
from app.widgets.transcript.code_saving import suggested_name, written
from app.widgets.transcript.part import Part
from app.widgets.transcript.picture_part import PicturePart, ShowPicture
from app.widgets.transcript.table_part import CopyTable, TablePart
from app.widgets.transcript.tool_part import CallPart, Fold, ResultPart
from app.widgets.transcript.transcript import Transcript
from engine.chat import ToolCall

TABLE = "| n | name |\n|--:|---|\n| 1 | one |\n| 2 | **two** |\n"


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    widget = Transcript()
    qtbot.addWidget(widget)
    widget.set_tokens(DARK)
    widget.resize(900, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def shown(transcript: Transcript, content: str, **more: object) -> list[Part]:
    message = Shown(role="assistant", content=content, **more)  # pyright: ignore[reportArgumentType]
    transcript.set_messages([message])
    transcript.grab()
    while not transcript.reading.is_idle:
        QTest.qWait(5)
    return transcript.column.entries[-1].parts


def test_that_cells_are_selected_whole_and_copied_as_a_table(transcript: Transcript) -> None:
    (table,) = shown(transcript, TABLE)
    assert isinstance(table, TablePart)
    assert table.length == 6
    assert table.position_at(QPointF(2, 2)) == 0
    assert table.text(2, 6) == "1\tone\n2\ttwo"
    assert table.markdown(4, 6) == "| n | name |\n| --: | --- |\n| 2 | **two** |"
    assert table.markdown(5, 6) == "**two**"
    assert table.hits("TWO") == [(5, 6)]
    assert table.copied(CopyTable("tsv")) == "n\tname\n1\tone\n2\ttwo"


def test_that_rows_come_without_moving_those_above(transcript: Transcript) -> None:
    rows = "".join(f"| {number} | a name |\n" for number in range(60))
    transcript.begin_answer()
    transcript.feed("| n | name |\n|--:|---|\n" + rows[:500], "")
    transcript.grab()
    table = transcript.column.entries[-1].parts[-1]
    before = table.place_of(10)
    for at in range(500, len(rows), 50):
        transcript.feed(rows[at : at + 50], "")
    transcript.end_answer("")
    transcript.grab()
    after = transcript.column.entries[-1].parts[0]
    assert isinstance(after, TablePart)
    assert after is table
    assert after.length == 122
    assert after.place_of(10) == before


def test_that_a_wide_table_scrolls_sideways(transcript: Transcript) -> None:
    head = "|".join("heading" for _ in range(30))
    rule = "|".join("---" for _ in range(30))
    (table,) = shown(transcript, f"|{head}|\n|{rule}|\n")
    assert table.scroll_by(100)
    assert not table.scroll_by(-200) or table.place_of(0).left() == 0


def test_that_long_lines_wrap_when_asked_and_are_copied_whole(transcript: Transcript) -> None:
    line = "word " * 3000
    (code,) = shown(transcript, f"```\n{line}\n```\n")
    assert isinstance(code, CodePart)
    before = code.height
    assert code.activate(WrapCode())
    transcript.column.entries[-1].changed()
    transcript.settle()
    assert code.height > before
    assert code.text(0, code.length) == line


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "code.py"), ("", "code.txt"), ("makefile", "Makefile"), ("../../x", "code.txt")],
)
def test_that_code_is_saved_under_its_usual_name(tmp_path: Path, language: str, name: str) -> None:
    assert suggested_name(language) == name
    assert written(tmp_path / name, "x = '模型'") == ""
    assert (tmp_path / name).read_text(encoding="utf-8") == "x = '模型'\n"
    assert written(tmp_path / "no" / "such" / name, "x") != ""


def test_that_no_picture_is_fetched_before_it_is_asked_for(transcript: Transcript) -> None:
    (picture,) = shown(transcript, "![a cat](http://127.0.0.1:9/cat.png)")
    assert isinstance(picture, PicturePart)
    assert transcript.pictures.seen(picture.block.address).state == "asleep"
    ((target, _),) = picture.targets()
    assert target == ShowPicture("http://127.0.0.1:9/cat.png")
    assert picture.activate(target)
    assert transcript.pictures.seen(picture.block.address).state == "loading"


def test_that_a_picture_that_cannot_come_says_so(transcript: Transcript, qtbot: QtBot) -> None:
    (picture,) = shown(transcript, "![a cat](http://127.0.0.1:9/cat.png)")
    picture.activate(picture.targets()[0][0])
    address = "http://127.0.0.1:9/cat.png"
    qtbot.waitUntil(lambda: transcript.pictures.seen(address).state == "failed", timeout=10_000)
    transcript.grab()


def test_that_calls_and_results_fold(transcript: Transcript) -> None:
    call = ToolCall(id="1", name="weather", arguments='{"city":"Kyoto"}')
    (card,) = shown(transcript, "", tool_calls=(call,))
    assert isinstance(card, CallPart)
    folded = card.height
    assert card.activate(Fold())
    transcript.column.entries[-1].changed()
    transcript.settle()
    assert card.height > folded
    assert card.text(0, card.length) == '{\n  "city": "Kyoto"\n}'
    transcript.set_messages([Shown(role="tool", content="sunny")])
    transcript.grab()
    assert isinstance(transcript.column.entries[-1].parts[0], ResultPart)


@pytest.mark.parametrize(
    "bomb",
    [
        ">" * 10_000 + " deep",
        "[" * 10_000,
        "![" * 5_000,
        "- " * 10_000 + "x",
        "*a_" * 10_000,
        "\\(" * 10_000,
        "x" * 1_000_000,
        "| a |\n|---|\n" + "| 1 |\n" * 10_000,
        "[a]: http://e\n" * 3_000,
        "א\u202e\u0301" * 5_000 + "\x00\x1b\ud800\ufdd0",
        "```python\n" + "x = (1, " * 125_000,
    ],
    ids=lambda bomb: bomb[:6].encode("ascii", "replace").decode(),
)
def test_that_a_text_made_to_do_harm_is_shown_all_the_same(
    transcript: Transcript, bomb: str
) -> None:
    parts = shown(transcript, bomb)
    assert len(parts) < 300
    transcript.begin_answer()
    for at in range(0, len(bomb), max(1, len(bomb) // 4)):
        transcript.feed(bomb[at : at + max(1, len(bomb) // 4)], "")
        transcript.grab()
    transcript.end_answer("")
    transcript.grab()
