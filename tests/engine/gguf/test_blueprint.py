"""Blueprints: from one file, from split sets, over ranges, and across a pipe."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.errors import DownloadError, ModelError, NotAModel, TruncatedModel
from engine.gguf.blueprint import Blueprint, blueprint_of, blueprints, read_blueprint
from engine.gguf.ranges import RangeFile
from engine.gguf.reader import read_header
from tests.support.gguf_bytes import TINY, gguf_bytes, header_only, split_bytes, tensor_line

SHARDS = [
    {"token_embd.weight": (1, (64, 100))},
    {"blk.0.attn_q.weight": (8, (64, 64)), "blk.0.ffn_up.weight": (8, (64, 32))},
    {"output.weight": (12, (256, 8))},
]
TENSORS = {name: tensor for shard in SHARDS for name, tensor in shard.items()}


def made(bodies: Sequence[bytes], label: str | None = None) -> Blueprint:
    return read_blueprint([io.BytesIO(one) for one in bodies], [*map(len, bodies)], label=label)


def test_that_the_real_model_has_a_blueprint(model_file: Path) -> None:
    blueprint = blueprint_of([model_file])
    assert (blueprint.label, blueprint.shape.architecture) == ("Q4_1", "llama")
    assert (blueprint.shape.layers, blueprint.shape.vocabulary) == (30, 49152)
    assert blueprint.parameters == 134_515_008
    assert 4.5 < blueprint.bits_per_weight < 7
    assert (blueprint.files, blueprint.file_bytes) == (1, model_file.stat().st_size)


def test_that_a_split_set_is_one_model() -> None:
    whole, split = made([gguf_bytes(TINY, tensors=TENSORS)]), made(split_bytes(TINY, SHARDS))
    assert [one.name for one in split.tensors] == list(TENSORS)
    assert split.shape == whole.shape
    assert (split.parameters, split.files) == (whole.parameters, 3)
    assert split.label == whole.label == "F16"


def test_that_a_first_file_may_be_without_tensors() -> None:
    split = made(split_bytes(TINY, [{}, TENSORS]))
    assert len(split.tensors) == len(TENSORS)


def test_that_the_files_name_gives_the_label_only_if_the_header_does_not() -> None:
    silent = {key: value for key, value in TINY.items() if key != "general.file_type"}
    assert made([gguf_bytes(silent)], "Q5_K_M").label == "Q5_K_M"
    assert made([gguf_bytes()], "Q5_K_M").label == "F16"


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([0, 1], "number 3 is missing"),
        ([1, 2], "does not say|missing"),
        ([0, 1, 1, 2], "each there once"),
        ([0, 2, 1], "in their order"),
        ([0], "number 2 is missing"),
    ],
)
def test_that_half_a_set_and_a_muddled_one_are_refused(order: list[int], words: str) -> None:
    files = split_bytes(TINY, SHARDS)
    with pytest.raises((NotAModel, TruncatedModel), match=words):
        made([files[number] for number in order])


def test_that_a_strangers_file_in_a_set_is_refused() -> None:
    files = split_bytes(TINY, SHARDS)
    other_count = split_bytes(TINY, [*SHARDS, {"more": (1, (32,))}])
    with pytest.raises(NotAModel, match="not parts of one"):
        made([files[0], files[1], other_count[2]])
    fewer = split_bytes(TINY, [SHARDS[0], SHARDS[1], {}])
    with pytest.raises(NotAModel, match="tensors"):
        made([files[0], files[1], fewer[2]])
    with pytest.raises(NotAModel, match="not parts of one"):
        made([files[0], gguf_bytes(), files[2]])


def test_that_tensors_of_one_name_are_refused() -> None:
    with pytest.raises(NotAModel, match="one name"):
        made(split_bytes(TINY, [SHARDS[0], SHARDS[0]]))


def test_that_an_unknown_architecture_and_no_model_are_refused() -> None:
    with pytest.raises(ModelError):
        made([gguf_bytes({**TINY, "general.architecture": "clip"})])
    with pytest.raises(ModelError):
        made([gguf_bytes({"general.architecture": "never-heard-of"})])


def test_that_a_blueprint_crosses_a_pipe_in_few_bytes(model_file: Path) -> None:
    blueprint = blueprint_of([model_file])
    frame = blueprints.dump_json(blueprint)
    back = blueprints.validate_json(frame)
    assert back == blueprint
    assert back.tensors[0].type is blueprint.tensors[0].type
    assert len(frame) < 80 * len(blueprint.tensors) + 8192
    with pytest.raises(ValueError, match="no tensor type"):
        blueprints.validate_json(frame.replace(b'"Q4_1"', b'"Q9_9"'))


class Far:
    """Bytes far away, and what was asked of them."""

    def __init__(self, body: bytes, size_bytes: int) -> None:
        self.body = body.ljust(size_bytes, b"\0") if size_bytes < 1 << 26 else body
        self.asked: list[tuple[int, int]] = []

    def fetch(self, start: int, count: int) -> bytes:
        self.asked.append((start, count))
        return self.body[start : start + count].ljust(count, b"\0")


def test_that_over_ranges_only_the_beginning_is_fetched(model_file: Path) -> None:
    size = model_file.stat().st_size
    with model_file.open("rb") as source:
        start = read_header(source).tensors_start
    far = Far(model_file.read_bytes()[: 8 << 20], size)
    file = RangeFile(far.fetch, size)
    assert read_blueprint([file], [size]) == blueprint_of([model_file])
    assert start <= file.fetched_bytes == sum(count for _, count in far.asked) < start + (2 << 20)
    assert file.prefix(start) == far.body[:start]


def test_that_a_header_that_never_ends_is_given_up() -> None:
    # A vocabulary of 400 GB, in a file that pretends to be larger still.
    body = header_only([], [tensor_line("t", 1, (32,), 0)])[:16] + (1).to_bytes(8, "little")
    key = b"\x01" + bytes(7) + b"k"
    array = (
        (9).to_bytes(4, "little") + (10).to_bytes(4, "little") + (50 << 30).to_bytes(8, "little")
    )
    far = Far(body + key + array, 1 << 40)
    file = RangeFile(far.fetch, 1 << 40)
    with pytest.raises(NotAModel, match="64 MB"):
        read_header(file)
    assert file.fetched_bytes < 1 << 20


def test_that_fewer_bytes_than_asked_for_are_a_failed_download() -> None:
    file = RangeFile(lambda start, count: b"GGUF"[start : start + count - 1], 1000)
    with pytest.raises(DownloadError, match="came"):
        read_header(file)
