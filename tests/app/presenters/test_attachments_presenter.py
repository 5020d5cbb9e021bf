"""What goes along with a question: read, weighed, refused with a sentence."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.bridge import EngineBridge
from app.presenters.attachments import MOST_FILES, AttachmentsPresenter
from app.text.files import MOST_TEXT_BYTES, Refusal, Why
from engine.errors import EngineError
from tests.support.engine import FakeEngine


@pytest.fixture
def attachments(bridge: EngineBridge) -> AttachmentsPresenter:
    bridge.start()
    return AttachmentsPresenter(bridge)


def settled(qtbot: QtBot, attachments: AttachmentsPresenter) -> None:
    qtbot.waitUntil(lambda: attachments.reading == 0)


def told(attachments: AttachmentsPresenter) -> list[str]:
    sentences: list[str] = []
    attachments.failed.connect(sentences.append)
    return sentences


def test_that_files_come_along_with_their_tokens(
    qtbot: QtBot, attachments: AttachmentsPresenter, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text("x" * 400, "utf-8")
    (tmp_path / "b.txt").write_text("y", "utf-8")
    attachments.add_files([tmp_path / "a.py", tmp_path / "b.txt", tmp_path / "a.py"])
    assert attachments.reading == 2
    qtbot.waitUntil(lambda: [one.tokens for one in attachments.enclosed] == [104, 5])
    assert [one.name for one in attachments.attachments] == ["a.py", "b.txt"]
    attachments.remove(0)
    attachments.remove(7)
    assert [one.name for one in attachments.attachments] == ["b.txt"]


def test_that_what_cannot_come_along_says_so(
    qtbot: QtBot, attachments: AttachmentsPresenter, tmp_path: Path
) -> None:
    sentences = told(attachments)
    (tmp_path / "tool").write_bytes(b"\x7fELF" + bytes(60))
    (tmp_path / "long.txt").write_text("line\n" * MOST_TEXT_BYTES, "utf-8")
    paths = [tmp_path, tmp_path / "gone", tmp_path / "tool", tmp_path / "long.txt"]
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
        paths.append(tmp_path / "pipe")
    attachments.add_files(paths)
    settled(qtbot, attachments)
    assert attachments.enclosed == ()
    assert len(sentences) == len(paths)
    assert "1 MB" in sentences[3]
    assert "5 MB" in sentences[3]


def test_that_there_is_a_sentence_for_every_reason(attachments: AttachmentsPresenter) -> None:
    sentences = told(attachments)
    for why in Why:
        attachments._tell(Refusal(name="it {0}", why=why, size_bytes=5))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    assert all("it {0}" in sentence for sentence in sentences)
    assert len(set(sentences)) == len(Why)


def test_that_pasted_pictures_and_texts_become_files(
    qtbot: QtBot, attachments: AttachmentsPresenter
) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    attachments.add_picture(image)
    attachments.add_text("word " * 1000)  # read sooner, and yet the second
    assert attachments.reading == 2
    qtbot.waitUntil(lambda: len(attachments.enclosed) == 2)
    picture, text = attachments.enclosed
    assert picture.attachment.is_image
    assert picture.small is not None
    assert max(picture.small.width(), picture.small.height()) == 96
    assert text.attachment.body == b"word " * 1000


def test_that_each_chat_keeps_its_own_until_they_are_sent(
    qtbot: QtBot, attachments: AttachmentsPresenter
) -> None:
    attachments.turn_to(1)
    attachments.add_text("of the first")
    attachments.turn_to(2)
    assert attachments.enclosed == ()
    settled(qtbot, attachments)
    assert attachments.enclosed == ()
    attachments.turn_to(1)
    assert len(attachments.enclosed) == 1
    attachments.sent(1)
    assert attachments.enclosed == ()


def test_that_what_was_taken_back_is_enclosed_again(
    qtbot: QtBot, attachments: AttachmentsPresenter
) -> None:
    attachments.add_text("a text")
    settled(qtbot, attachments)
    sent = attachments.attachments
    attachments.sent(None)
    attachments.put_back(sent)
    settled(qtbot, attachments)
    attachments.put_back(sent)
    settled(qtbot, attachments)
    assert attachments.attachments == sent


def test_that_nobody_counting_leaves_the_size_alone(
    qtbot: QtBot, engine: FakeEngine, attachments: AttachmentsPresenter
) -> None:
    engine.weigh_failure = EngineError("No model counts.")
    sentences = told(attachments)
    attachments.add_text("a text")
    settled(qtbot, attachments)
    assert attachments.enclosed[0].tokens is None
    assert sentences == []


def test_that_no_question_has_more_files_than_can_be_shown(
    qtbot: QtBot, attachments: AttachmentsPresenter, tmp_path: Path
) -> None:
    sentences = told(attachments)
    for number in range(MOST_FILES + 3):
        (tmp_path / f"{number}.txt").write_text("x", "utf-8")
    attachments.add_files(sorted(tmp_path.iterdir()))
    settled(qtbot, attachments)
    assert len(attachments.enclosed) == MOST_FILES
    assert len(sentences) == 1
