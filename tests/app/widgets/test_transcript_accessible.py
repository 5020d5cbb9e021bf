"""A screen reader finds every message as a child of the conversation."""

from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from app.text.shown import Shown
from app.widgets.transcript.accessible import TranscriptReading
from app.widgets.transcript.transcript import Transcript


def names(transcript: Transcript) -> list[str]:
    face = QAccessible.queryAccessibleInterface(transcript)
    children = [face.child(at) for at in range(face.childCount())]
    return [child.text(QAccessible.Text.Name) for child in children]


def test_that_messages_are_children_with_speaker_and_words(qtbot: QtBot) -> None:
    reading = TranscriptReading()
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.set_messages(
        [Shown(role="user", content="Hi"), Shown(role="assistant", content="Hello!")]
    )
    transcript.show()
    assert names(transcript) == ["You: Hi", "Answer: Hello!"]
    face = QAccessible.queryAccessibleInterface(transcript)
    assert face.role() is QAccessible.Role.List
    first, second = face.child(0).rect(), face.child(1).rect()
    assert first.height() > 0
    assert second.top() >= first.bottom()
    assert face.indexOfChild(face.child(1)) == 1
    transcript.set_messages([Shown(role="user", content="New")])
    assert names(transcript) == ["You: New"]
    assert reading is not None


def test_that_a_version_is_told_and_a_tool_has_its_own_voice(qtbot: QtBot) -> None:
    reading = TranscriptReading()
    transcript = Transcript()
    qtbot.addWidget(transcript)
    transcript.set_messages(
        [
            Shown(role="assistant", content="Again.", version=2, versions=3),
            Shown(role="tool", content="42"),
        ]
    )
    transcript.show()
    assert names(transcript) == ["Answer, version 2 of 3: Again.", "Tool: 42"]
    assert reading is not None
