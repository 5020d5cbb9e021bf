"""The command line as a person or a program meets it: a process, its output, its exit code."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.config import Home, read_config
from engine.download.values import Quantization
from engine.errors import BadRequest
from engine.terminal.arguments import split_quantization
from engine.terminal.screen import size_text, table
from engine.terminal.shelf import choose_quantization

ROOT = Path(__file__).parents[3]


def fullbore(
    home: Home, *words: str, given: str | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "engine", *words],
        cwd=ROOT,
        env={**os.environ, "FULLBORE_HOME": str(home.root)},
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        text=True,
        timeout=230,
        check=False,
    )


def test_that_probe_tells_programs_what_there_is(home: Home) -> None:
    done = fullbore(home, "probe", "--json")
    assert done.returncode == 0
    machine = json.loads(done.stdout)
    assert {"gpus", "cpu", "memory_bytes", "disks"} <= machine.keys()


def test_that_list_shows_broken_models_with_the_reason(home: Home) -> None:
    assert "no models" in fullbore(home, "list").stdout
    (home.models / "broken.gguf").write_bytes(b"GGUF")
    assert "broken" in fullbore(home, "list").stdout
    (model,) = json.loads(fullbore(home, "list", "--json").stdout)["models"]
    assert model["id"] == "broken"
    assert model["broken"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("chat", "nobody", "--prompt", "hi"), 1, "No model is called 'nobody'"),
        (("bench", "nobody"), 1, "No model is called 'nobody'"),
        (("chat", "--prompt", "hi"), 1, "There are no models"),
        (("serve", "--port", "99999"), 2, "65535"),
        (("serve", "--port", "http"), 2, "'http' is not a whole number"),
        (("bench", "nobody", "--streams", "1,300"), 2, "from 1 to 256"),
        (("bench", "nobody", "--raw", "--against", "."), 1, "Leave out either `--raw`"),
        (("chat", "--prompt", " "), 2, "nothing in it"),
        (("dance",), 2, "dance"),
        ((), 2, "VERB"),
    ],
)
def test_that_a_failure_is_one_sentence_and_an_exit_code(
    home: Home, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = fullbore(home, *words)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_that_broken_settings_are_one_sentence(home: Home) -> None:
    home.engine_toml.write_text("port = 'many'", "utf-8")
    done = fullbore(home, "list")
    assert done.returncode == 1
    assert done.stderr.startswith("fullbore: engine.toml could not be read: port: ")
    assert "pydantic" not in done.stderr


def test_that_a_home_that_cannot_be_written_is_one_sentence(home: Home) -> None:
    (home.root / "engine.door.new").mkdir()
    done = fullbore(home, "serve")
    assert done.returncode == 1
    assert done.stderr.startswith(f"fullbore: {home.root}")
    assert "cannot be written: " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be clean about")
def test_that_serve_prints_its_address_and_ends_cleanly(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "engine", "serve"],
        cwd=ROOT,
        env={**os.environ, "FULLBORE_HOME": str(home.root)},
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        assert re.match(r"Fullbore serves at http://127\.0\.0\.1:\d+", serving.stdout.readline())
        second = fullbore(home, "serve")
        assert second.returncode == 1
        assert "Another Fullbore is running" in second.stderr
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(timeout=30) == 0


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_chat_answers_with_the_real_model(home: Home, model_file: Path) -> None:
    asked = ("--prompt", "What is the capital of France?", "--max-tokens", "24")
    done = fullbore(home, "chat", str(model_file), *asked)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_bench_tells_programs_its_numbers(home: Home, model_file: Path) -> None:
    words = ("bench", str(model_file), "--streams", "1,2", "--prompt", "16", "--answer", "6")
    done = fullbore(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"device", "library", "rows"} <= report.keys()
    assert [row["streams"] for row in report["rows"]] == [1, 2]
    for row in report["rows"]:
        assert row["prompt_tps"] > 0
        assert row["decode_tps"] > 0
        assert row["first_token_ms"] > 0


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_a_raw_bench_says_so_and_leaves_no_wish_behind(home: Home, model_file: Path) -> None:
    words = ("bench", str(model_file), "--streams", "1", "--prompt", "16", "--answer", "6")
    done = fullbore(home, *words, "--raw")
    assert done.returncode == 0, done.stderr
    assert "answers of 6, raw" in done.stdout
    assert not read_config(home.engine_toml).loads


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_that_a_bench_beyond_the_context_is_refused_in_one_sentence(
    home: Home, model_file: Path
) -> None:
    done = fullbore(home, "bench", str(model_file), "--streams", "2", "--prompt", "20000")
    assert done.returncode == 1
    assert "The prompt has " in done.stderr
    assert "Traceback" not in done.stderr


OFFERED = (
    Quantization(label="Q4_K_M", files=("a.gguf",), size_bytes=4_700_000_000),
    Quantization(label="Q8_0", files=("b.gguf",), size_bytes=8_100_000_000),
)


@pytest.mark.parametrize(
    ("word", "halves"),
    [
        ("owner/name", ("owner/name", None)),
        ("owner/name:", ("owner/name", None)),
        ("owner/name:Q4_K_M", ("owner/name", "Q4_K_M")),
        ("https://huggingface.co/owner/name", ("owner/name", None)),
        ("https://huggingface.co/owner/name/tree/main?x=1", ("owner/name", None)),
    ],
)
def test_that_a_repository_is_named_by_its_page_too(
    word: str, halves: tuple[str, str | None]
) -> None:
    assert split_quantization(word) == halves


def test_that_a_quantization_is_named_or_the_only_one() -> None:
    assert choose_quantization("o/n", "q8_0", OFFERED).label == "Q8_0"
    assert choose_quantization("o/n", None, OFFERED[:1]).label == "Q4_K_M"


@pytest.mark.parametrize("label", [None, "Q2_K"])
def test_that_a_choice_that_is_open_lists_what_there_is(label: str | None) -> None:
    with pytest.raises(BadRequest) as refused:
        choose_quantization("o/n", label, OFFERED)
    assert "Q4_K_M (4.7 GB), Q8_0 (8.1 GB)" in refused.value.remedy


def test_that_sizes_and_tables_are_readable() -> None:
    assert [size_text(n) for n in (0, 999, 98_100_000)] == ["0 B", "999 B", "98.1 MB"]
    assert table(("A", "B"), [("long", "1"), ("x", "22")]) == "A      B\nlong   1\nx     22"
