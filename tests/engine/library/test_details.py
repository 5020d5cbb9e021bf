"""What a model's headers say, as text; and hashes that can be given up."""

import threading
from hashlib import sha256
from pathlib import Path

import pytest

from engine.errors import NotAModel
from engine.gguf.reader import LongArray
from engine.library.details import read_details, value_text
from engine.library.hashing import Stopped, mark_of, sha256_of, told_by_name
from tests.support.gguf_bytes import TINY, ValueType, gguf_bytes, split_bytes


def test_that_details_tell_metadata_tensors_and_template(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(gguf_bytes())
    details = read_details("m", [file])
    metadata = dict(details.metadata)
    assert metadata["general.name"] == "Tiny"
    assert metadata["llama.block_count"] == "2"
    assert metadata["tokenizer.ggml.tokens"] == "100 × string"
    assert details.template == "{{ messages }}"
    assert "tokenizer.chat_template" not in metadata
    (tensor,) = details.tensors
    assert (tensor.name, tensor.type, tensor.dimensions) == ("token_embd.weight", "F16", (64, 32))
    assert details.bits_per_weight == 16


def test_that_a_split_sets_tensors_are_counted_together(tmp_path: Path) -> None:
    files: list[Path] = []
    shards = [{"a": (1, (32, 2))}, {"b": (8, (32, 6))}]
    for number, body in enumerate(split_bytes(TINY, shards), 1):
        files.append(tmp_path / f"m-0000{number}-of-00002.gguf")
        files[-1].write_bytes(body)
    details = read_details("m", files)
    assert [tensor.type for tensor in details.tensors] == ["F16", "Q8_0"]
    assert details.bits_per_weight == pytest.approx((16 * 64 + 8.5 * 192) / 256)
    assert dict(details.metadata)["split.no"] == "0"


def test_that_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"x" * 100)
    with pytest.raises(NotAModel):
        read_details("m", [file])


def test_that_long_values_are_counted() -> None:
    array = LongArray(element=ValueType.STRING, count=151_936, offset=0)
    assert value_text(array) == "151,936 × string"
    assert value_text((1, 2)) == "[1, 2]"
    assert value_text(tuple(range(40))).endswith("15, …] (40)")
    assert (value_text(True), value_text(0.1), value_text("x")) == ("true", "0.1", "x")


def test_that_a_hash_tells_of_its_bytes_and_is_right(tmp_path: Path) -> None:
    body = bytes(range(256)) * 40_000
    file = tmp_path / "m"
    file.write_bytes(body)
    heard: list[int] = []
    assert sha256_of(file, heard.append, threading.Event()) == sha256(body).hexdigest()
    assert sum(heard) == len(body)


def test_that_a_hash_nobody_waits_for_ends(tmp_path: Path) -> None:
    file = tmp_path / "m"
    file.write_bytes(b"x")
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Stopped):
        sha256_of(file, lambda _: None, stopped)


def test_that_files_which_differ_at_an_end_have_other_marks(tmp_path: Path) -> None:
    bodies = (b"a" + b"x" * 50, b"b" + b"x" * 50, b"a" + b"x" * 49 + b"y")
    marks: set[bytes] = set()
    for number, body in enumerate(bodies):
        file = tmp_path / str(number)
        file.write_bytes(body)
        marks.add(mark_of(file))
    assert len(marks) == 3


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sha256-" + "ab" * 32, "ab" * 32),
        ("cd" * 32, "cd" * 32),
        ("m.gguf", None),
        ("cd" * 31, None),
    ],
)
def test_that_a_blobs_name_tells_its_hash(tmp_path: Path, name: str, told: str | None) -> None:
    assert told_by_name(tmp_path / name) == told
