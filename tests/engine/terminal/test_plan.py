"""`fullbore plan`: what it tells people and programs, and how it refuses."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.config import EngineConfig, Home, write_config
from engine.terminal.verbs import run
from tests.support.gguf_bytes import TINY, gguf_bytes
from tests.support.ghosts import write_ghost
from tests.support.hub import Hub

REPOSITORY = "owner/Ghost-8B-GGUF"
LABELS = ("Q2_K", "Q3_K_M", "Q4_K_M", "UD-Q4_K_XL", "Q6_K", "Q8_0")
MACHINE = "2x RTX 4070, 64 GB DDR5-5600"
NUMBER = (int, float)
FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "model": str,
    "machine": str,
    "fits": bool,
    "split_mode": str,
    "gpu_layers": int,
    "tensor_split": list,
    "cpu_experts": int,
    "context": int,
    "cache_type": str,
    "micro_batch": int,
    "devices": list,
    "host_bytes": int,
    "decode_tps": dict,
    "prompt_tps": NUMBER,
    "prompt_tps_range": dict,
    "load_seconds": NUMBER,
    "reasons": list,
    "alternatives": list,
}
DEVICE = {"name": str} | dict.fromkeys(
    ("weights", "kv", "compute", "residual", "total", "capacity"), int
)


@pytest.fixture(autouse=True)
def no_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    for name in ("HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, int]]:
    """Of each quantization its header, and how big the whole file would be."""
    path = tmp_path_factory.mktemp("headers") / "ghost.gguf"
    found: dict[str, tuple[bytes, int]] = {}
    for label in LABELS:
        size = write_ghost(f"llama-8b:{label.replace('UD-Q4_K_XL', 'Q4_K_M')}", path, whole=False)
        with path.open("rb") as file:
            found[label] = (file.read(4 << 20), size)
    return found


@pytest.fixture
def hub(home: Home, headers: dict[str, tuple[bytes, int]]) -> Generator[Hub]:
    """A repository with all of them, and one file that is no model."""
    with Hub() as hub:
        files = {f"ghost-{label}.gguf": body for label, (body, _) in headers.items()}
        repository = hub.add(REPOSITORY, {**files, "ghost-IQ1_S.gguf": b"not a model" * 99})
        repository.announced_bytes = {
            f"ghost-{label}.gguf": size for label, (_, size) in headers.items()
        }
        write_config(home.engine_toml, EngineConfig(hub_endpoint=hub.address))
        yield hub


@pytest.fixture
def ghost(home: Home) -> str:
    """On the shelf; a header and a hole."""
    write_ghost("qwen3-30b-a3b:Q4_K_M", home.models / "ghost.gguf", whole=False)
    return "ghost"


@pytest.fixture
def shelf(home: Home, ghost: str) -> Home:
    """The home where it lies."""
    assert (home.models / f"{ghost}.gguf").exists()
    return home


def fullbore(home: Home, *words: str) -> int:
    """The exit code, of a command line in this process."""
    try:
        return run(words, {"FULLBORE_HOME": str(home.root)}, "0")
    except SystemExit as leaving:  # as argparse does
        return int(str(leaving.code))


def plan_json(capsys: pytest.CaptureFixture[str], home: Home, *words: str) -> Any:
    assert fullbore(home, "plan", *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def check(plan: Any, *, depth: int = 0) -> None:
    """Every field is there, of its type, and adds up."""
    for name, kind in FIELDS.items():
        assert isinstance(plan[name], kind), name
    for device in plan["devices"]:
        for name, kind in DEVICE.items():
            assert isinstance(device[name], kind), name
        parts = (device[name] for name in ("weights", "kv", "compute", "residual"))
        assert sum(parts) == device["total"]
    for speed in (plan["decode_tps"], plan["prompt_tps_range"]):
        assert 0 < speed["low"] <= speed["expected"] <= speed["high"]
    assert plan["prompt_tps"] == plan["prompt_tps_range"]["expected"]
    assert all(isinstance(share, int | float) for share in plan["tensor_split"])
    assert all(isinstance(reason, str) for reason in plan["reasons"])
    assert depth == 0 or not plan["alternatives"]
    for other in plan["alternatives"]:
        check(other, depth=depth + 1)


def test_that_programs_get_every_field(
    home: Home, ghost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_json(capsys, home, ghost, "--machine", MACHINE)
    check(plan)
    assert plan["model"] == ghost
    assert plan["machine"] == "2 × RTX 4070, 64 GB DDR5-5600"
    assert plan["fits"]
    assert plan["reasons"]
    assert plan["alternatives"]
    assert [device["name"] for device in plan["devices"]] == ["RTX 4070", "RTX 4070"]
    assert plan["split_mode"] in {"layer", "tensor"}


def test_that_every_flag_is_a_pin(
    home: Home, ghost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pins = [
        "--context",
        "8k",
        "--streams",
        "2",
        "--cache",
        "q8_0",
        "--gpu-layers",
        "40",
        "--split-mode",
        "layer",
    ]
    more = [
        "--cpu-experts",
        "5",
        "--devices",
        "1,0",
        "--reserve",
        "0=2.5,1=1",
        "--tensor-split",
        "3,1",
    ]
    plan = plan_json(capsys, home, ghost, "--machine", MACHINE, *pins, *more)
    check(plan)
    assert (plan["context"], plan["streams"], plan["cache_type"]) == (8192, 2, "q8_0")
    assert (plan["gpu_layers"], plan["split_mode"], plan["cpu_experts"]) == (40, "layer", 5)
    assert len(plan["devices"]) == 2
    none = plan_json(capsys, home, ghost, "--machine", MACHINE, "--devices", "-")
    assert none["devices"] == []
    assert none["gpu_layers"] == 0


def test_that_people_read_what_it_takes_gives_and_costs(
    home: Home, ghost: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("plan", ghost, "--machine", MACHINE, "--price", "0.5")
    assert fullbore(home, *words) == 0
    text = capsys.readouterr().out
    for said in ("ghost", "RTX 4070", "RAM", "decode", "tok/s", "KL divergence", "Why", "Instead"):
        assert said in text
    assert "tokens at 0.50 a kWh" in " ".join(text.split())
    assert "1 cards" not in text
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("columns", [70, 100])
def test_that_sentences_keep_to_the_terminals_width(
    home: Home,
    ghost: str,
    columns: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert fullbore(home, "plan", ghost, "--machine", "RTX 3060 12GB, 32 GB") == 0
    lines = capsys.readouterr().out.splitlines()
    sentences = lines[lines.index("Why") :]
    assert max(map(len, sentences)) <= columns
    assert not any("split by" in line for line in lines if line.startswith("layers"))


def test_that_one_quantization_of_a_repository_is_planned_from_few_bytes(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_json(capsys, home, f"{REPOSITORY}:ud-q4_k_xl", "--machine", MACHINE)
    check(plan)
    assert plan["model"] == f"{REPOSITORY}:UD-Q4_K_XL"
    assert plan["quantization"] == "UD-Q4_K_XL"
    assert hub.served_bytes < 16 << 20
    assert list((home.cache / "headers").iterdir())
    assert list((home.cache / "blueprints").iterdir())


def test_that_a_repository_is_ranked_and_what_is_no_model_is_told_of(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    ranked = plan_json(capsys, home, REPOSITORY, "--machine", MACHINE)
    names = [plan["model"] for plan in ranked["plans"]]
    assert sorted(names) == sorted(f"{REPOSITORY}:{label}" for label in LABELS)
    for plan in ranked["plans"]:
        check(plan)
    assert ranked["advised"] in names
    assert ranked["advice"]
    (refused,) = ranked["unplanned"]
    assert refused["model"] == f"{REPOSITORY}:IQ1_S"
    assert refused["why"]
    assert fullbore(home, "plan", REPOSITORY, "--machine", MACHINE) == 0
    said = capsys.readouterr()
    assert said.out.count("→") == 1
    assert all(label in said.out for label in LABELS)
    assert said.err.startswith(f"{REPOSITORY}:IQ1_S: ")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("nobody",), 1, "No model is called 'nobody'. Write a .gguf file, a name that"),
        (("nowhere.gguf",), 1, "There is no file nowhere.gguf. Write a .gguf file"),
        (("ghost", "--machine", "2x Voodoo 5"), 1, "Voodoo"),
        (("ghost", "--machine", "please"), 1, "please"),
        (("ghost", "--machine", " "), 2, "there is nothing in it"),
        (("ghost", "--exact", "--machine", MACHINE), 1, "leave out --machine"),
        (("ghost", "--machine", MACHINE, "--devices", "7"), 1, "There is no card 7."),
        (("ghost", "--machine", MACHINE, "--reserve", "2=1"), 1, "There is no card 2."),
        (("ghost", "--context", "lots"), 2, "'lots' is not a whole number"),
        (("ghost", "--context", "12"), 2, "from 256 to"),
        (("ghost", "--cache", "q9"), 2, "q9"),
        (("ghost", "--prefer", "beauty"), 2, "beauty"),
        (("ghost", "--split-mode", "row"), 2, "row"),
        (("ghost", "--reserve", "much"), 2, "'much' is not a whole number"),
        (("ghost", "--reserve", "0=much"), 2, "'much' is not a number"),
        (("ghost", "--tensor-split", "1,-1"), 2, "is not a number of that kind"),
        (("ghost", "--price", "free"), 2, "'free' is not a number"),
        ((), 2, "MODEL"),
    ],
)
def test_that_what_cannot_be_planned_is_one_sentence_and_an_exit_code(
    shelf: Home,
    words: Sequence[str],
    code: int,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fullbore(shelf, "plan", *words) == code
    said = capsys.readouterr()
    assert sentence in said.err
    assert not said.out
    assert code == 2 or said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (f"{REPOSITORY}:Q5_0", "has no quantization 'Q5_0'. It has: "),
        ("owner/nothing", "owner/nothing"),
        ("owner/empty", "owner/empty has no GGUF files."),
        (f"{REPOSITORY}:IQ1_S", "Choose another repository."),
    ],
)
def test_that_the_hubs_refusals_are_one_sentence(
    home: Home, hub: Hub, word: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.add("owner/empty", {"README.md": b"nothing"})
    assert fullbore(home, "plan", word, "--machine", MACHINE) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_that_a_model_llama_cpp_does_not_know_is_refused(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    body = gguf_bytes({**TINY, "general.architecture": "nobody"})
    (home.models / "new.gguf").write_bytes(body)
    assert fullbore(home, "plan", "new") == 1
    assert "llama.cpp does not know the architecture 'nobody'" in capsys.readouterr().err


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_an_exact_plan_has_llama_cpps_own_bytes(home: Home, model_file: Path) -> None:
    shutil.copy(model_file, home.models / "real.gguf")
    done = subprocess.run(
        [sys.executable, "-m", "engine", "plan", "real", "--exact", "--json", "--context", "4096"],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "FULLBORE_HOME": str(home.root)},
        capture_output=True,
        text=True,
        timeout=230,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    check(plan)
    assert plan["exact"]
    assert plan["host_bytes"] + sum(device["total"] for device in plan["devices"]) > 90_000_000


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_an_exact_plan_needs_no_weights(
    home: Home, hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = plan_json(capsys, home, f"{REPOSITORY}:Q4_K_M", "--exact", "--context", "4096")
    check(plan)
    assert plan["exact"]
    assert plan["host_bytes"] + sum(device["total"] for device in plan["devices"]) > 4.9e9
    assert hub.served_bytes < 32 << 20
