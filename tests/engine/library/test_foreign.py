"""Other programs' folders, as each program leaves them: found, and read in place."""

import json
import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, home_from
from engine.gguf.names import place_of
from engine.library.files import Folder, Origin
from engine.library.folders import foreign_folders, shelf_folders
from engine.library.shelf import scan
from tests.support.gguf_bytes import TINY, gguf_bytes

LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
COMMIT, OLDER = "a" * 40, "b" * 40


def put(path: Path, body: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def named(name: str) -> bytes:
    return gguf_bytes({**TINY, "general.name": name})


def ollama(root: Path, model: str, body: bytes, *, registry: str = "registry.ollama.ai") -> Path:
    """What `ollama pull` leaves; `model` is owner/name/tag."""
    digest = sha256(body).hexdigest()
    layers = [
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "0" * 64},
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
    ]
    manifest = root / "manifests" / registry / model
    put(manifest, json.dumps({"schemaVersion": 2, "layers": layers}).encode())
    return put(root / "blobs" / f"sha256-{digest}", body)


def cached(hub: Path, commit: str, file: str, body: bytes) -> Path:
    """What huggingface_hub leaves of one file of someone/tiny-GGUF."""
    repository = hub / "models--someone--tiny-GGUF"
    blob = put(repository / "blobs" / sha256(body).hexdigest(), body)
    link = repository / "snapshots" / commit / file
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(blob, link.parent))
    return link


def ids(origin: Origin, path: Path) -> list[str]:
    return [model.id for model in scan([Folder(path=path, origin=origin)])]


@pytest.mark.parametrize(
    ("system", "home", "place", "origin"),
    [
        ("linux", "HOME", ".lmstudio/models", Origin.LM_STUDIO),
        ("darwin", "HOME", ".cache/lm-studio/models", Origin.LM_STUDIO),
        ("win32", "USERPROFILE", ".lmstudio/models", Origin.LM_STUDIO),
        ("linux", "HOME", ".ollama/models", Origin.OLLAMA),
        ("linux", "OLLAMA_MODELS", "", Origin.OLLAMA),
        ("linux", "HOME", ".local/share/Jan/data/llamacpp/models", Origin.JAN),
        ("win32", "APPDATA", "Jan/data/llamacpp/models", Origin.JAN),
        ("linux", "HOME", ".local/share/nomic.ai/GPT4All", Origin.GPT4ALL),
        ("darwin", "HOME", "Library/Application Support/nomic.ai/GPT4All", Origin.GPT4ALL),
        ("win32", "LOCALAPPDATA", "nomic.ai/GPT4All", Origin.GPT4ALL),
        ("linux", "HOME", "text-generation-webui/user_data/models", Origin.TEXT_GENERATION_WEBUI),
        ("linux", "HOME", ".cache/huggingface/hub", Origin.HUGGING_FACE),
        ("linux", "HF_HOME", "hub", Origin.HUGGING_FACE),
    ],
)
def test_that_each_program_is_looked_for_where_it_keeps_its_models(
    tmp_path: Path, system: str, home: str, place: str, origin: Origin
) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True, exist_ok=True)
    found = [
        one for one in foreign_folders({home: str(tmp_path)}, system=system) if one.origin is origin
    ]
    assert [one.path for one in found] == [folder]


def test_that_one_folder_told_in_two_ways_is_found_once(tmp_path: Path) -> None:
    (tmp_path / ".ollama" / "models").mkdir(parents=True)
    environment = {
        "HOME": str(tmp_path),
        "OLLAMA_MODELS": str(tmp_path / ".ollama" / ".." / ".ollama" / "models"),
    }
    assert [one.origin for one in foreign_folders(environment)] == [Origin.OLLAMA]


@pytest.mark.parametrize("home", ["", "relative", "/no$where/{at}/all", "/\0"])
def test_that_a_strange_environment_finds_nothing_and_breaks_nothing(home: str) -> None:
    environment = {"HOME": home, "USERPROFILE": home, "OLLAMA_MODELS": home, "HF_HOME": home}
    ours = {Path("/usr/share/ollama/.ollama/models"), Path("/var/lib/ollama")}
    assert {one.path for one in foreign_folders(environment)} <= ours


def test_that_no_program_is_used_until_it_was_chosen(tmp_path: Path) -> None:
    put(tmp_path / ".lmstudio" / "models" / "o" / "r" / "m-Q4_0.gguf", gguf_bytes())
    variable = "USERPROFILE" if sys.platform == "win32" else "HOME"
    home = home_from({"FULLBORE_HOME": str(tmp_path / "own"), variable: str(tmp_path)})
    assert scan(shelf_folders(home, EngineConfig())) == ()
    (model,) = scan(shelf_folders(home, EngineConfig(foreign=("lm_studio",))))
    assert (model.id, model.origin) == ("o/r:Q4_0", Origin.LM_STUDIO)


def test_that_a_home_without_an_environment_looks_for_no_other_program(tmp_path: Path) -> None:
    assert len(shelf_folders(Home(tmp_path), EngineConfig(foreign=tuple(Origin)))) == 1


def test_that_ollamas_models_have_ollamas_names(tmp_path: Path) -> None:
    blob = ollama(tmp_path, "library/qwen3/8b-q4_K_M", named("one"))
    ollama(tmp_path, "someone/mine/latest", named("two"))
    ollama(tmp_path, "someone/tiny-GGUF/Q8_0", named("three"), registry="hf.co")
    models = scan([Folder(path=tmp_path, origin=Origin.OLLAMA)])
    assert [model.id for model in models] == [
        "hf.co/someone/tiny-GGUF:Q8_0",
        "qwen3:8b-q4_K_M",
        "someone/mine:latest",
    ]
    assert (models[1].files, models[1].quantization) == ((blob,), "Q4_K_M")
    assert all(model.broken is None for model in models)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"layers": 3}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model"}]}',
        b'{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": 7}]}',
        json.dumps(
            {
                "layers": [
                    {
                        "mediaType": "application/vnd.ollama.image.model",
                        "digest": "sha256:../../../../etc/passwd",
                    }
                ]
            }
        ).encode(),
        json.dumps(
            {
                "layers": [
                    {
                        "mediaType": "application/vnd.ollama.image.model",
                        "digest": "sha256:" + "e" * 64,
                    }
                ]
            }
        ).encode(),
        b"[" * 200_000,
        b"\xff\xfe\x00",
    ],
)
def test_that_a_bad_manifest_never_breaks_a_scan(tmp_path: Path, body: bytes) -> None:
    put(tmp_path / "manifests" / "registry.ollama.ai" / "library" / "bad" / "latest", body)
    ollama(tmp_path, "library/good/latest", named("good"))
    assert ids(Origin.OLLAMA, tmp_path) == ["good:latest"]


def test_that_a_file_where_ollama_has_folders_breaks_nothing(tmp_path: Path) -> None:
    put(tmp_path / "manifests" / "stray", b"{}")
    put(tmp_path / "manifests" / "registry.ollama.ai" / "library" / "stray", b"{}")
    ollama(tmp_path, "library/good/latest", named("good"))
    assert ids(Origin.OLLAMA, tmp_path) == ["good:latest"]
    assert ids(Origin.OLLAMA, tmp_path / "nowhere") == []


@LINKS
def test_that_the_cache_of_hugging_face_gives_the_ids_of_the_hub(tmp_path: Path) -> None:
    link = cached(tmp_path, COMMIT, "tiny-Q4_0.gguf", named("one"))
    cached(tmp_path, COMMIT, "Q8_0/tiny-Q8_0.gguf", named("two"))
    models = scan([Folder(path=tmp_path, origin=Origin.HUGGING_FACE)])
    assert [model.id for model in models] == [
        "someone/tiny-GGUF:Q4_0",
        "someone/tiny-GGUF:Q8_0",
    ]
    assert models[0].files == (link,)


@LINKS
def test_that_of_two_snapshots_the_one_main_stands_for_is_shown(tmp_path: Path) -> None:
    new = cached(tmp_path, COMMIT, "tiny-Q4_0.gguf", named("new"))
    cached(tmp_path, OLDER, "tiny-Q4_0.gguf", named("old"))
    old = cached(tmp_path, OLDER, "tiny-Q8_0.gguf", named("only there"))
    put(tmp_path / "models--someone--tiny-GGUF" / "refs" / "main", COMMIT.encode())
    models = scan([Folder(path=tmp_path, origin=Origin.HUGGING_FACE)])
    assert [model.files for model in models] == [(new,), (old,)]


@LINKS
def test_that_a_split_set_in_the_cache_is_one_model(tmp_path: Path) -> None:
    for number in (1, 2):
        body = gguf_bytes({**TINY, "split.no": number - 1, "split.count": 2})
        cached(tmp_path, COMMIT, f"tiny-Q8_0-0000{number}-of-00002.gguf", body)
    (model,) = scan([Folder(path=tmp_path, origin=Origin.HUGGING_FACE)])
    assert (model.id, len(model.files), model.broken) == ("someone/tiny-GGUF:Q8_0", 2, None)


@LINKS
def test_that_dangling_links_and_loops_in_the_cache_are_passed_over(tmp_path: Path) -> None:
    link = cached(tmp_path, COMMIT, "tiny-Q4_0.gguf", named("one"))
    (link.parent / "gone-Q8_0.gguf").symlink_to("../../blobs/gone")
    (link.parent / "self-Q8_0.gguf").symlink_to("self-Q8_0.gguf")
    (link.parent / "around").symlink_to("..", target_is_directory=True)
    put(tmp_path / "datasets--someone--texts" / "snapshots" / COMMIT / "m.gguf", named("no model"))
    assert ids(Origin.HUGGING_FACE, tmp_path) == ["someone/tiny-GGUF:Q4_0"]


def test_that_fullbores_own_keeps_its_name_beside_another_programs(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    put(place_of(own, "someone/tiny-GGUF", "tiny-Q4_0.gguf"), named("own"))
    put(place_of(other, "someone/tiny-GGUF", "tiny-Q4_0.gguf"), named("other"))
    models = scan([Folder(path=own), Folder(path=other, origin=Origin.LM_STUDIO)])
    assert [(model.id, model.origin) for model in models] == [
        ("someone/tiny-GGUF:Q4_0", Origin.FULLBORE),
        ("someone/tiny-GGUF:Q4_0 (2)", Origin.LM_STUDIO),
    ]


@LINKS
def test_that_a_file_reached_through_two_programs_is_shown_once(tmp_path: Path) -> None:
    blob = ollama(tmp_path / "ollama", "library/tiny/latest", named("one"))
    link = tmp_path / "own" / "tiny.gguf"
    link.parent.mkdir()
    link.symlink_to(blob)
    folders = [
        Folder(path=tmp_path / "own"),
        Folder(path=tmp_path / "ollama", origin=Origin.OLLAMA),
    ]
    assert [model.id for model in scan(folders)] == ["tiny"]
