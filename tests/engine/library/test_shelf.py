"""The shelf over real folders with real, small files."""

import os
import sys
from pathlib import Path

import pytest

from engine.library.known_files import KnownFiles
from engine.library.shelf import scan
from tests.support.gguf_bytes import TINY, gguf_bytes


def put(path: Path, body: bytes | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gguf_bytes() if body is None else body)
    return path


def shard(number: int, count: int) -> bytes:
    return gguf_bytes({**TINY, "split.no": number - 1, "split.count": count})


def test_that_models_are_found_in_folders_of_folders_and_sorted(tmp_path: Path) -> None:
    put(tmp_path / "owner" / "repo" / "zeta-Q4_0.gguf")
    put(tmp_path / "alpha.gguf")
    put(tmp_path / "deep" / "Beta-Q8_0.gguf")
    assert [model.id for model in scan([tmp_path])] == ["alpha", "Beta-Q8_0", "owner/repo:Q4_0"]


def test_that_the_header_tells_its_facts(tmp_path: Path) -> None:
    file = put(tmp_path / "tiny.gguf")
    (model,) = scan([tmp_path])
    assert (model.architecture, model.name, model.quantization) == ("llama", "Tiny", "F16")
    assert (model.layers, model.parameters) == (2, 2048)
    assert model.trained_context_tokens == 2048
    assert (model.files, model.size_bytes) == ((file,), file.stat().st_size)
    assert model.broken is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always text")
def test_that_a_name_that_is_no_text_spoils_no_list(tmp_path: Path) -> None:
    put(tmp_path / "good.gguf")
    put(tmp_path / os.fsdecode(b"odd\xff.gguf"))
    good, odd = scan([tmp_path])
    assert (good.id, good.broken) == ("good", None)
    assert odd.id == "odd?"
    assert odd.broken is not None
    assert "Rename it" in odd.broken


def test_that_the_real_model_stands_on_the_shelf(model_file: Path) -> None:
    (model,) = [one for one in scan([model_file.parent]) if model_file in one.files]
    assert (model.id, model.broken) == ("SmolLM2-135M-Instruct.Q4_1", None)


def test_that_shards_are_one_model(tmp_path: Path) -> None:
    files = [put(tmp_path / f"m-Q8_0-0000{n}-of-00003.gguf", shard(n, 3)) for n in (1, 2, 3)]
    (model,) = scan([tmp_path])
    assert (model.id, model.files, model.broken) == ("m-Q8_0", tuple(files), None)
    assert model.parameters == 3 * 2048


def test_that_missing_shards_are_named(tmp_path: Path) -> None:
    put(tmp_path / "m-Q8_0-00002-of-00003.gguf", shard(2, 3))
    (model,) = scan([tmp_path])
    assert model.broken is not None
    assert "missing: 1, 3" in model.broken


def test_that_a_renamed_shard_is_told_its_name(tmp_path: Path) -> None:
    put(tmp_path / "m.gguf", shard(1, 2))
    (model,) = scan([tmp_path])
    assert model.broken is not None
    assert "-00001-of-00002.gguf" in model.broken


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"no model", "too short"),
        (b"x" * 99, "not in the GGUF"),
        (gguf_bytes()[:-9], "ends before"),
    ],
)
def test_that_broken_files_are_listed_with_a_sentence(
    tmp_path: Path, body: bytes, words: str
) -> None:
    put(tmp_path / "broken.gguf", body)
    put(tmp_path / "good.gguf")
    broken, good = scan([tmp_path])
    assert broken.broken is not None
    assert words in broken.broken
    assert good.broken is None


def test_that_partial_downloads_and_projectors_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "m.gguf.part")
    put(tmp_path / "m.gguf.1a2b.incomplete")
    put(tmp_path / "mmproj-m.gguf")
    put(tmp_path / ".cache" / "m.gguf")
    assert scan([tmp_path]) == ()


def test_that_of_a_single_file_only_the_shards_beside_it_are_looked_for(tmp_path: Path) -> None:
    parts = [put(tmp_path / f"m-Q8_0-0000{n}-of-00002.gguf", shard(n, 2)) for n in (1, 2)]
    put(tmp_path / "m-Q4_0-00001-of-00002.gguf", shard(1, 2))
    put(tmp_path / "inner" / "m-Q8_0-00001-of-00002.gguf", shard(1, 2))
    alone = put(tmp_path / "alone.gguf")
    assert [model.files for model in scan([parts[1]])] == [tuple(parts)]
    assert [model.files for model in scan([alone])] == [(alone,)]


def test_that_folders_which_are_not_there_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "here" / "m.gguf")
    assert len(scan([tmp_path / "gone", tmp_path / "here"])) == 1


def test_that_one_label_twice_in_a_repository_gives_the_stems(tmp_path: Path) -> None:
    put(tmp_path / "owner" / "repo" / "a-Q4_0.gguf")
    put(tmp_path / "owner" / "repo" / "b-Q4_0.gguf")
    assert [model.id for model in scan([tmp_path])] == ["owner/repo:a-Q4_0", "owner/repo:b-Q4_0"]


def test_that_equal_names_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    put(tmp_path / "one" / "m.gguf")
    put(tmp_path / "two" / "m.gguf")
    assert [model.id for model in scan([tmp_path])] == ["m", "m (2)"]


def test_that_overlapping_folders_show_a_file_once(tmp_path: Path) -> None:
    put(tmp_path / "inner" / "m.gguf")
    assert len(scan([tmp_path, tmp_path / "inner"])) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_that_links_that_lead_around_end(tmp_path: Path) -> None:
    put(tmp_path / "a" / "m.gguf")
    (tmp_path / "a" / "around").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.gguf").symlink_to(tmp_path / "self.gguf")
    (tmp_path / "dangling.gguf").symlink_to(tmp_path / "nowhere")
    assert [model.id for model in scan([tmp_path])] == ["m"]


def test_that_headers_are_read_again_only_when_their_file_changed(tmp_path: Path) -> None:
    file = put(tmp_path / "m.gguf")
    known = KnownFiles()
    (before,) = scan([tmp_path], known.read)
    assert known.read(file) is known.read(file)
    put(tmp_path / "m.gguf", gguf_bytes({**TINY, "general.name": "Another name"}))
    (after,) = scan([tmp_path], known.read)
    assert (before.name, after.name) == ("Tiny", "Another name")
    put(tmp_path / "m.gguf", b"x" * 99)
    (broken,) = scan([tmp_path], known.read)
    assert broken.broken is not None
