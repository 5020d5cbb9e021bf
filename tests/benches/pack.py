"""Is a bundle with its GPU pack as fast as llama.cpp alone? And does it run without the card?

    python -m tests.benches.pack MODEL.gguf --llama FOLDER [--source ADDRESS] [--fullbore PROGRAM]
        [--turns N] [--home FOLDER]

On a machine with a card that a pack serves. FOLDER holds llama-bench of the same llama.cpp, with
the plugin that the pack brings; ADDRESS a folder on a server with all parts of the pack: NVIDIA's
wheels by their names on PyPI, and what `python -m installers.engine.pack` made of the plugin that
was built for this card (`python -m http.server` in that folder does). Without it no pack is
installed: the home has one, or the processor is measured. PROGRAM is the bundle's `fullbore`;
without it, this Python with PYTHONPATH=build/engine.

llama-bench and `fullbore bench` take turns, at the same depth. The bar is for Fullbore without
guesses: what guesses gain depends on the text, and llama-bench does not guess. Beside it, once a
turn: llama.cpp's own pace within Fullbore, no token being chosen, which tells what the pack is
answerable for; and guesses as they are without being asked for.

Prints one line of JSON: the seconds of the install, what Fullbore writes as shares of llama-bench
(the medians of the turns; the bar: 0.98 without guesses, for a 7B model), and what the processor
writes with the card hidden.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BAR = 0.98
_PLAIN = "without_guesses"
_WAYS = {_PLAIN: ("--no-guesses",), "raw": ("--raw",), "as_it_comes": ()}
_PROMPT, _ANSWER = 64, 256  # tokens
_DEPTH = 8  # of the prompts that `fullbore bench` has answered
_REPETITIONS = 3


def main() -> int:
    """0 if the bar is reached, and the processor answers without the card."""
    asked = _asked()
    if asked.home is not None:
        return _measured(asked, asked.home)
    with tempfile.TemporaryDirectory(prefix="fullbore-pack-") as folder:
        return _measured(asked, Path(folder))


def _measured(asked: argparse.Namespace, home: Path) -> int:
    program = [asked.fullbore] if asked.fullbore else [sys.executable, "-m", "engine"]
    environment = {**os.environ, "FULLBORE_HOME": str(home)}
    home.mkdir(parents=True, exist_ok=True)
    source = f"pack_source = {json.dumps(asked.source)}\n" if asked.source else ""
    (home / "engine.toml").write_text(f"serve = false\nstreams = 1\n{source}", "utf-8")
    began = time.monotonic()
    verb = "install" if asked.source else "status"
    pack = _told([*program, "pack", verb, "--json"], environment)
    told: dict[str, Any] = {
        "pack": pack["kind"],
        "state": pack["state"],
        "install_seconds": round(time.monotonic() - began, 1),
    }
    _say(told)

    def written(*words: str, hidden: bool = False) -> float:
        where = {**environment, "CUDA_VISIBLE_DEVICES": "-1"} if hidden else environment
        measure = ["bench", str(asked.model), "--json", "--streams", "1", *words]
        return float(_told([*program, *measure], where)["rows"][0]["decode_tps"])

    usual = ("--prompt", str(_PROMPT), "--answer", str(_ANSWER))
    shares: dict[str, list[float]] = {way: [] for way in _WAYS}
    bare: list[float] = []
    for turn in range(asked.turns):
        bare.append(_bare(asked.llama, asked.model))
        _say({"turn": turn, "llama_bench": bare[-1]})
        for way, words in _WAYS.items():
            pace = written(*words, *usual)
            shares[way].append(round(pace / bare[-1], 4))
            _say({"turn": turn, "way": way, "decode_tps": pace})
    medians = {way: statistics.median(of_way) for way, of_way in shares.items()}
    processor = written("--prompt", "64", "--answer", "16", hidden=True)
    told |= {
        "llama_bench_tps": bare,
        "shares_of_llama_bench": medians,
        "all_shares": shares,
        "processor_tps": processor,
    }
    print(json.dumps(told))
    return 0 if medians[_PLAIN] >= BAR and processor > 0 else 1


def _bare(folder: Path, model: Path) -> float:
    """What llama-bench writes a second, that deep."""
    environment = {**os.environ}
    paths = [str(folder.absolute()), environment.get("LD_LIBRARY_PATH", "")]
    environment["LD_LIBRARY_PATH"] = ":".join(path for path in paths if path)
    words = ["-m", str(model), "-p", "0", "-n", str(_ANSWER), "-d", str(_DEPTH)]
    words += ["-r", str(_REPETITIONS), "-o", "json"]
    command = [str(folder.absolute() / "llama-bench"), *words]
    return float(_told(command, environment)[0]["avg_ts"])


def _told(command: list[str], environment: dict[str, str]) -> Any:
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{ran.stderr}")
    return json.loads(ran.stdout)


def _say(told: dict[str, Any]) -> None:
    """What is known by now, in case that a later step fails."""
    print(json.dumps(told), file=sys.stderr, flush=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benches.pack")
    parser.add_argument("model", type=Path)
    parser.add_argument("--llama", type=Path, required=True, help="where llama-bench is")
    parser.add_argument("--source", help="where the pack's parts are; none: as the home has it")
    parser.add_argument("--fullbore", help="the bundle's program")
    parser.add_argument("--turns", type=int, default=2, help="how often all of it is measured")
    parser.add_argument("--home", type=Path, help="an own one, which stays; none: a new one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
