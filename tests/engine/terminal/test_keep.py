"""`pull`, `list`, `verify` and `rm` as a person and a program meet them."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import EngineConfig, Home, write_config
from engine.download.values import Download, DownloadPhase
from engine.host.uses import Uses
from engine.terminal.progress import bar, duration_text, transfer_text
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.hub import Hub

ROOT = Path(__file__).parents[3]
REPOSITORY = "someone/tiny-GGUF"
ID = f"{REPOSITORY}:Q8_0"
BODY = gguf_bytes(tensors={"t": (1, (64, 4096))})


@pytest.fixture
def hub(home: Home) -> Generator[Hub]:
    with Hub() as hub:
        hub.add(REPOSITORY, {"tiny-Q8_0.gguf": BODY, "tiny-Q4_0.gguf": gguf_bytes()})
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        yield hub


def fullbore(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    """In an environment that has no other programs, and a bin of its own."""
    person = home.root.parent / "person"
    person.mkdir(exist_ok=True)
    own = {
        "FULLBORE_HOME": str(home.root),
        "HOME": str(person),
        "USERPROFILE": str(person),
        "XDG_DATA_HOME": str(person / "data"),
        "HF_HOME": str(person / "hf"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    return subprocess.run(
        [sys.executable, "-m", "engine", *words],
        cwd=ROOT,
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def test_that_what_was_pulled_is_verified_offline_and_found_damaged_when_it_is(
    home: Home, hub: Hub
) -> None:
    pulled = fullbore(home, "pull", ID, "--json")
    assert pulled.returncode == 0, pulled.stderr
    (file,) = json.loads(pulled.stdout)["files"]
    hub.faults.status = 503
    sound = fullbore(home, "verify", "--json")
    assert sound.returncode == 0, sound.stderr
    (model,) = json.loads(sound.stdout)["models"]
    assert (model["id"], model["soundness"]) == (ID, "sound")
    Path(file).write_bytes(BODY[:-1] + b"!")
    damaged = fullbore(home, "verify", ID)
    assert damaged.returncode == 1
    assert damaged.stdout == f"{ID}: damaged\n"
    assert damaged.stderr.startswith(f"fullbore: Damaged: {ID}.")


def test_that_verify_without_models_says_so(home: Home) -> None:
    assert "no models" in fullbore(home, "verify").stdout
    assert "No model is called 'nobody'" in fullbore(home, "verify", "nobody").stderr


@pytest.mark.skipif(sys.platform != "linux", reason="only there has a test a bin of its own")
def test_that_a_split_set_goes_to_the_bin_once_agreed(home: Home) -> None:
    for number in (1, 2):
        body = gguf_bytes({**TINY, "split.no": number - 1, "split.count": 2})
        (home.models / f"m-0000{number}-of-00002.gguf").write_bytes(body)
    refused = fullbore(home, "rm", "m")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert len(list(home.models.iterdir())) == 2
    done = fullbore(home, "rm", "m", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["files"]) == 2
    assert list(home.models.iterdir()) == []
    binned = home.root.parent / "person" / "data" / "Trash" / "files"
    assert len(list(binned.iterdir())) == 2
    assert fullbore(home, "rm", "m", "--yes").returncode == 1


def test_that_list_tells_whose_a_model_is_and_when_it_was_used(home: Home) -> None:
    (home.models / "m.gguf").write_bytes(gguf_bytes())
    place = home.root.parent / "person" / ".lmstudio" / "models" / "o" / "r" / "x-Q4_0.gguf"
    place.parent.mkdir(parents=True)
    place.write_bytes(gguf_bytes({**TINY, "general.name": "Other"}))
    hint = fullbore(home, "list").stdout.splitlines()[-1]
    assert hint.startswith("Not shown: 1 in ")
    assert "'lm_studio'" in hint
    write_config(home.engine_toml, EngineConfig(foreign=("lm_studio",)))
    uses = Uses(home.state)
    uses.now("m")
    shown = fullbore(home, "list").stdout.splitlines()
    assert shown[0].split() == ["MODEL", "QUANT", "SIZE", "USED", "FROM"]
    assert str(uses.at("m"))[:10] in shown[1]
    assert shown[2].endswith("LM Studio")
    models = json.loads(fullbore(home, "list", "--json").stdout)["models"]
    assert [(one["id"], one["origin"]) for one in models] == [
        ("m", "fullbore"),
        ("o/r:Q4_0", "lm_studio"),
    ]
    assert models[0]["used_at"] == uses.at("m")


def moving(phase: DownloadPhase) -> Download:
    return Download(id=ID, phase=phase, received_bytes=1_500_000_000, total_bytes=6_000_000_000)


def test_that_a_transfers_line_tells_speed_time_left_and_phase() -> None:
    running = replace(moving(DownloadPhase.RUNNING), bytes_per_second=45e6, seconds_left=100.0)
    assert transfer_text(running) == (
        f"{ID}  [######..................]  25%  1.5 GB of 6.0 GB  45.0 MB/s  1 min 40 s left"
    )
    assert transfer_text(moving(DownloadPhase.VERIFYING)).endswith("6.0 GB  verifying")
    assert transfer_text(moving(DownloadPhase.QUEUED)).endswith("waiting")


def test_that_bars_and_durations_stay_in_bounds() -> None:
    assert (bar(-1), bar(2)) == (f"[{'.' * 24}]   0%", f"[{'#' * 24}] 100%")
    assert [duration_text(n) for n in (0.4, 59, 60, 3599.4, 7500)] == [
        "0 s",
        "59 s",
        "1 min 00 s",
        "59 min 59 s",
        "2 h 05 min",
    ]
