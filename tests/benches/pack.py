"""Is a bundle with its GPU pack as fast as llama.cpp alone? And does it run without the card?

    python -m tests.benches.pack MODEL.gguf --llama FOLDER [--source ADDRESS] [--fullbore PROGRAM]
        [--turns N] [--home FOLDER]

On a machine with a card that a pack serves. FOLDER holds llama-bench of the same llama.cpp, with
the plugin that the pack brings; ADDRESS a folder on a server with all parts of the pack: NVIDIA's
wheels by their names on PyPI, and what `python -m installers.engine.pack` made of the plugin that
was built for this card (`python -m http.server` in that folder does). Without it no pack is
installed: the home has one, or the processor is measured. PROGRAM is the bundle's `fullbore`;
without it, this Python with PYTHONPATH=build/engine.

llama-bench and Fullbore's port take turns, with the usual sampling and an answer that is as long
and as deep as llama-bench's. The bar is for Fullbore without guesses: what guesses gain depends on
the text, and llama-bench does not guess. Beside it, once a turn: tokens chosen on the card, and
guesses as they are without being asked for.

Prints one line of JSON: the seconds of the install, what Fullbore writes as a share of llama-bench
(the median of the turns; the bar: 0.98, for a 7B model), and what the processor writes with the
card hidden.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BAR = 0.98
_PLAIN = "without_guesses"
_WAYS = {
    _PLAIN: {"speculation": False},
    "chosen_on_the_card": {"backend_sampling": True},
    "as_it_comes": {},
}
_ANSWERS = 3
_ANSWER = 256  # tokens
_LOAD_SECONDS = 60.0
_WORDS = ("the", "of", "and", "to", "in", "is", "it", "you", "that", "he", "was", "for", "with")


def main() -> int:
    """0 if the bar is reached, and the processor answers without the card."""
    asked = _asked()
    if asked.home is not None:
        return _measured(asked, asked.home)
    with tempfile.TemporaryDirectory(prefix="fullbore-pack-") as folder:
        return _measured(asked, Path(folder))


def _measured(asked: argparse.Namespace, home: Path) -> int:
    program = [asked.fullbore] if asked.fullbore else [sys.executable, "-m", "engine"]
    fullbore = _Fullbore(program, home, asked.source, asked.model)
    home.mkdir(parents=True, exist_ok=True)
    fullbore.settle({})
    began = time.monotonic()
    verb = "install" if asked.source else "status"
    pack = _told([*program, "pack", verb, "--json"], fullbore.environment)
    told: dict[str, Any] = {
        "pack": pack["kind"],
        "state": pack["state"],
        "install_seconds": round(time.monotonic() - began, 1),
    }
    _say(told)
    paces: dict[str, list[_Pace]] = {way: [] for way in _WAYS}
    raw: list[float] = []
    depth = 0
    for turn in range(asked.turns):
        for way, wish in _WAYS.items():
            fullbore.settle(wish)
            paces[way].append(fullbore.pace())
            _say({"turn": turn, "way": way, **vars(paces[way][-1])})
            depth = depth or paces[way][-1].prompt_tokens
            if way == _PLAIN:
                raw.append(_bare(asked.llama, asked.model, depth))
                _say({"turn": turn, "llama_bench": raw[-1]})
    shares = {
        way: [round(pace.engine_tps / bare, 4) for pace, bare in zip(of_way, raw, strict=True)]
        for way, of_way in paces.items()
    }
    through = [pace.port_tps / bare for pace, bare in zip(paces[_PLAIN], raw, strict=True)]
    fullbore.settle(_WAYS[_PLAIN])
    hidden = {**fullbore.environment, "CUDA_VISIBLE_DEVICES": "-1"}
    words = ["bench", str(asked.model), "--json", "--streams", "1", "--prompt", "64"]
    alone = _told([*program, *words, "--answer", "16"], hidden)
    share, processor = statistics.median(shares[_PLAIN]), alone["rows"][0]["decode_tps"]
    told |= {
        "llama_bench_tps": raw,
        "share_of_llama_bench": share,
        "share_at_the_port": round(statistics.median(through), 4),
        "shares": shares,
        "processor_tps": processor,
    }
    print(json.dumps(told))
    return 0 if share >= BAR and processor > 0 else 1


@dataclass(frozen=True)
class _Pace:
    """One answer: tokens a second as the engine counts them, and as its client saw them."""

    prompt_tokens: int
    answer_tokens: int
    engine_tps: float
    port_tps: float


class _Fullbore:
    """The program that is measured, in a home of its own."""

    def __init__(self, program: list[str], home: Path, source: str | None, model: Path) -> None:
        self._program = program
        self._settings = home / "engine.toml"
        self._source = source
        self._model = model
        self.environment = {**os.environ, "FULLBORE_HOME": str(home)}

    def settle(self, wish: dict[str, bool]) -> None:
        """The wish is the model's from the next start on."""
        lines = ["serve = false", "streams = 1"]
        if self._source:
            lines.append(f"pack_source = {json.dumps(self._source)}")
        lines.append(f"[loads.{json.dumps(self._model.stem)}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in wish.items()]
        self._settings.write_text("\n".join(lines) + "\n", "utf-8")

    def pace(self) -> _Pace:
        """The median of its answers but the first, which warms it up."""
        with self._served() as address:
            _loaded(address)
            _answer(address, seed=1, tokens=32)
            paces = [_answer(address, seed=2 + at, tokens=_ANSWER) for at in range(_ANSWERS)]
        return sorted(paces, key=lambda pace: pace.engine_tps)[_ANSWERS // 2]

    @contextmanager
    def _served(self) -> Generator[str]:
        words = ["serve", "--model", str(self._model), "--grace", "1"]
        # What it complains of goes to our own stderr.
        server = subprocess.Popen(
            [*self._program, *words], env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            if " at " not in line:
                sys.exit(f"It did not serve: {line.strip() or server.wait()}")
            yield line.rpartition(" at ")[2].strip()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _loaded(address: str) -> None:
    """Wait until it has loaded the model: there is none to answer until then."""
    until = time.monotonic() + _LOAD_SECONDS
    while True:
        try:
            _answer(address, seed=0, tokens=2)
        except urllib.error.HTTPError as error:
            if error.code not in {404, 503} or time.monotonic() > until:
                sys.exit(f"It did not load the model: {error.read().decode(errors='replace')}")
            time.sleep(0.1)
        else:
            return


def _answer(address: str, *, seed: int, tokens: int) -> _Pace:
    dice = random.Random(seed)
    body = {
        "prompt": " ".join(dice.choices(_WORDS, k=128)),
        "max_tokens": tokens,
        "ignore_eos": True,
        "seed": seed,
        "temperature": 0.7,
        "top_k": 40,
        "top_p": 0.95,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    request = urllib.request.Request(
        f"{address.removesuffix('/').removesuffix('/v1')}/v1/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    stamps: list[float] = []
    last: dict[str, Any] = {}
    with urllib.request.urlopen(request, timeout=300) as heard:
        for line in heard:
            if not line.startswith(b"data: {"):
                continue
            event = json.loads(line[6:])
            if event.get("choices"):
                stamps.append(time.monotonic())
            last |= {name: event[name] for name in ("usage", "timings") if event.get(name)}
    written = last["usage"]["completion_tokens"]
    return _Pace(
        prompt_tokens=last["usage"]["prompt_tokens"],
        answer_tokens=written,
        engine_tps=last["timings"]["predicted_per_second"],
        port_tps=(written - 1) / max(stamps[-1] - stamps[0], 1e-6),
    )


def _bare(folder: Path, model: Path, depth: int) -> float:
    """What llama-bench writes a second, that deep."""
    environment = {**os.environ}
    paths = [str(folder.absolute()), environment.get("LD_LIBRARY_PATH", "")]
    environment["LD_LIBRARY_PATH"] = ":".join(path for path in paths if path)
    words = ["-m", str(model), "-p", "0", "-n", str(_ANSWER), "-d", str(depth), "-r", str(_ANSWERS)]
    command = [str(folder.absolute() / "llama-bench"), *words, "-o", "json"]
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
