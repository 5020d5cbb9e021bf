"""What a file that comes with a question is taken for."""

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from app.store.values import Attachment
from app.text.files import (
    LONGEST_SIDE,
    MOST_TEXT_BYTES,
    Refusal,
    Why,
    read_bytes,
    read_file,
    read_picture,
    read_text,
)


def picture(kind: str, width: int = 40, height: int = 20) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    image.setText("Comment", "taken at home, 52.1 N")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return bytes(buffer.data().data())


def came(read: Attachment | Refusal) -> Attachment:
    assert isinstance(read, Attachment), read
    assert read.body is not None
    assert read.size_bytes == len(read.body)
    return read


def why(read: Attachment | Refusal) -> Why:
    assert isinstance(read, Refusal), read
    return read.why


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("PNG", "image/png"), ("JPG", "image/jpeg"), ("WEBP", "image/png"), ("BMP", "image/png")],
)
def test_that_a_picture_is_known_by_its_bytes_whatever_its_name(
    kind: str, becomes: str, tmp_path: Path
) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(picture(kind))
    assert came(read_file(file)).media_type == becomes


def test_that_a_picture_too_large_is_drawn_smaller() -> None:
    read = came(read_bytes("big.png", picture("PNG", 5000, 100)))
    drawn = QImage.fromData(read.body or b"")
    assert drawn.width() == LONGEST_SIDE
    assert drawn.height() in {40, 41}


def test_that_words_hidden_in_a_picture_stay_behind() -> None:
    for kind in ("PNG", "JPG"):
        assert b"taken at home" in picture(kind)
        assert b"taken at home" not in (came(read_bytes("a", picture(kind))).body or b"")


def test_that_a_photograph_is_turned_upright_and_its_place_forgotten() -> None:
    plain = picture("JPG")
    # EXIF with one entry: orientation 6, a quarter turn.
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    segment = b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif
    read = came(read_bytes("photo.jpg", plain[:2] + segment + plain[2:]))
    drawn = QImage.fromData(read.body or b"")
    assert (drawn.width(), drawn.height()) == (20, 40)
    assert b"Exif" not in (read.body or b"")


def test_that_pixels_of_a_clipboard_become_a_file() -> None:
    image = QImage(10, 10, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    assert came(read_picture("Pasted picture", image)).media_type == "image/png"
    assert why(read_picture("Nothing", QImage())) is Why.BROKEN_PICTURE


def test_that_a_cut_off_picture_is_broken() -> None:
    assert why(read_bytes("half.png", picture("PNG", 400, 400)[:60])) in {
        Why.BROKEN_PICTURE,
        Why.BINARY,
    }


def test_that_a_bomb_of_pixels_is_refused_before_it_is_drawn() -> None:
    body = bytearray(picture("PNG"))
    body[16:24] = (60_000).to_bytes(4, "big") * 2
    assert why(read_bytes("bomb.png", bytes(body))) in {
        Why.BIG_PICTURE,
        Why.BROKEN_PICTURE,
        Why.BINARY,
    }


@pytest.mark.parametrize(
    "body",
    [
        "grün\r\n".encode(),
        b"\xef\xbb\xbf" + "grün\n".encode(),
        "grün\n".encode("utf-16"),
        b"\xfe\xff" + "grün\n".encode("utf-16-be"),
        b"\xff\xfe\0\0" + "grün\n".encode("utf-32-le"),
        "grün\n".encode("latin-1"),
    ],
)
def test_that_a_text_is_read_in_its_encoding(body: bytes) -> None:
    read = came(read_bytes("a.txt", body))
    assert (read.body, read.media_type) == ("grün\n".encode(), "text/plain")


def test_that_letters_of_windows_are_read() -> None:
    assert came(read_bytes("a", "“quoted”".encode("cp1252"))).body == "“quoted”".encode()


@pytest.mark.parametrize("name", ["a.txt", "a.png"])
@pytest.mark.parametrize(
    "body", [b"\x7fELF\x02\x01\x01" + bytes(60), bytes(range(256)) * 4, b"GGUF\x03\0\0\0"]
)
def test_that_a_program_is_no_text(name: str, body: bytes) -> None:
    assert why(read_bytes(name, body)) is Why.BINARY


def test_that_a_text_named_like_a_picture_is_a_text() -> None:
    assert came(read_bytes("a.png", b"BMW and RIFFs")).media_type == "text/plain"
    assert came(read_bytes("a.png", b"BMW and RIFFs")).body == b"BMW and RIFFs"
    assert came(read_bytes("x.png", b"hello")).media_type == "text/plain"


def test_that_documents_of_pages_are_named_as_such() -> None:
    assert why(read_bytes("a.pdf", b"%PDF-1.7\nstream")) is Why.DOCUMENT


def test_that_what_is_empty_or_too_long_is_refused(tmp_path: Path) -> None:
    assert why(read_bytes("a", b"")) is Why.EMPTY
    assert why(read_text("a", " \n")) is Why.EMPTY
    assert why(read_text("a", "x" * (MOST_TEXT_BYTES + 1))) is Why.LONG_TEXT
    assert why(read_bytes("a", b"x\n" * MOST_TEXT_BYTES)) is Why.LONG_TEXT
    huge = tmp_path / "huge.log"
    with huge.open("wb") as file:
        file.write(b"a line\n" * 1000)
        file.truncate(5_000_000_000)  # sparse
    assert why(read_file(huge)) in {Why.LONG_TEXT, Why.BIG_FILE}


def test_that_half_a_pair_of_surrogates_does_no_harm() -> None:
    assert came(read_text("a", "a\ud800b")).body == b"a?b"


def test_that_folders_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    assert why(read_file(tmp_path)) is Why.FOLDER
    assert why(read_file(tmp_path / "gone.txt")) is Why.MISSING
    assert why(read_file(tmp_path / ("n" * 5000))) is Why.MISSING
    assert why(read_file(Path("a\0b"))) is Why.MISSING


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among its files")
def test_that_a_pipe_and_a_device_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert why(read_file(tmp_path / "pipe")) is Why.SPECIAL
    assert why(read_file(Path("/dev/zero"))) is Why.SPECIAL
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "s"))
        assert why(read_file(tmp_path / "s")) is Why.SPECIAL


@pytest.mark.qt_log_ignore("JPEG", "PNG", "libpng", "GIF", "BMP", "WebP", "QImage")
@given(st.binary(max_size=400))
def test_that_any_bytes_are_taken_or_refused(body: bytes) -> None:
    read = read_bytes("any", body)
    if isinstance(read, Attachment) and not read.is_image:
        assert (read.body or b"").decode("utf-8")
