"""What is long, far away or made to do harm does not hold up the window."""

from collections.abc import Iterable
from time import thread_time
from typing import cast

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QObject, QPointF, QRect
from PySide6.QtGui import QGuiApplication, QImage, QPaintEvent
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.text.shown import Shown, ShownFile
from app.text.stream import BlockStream
from app.theme.tokens import DARK
from app.widgets.transcript.picture_part import Enlarge
from app.widgets.transcript.table_part import TablePart
from app.widgets.transcript.transcript import Transcript
from tests.support.pace import allowed

pytestmark = pytest.mark.usefixtures("few_objects")

TABLE = "| n | name |\n|--:|---|\n| 1 | one |\n"
WORDS = "A sentence with **bold** words and `code` stands here, and another follows it.\n\n"
LOOK_S = 0.2
BOMBS = {
    "definitions": "".join(f"[label{at}]: https://example.org/{at}\n" for at in range(10_000)),
    "deep quotes": ("> " * 40 + "deep\n") * 1500,
    "setext": "word\n===\n" * 8000,
    "bullets": "- " * 10_000,
    "items": "".join(f"- item {at} of the list\n" for at in range(10_000)),
    "entities": "&amp;" * 50_000,
    "rows": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000,
    "stars": "*a " * 20_000,
    "ticks": "`a" * 20_000,
    "backslashes": "\\" * 60_000,
    "one line": "a" * 1_000_000,
}


class Watch(QObject):
    """Sees what a view paints."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRect] = []

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted.extend(cast("Iterable[QRect]", event.region()))
        return False


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.set_tokens(DARK)
    transcript.resize(900, 700)
    with qtbot.waitExposed(transcript):
        transcript.show()
    return transcript


@pytest.mark.parametrize("name", BOMBS)
def test_that_no_look_at_a_bomb_takes_long(name: str) -> None:
    source, stream = BOMBS[name], BlockStream()
    step = max(264, len(source) // 80)
    worst = 0.0
    for at in range(0, len(source), step):
        stream.feed(source[at : at + step])
        began = thread_time()
        stream.look()
        worst = max(worst, thread_time() - began)
    began = thread_time()
    stream.finish()
    worst = max(worst, thread_time() - began)
    assert worst < allowed(LOOK_S)


@pytest.mark.parametrize("name", BOMBS)
def test_that_a_bomb_on_disk_opens_at_once(transcript: Transcript, qtbot: QtBot, name: str) -> None:
    began = thread_time()
    transcript.set_messages([Shown(role="assistant", content=BOMBS[name], id=1)])
    transcript.viewport().repaint()
    assert thread_time() - began < allowed(LOOK_S)
    qtbot.waitUntil(lambda: transcript.reading.is_idle, timeout=30_000)


def test_that_a_long_message_is_plain_until_it_is_read(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.set_messages([Shown(role="assistant", content=WORDS * 200 + TABLE, id=1)])
    entry = transcript.column.entries[0]
    assert not any(isinstance(part, TablePart) for part in entry.parts)
    qtbot.waitUntil(lambda: transcript.reading.is_idle)
    assert any(isinstance(part, TablePart) for part in entry.parts)
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_that_what_was_said_before_comes_without_moving_what_is_seen(
    transcript: Transcript, qtbot: QtBot
) -> None:
    said = [Shown(role="assistant", content=WORDS * 3, id=at) for at in range(400)]
    transcript.set_messages(said[300:])
    qtbot.waitUntil(lambda: transcript.reading.is_idle)
    transcript.verticalScrollBar().setValue(transcript.verticalScrollBar().maximum() // 2)
    seen = transcript.visible_entries()
    ids = [transcript.column.entries[at].shown.id for at in seen]
    corner = transcript.corner(seen[0], 0)
    transcript.prepend(said[:300])
    again = transcript.visible_entries()
    assert [transcript.column.entries[at].shown.id for at in again] == ids
    assert transcript.corner(again[0], 0) == corner
    assert [entry.shown.id for entry in transcript.column.entries] == list(range(400))


def test_that_scrolling_paints_only_what_comes_into_view(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.set_messages([Shown(role="assistant", content=WORDS * 3, id=at) for at in range(60)])
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(lambda: transcript.is_prepared)
    transcript.viewport().repaint()
    watch = Watch()
    transcript.viewport().installEventFilter(watch)
    bar.setValue(bar.value() - 40)
    qtbot.waitUntil(lambda: bool(watch.painted))
    assert max(place.height() for place in watch.painted) < 120


def test_that_reasoning_is_read_as_markdown_once_it_is_whole(transcript: Transcript) -> None:
    thought = "First **sum** up:\n\n- one\n- two\n\nso $x = 1$."
    transcript.set_messages([Shown(role="assistant", content="Done.", reasoning=thought, id=1)])
    transcript.column.entries[0].toggle_reasoning()
    transcript.settle()
    part = transcript.column.entries[0].parts[0]
    assert "**" not in part.text(0, part.length)
    assert "First sum up:" in part.text(0, part.length)
    assert "$x = 1$" in part.text(0, part.length)


def test_that_a_formula_is_copied_as_latex(transcript: Transcript) -> None:
    transcript.set_messages([Shown(role="assistant", content="$$\n\\frac{1}{2}\n$$", id=1)])
    transcript.grab()
    point = transcript.corner(0, 0) + QPointF(5, 5)
    actions = {action.text(): action for action in transcript.menu_at(point).actions()}
    actions["Copy formula (LaTeX)"].trigger()
    assert QGuiApplication.clipboard().text() == "\\frac{1}{2}"


def test_that_pictures_of_old_questions_are_read_when_they_come_near(
    transcript: Transcript,
) -> None:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(0x3366CC)
    body = QBuffer()
    body.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(body, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    asked: list[int] = []

    def body_of(number: int) -> bytes:
        asked.append(number)
        return bytes(body.data().data())

    transcript.pictures.body_of = body_of
    near = ShownFile(name="near.png", size_bytes=90, number=2)
    far = ShownFile(name="far.png", size_bytes=90, number=1)
    between = [Shown(role="assistant", content=WORDS * 20, id=at) for at in range(3, 12)]
    transcript.set_messages(
        [
            Shown(role="user", content="Once?", id=1, files=(far,)),
            *between,
            Shown(role="user", content="And now?", id=20, files=(near,)),
        ]
    )
    transcript.grab()
    assert asked == [2]
    assert any(isinstance(spot.target, Enlarge) for spot, _ in transcript.spots())
