"""`fullbore search`: a table for people, everything for programs."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, write_config
from engine.terminal.verbs import run
from tests.support.hub import Hub
from tests.support.keyrings import BACKEND, FILE


@pytest.fixture(autouse=True)
def own_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", BACKEND)
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hub(home: Home) -> Generator[Hub]:
    with Hub() as hub:
        small = hub.add("owner/Small-1B-GGUF", {})
        small.gguf = {"total": 1_240_000_000, "architecture": "llama", "context_length": 8192}
        small.downloads = 12_345
        vast = hub.add("owner/Vast-GGUF", {}, gated=True)
        vast.gguf = {"total": 90_000_000_000_000, "architecture": "vast"}
        hub.add("owner/Quiet-GGUF", {}).downloads = 1
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        yield hub


def fullbore(home: Home, *words: str) -> int:
    return run(words, {"FULLBORE_HOME": str(home.root)}, "0")


def test_that_people_get_a_table_with_a_rough_fit(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fullbore(home, "search", "gguf") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["REPOSITORY", "PARAMETERS", "DOWNLOADS", "LIKES", "UPDATED", "FITS"]
    first = lines[1].split()
    assert first[:5] == ["owner/Small-1B-GGUF", "1.24B", "12.3k", "3", "2026-10-01"]
    assert lines[2].split()[1] == "90T"
    assert lines[2].endswith("gated  too large") or "gated" in lines[2]
    assert "estimate" in lines[-1] + lines[-2]
    assert "fullbore plan" in " ".join(lines[-2:])
    assert len(hub.paths) == 1


def test_that_programs_get_all_that_is_known(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fullbore(home, "search", "small", "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["repositories"]
    assert one["id"] == "owner/Small-1B-GGUF"
    assert one["architecture"] == "llama"
    assert one["fit"] in {"cards", "ram", "neither"}
    assert fullbore(home, "search", "--architecture", "vast", "--sort", "likes", "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["repositories"]
    assert (one["gated"], one["fit"]) == (True, "neither")
    assert "sort=likes" in hub.paths[-1]


def test_that_nothing_found_and_nobody_there_are_told(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fullbore(home, "search", "unheard", "of") == 0
    assert "no GGUF models named 'unheard of'" in capsys.readouterr().out
    hub.faults.status = 503
    assert fullbore(home, "search", "small") == 1
    assert "huggingface.co" in capsys.readouterr().err
