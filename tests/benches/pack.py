"""Is a bundle with its GPU pack as fast as llama.cpp alone? And does it run without the card?

    python -m tests.benches.pack MODEL.gguf --llama FOLDER --source ADDRESS [--fullbore PROGRAM]

On a machine with a card that a pack serves. FOLDER holds llama-bench of the same llama.cpp, built
with CUDA; ADDRESS a folder on a server with all parts of the pack: NVIDIA's wheels by their names
on PyPI, and what `python -m installers.engine.pack` made of the plugin that was built for this
card (`python -m http.server` in that folder does). PROGRAM is the bundle's `fullbore`; without
it, this Python with PYTHONPATH=build/engine.

Prints one line of JSON: the seconds of the install, what Fullbore writes as a share of
llama-bench (the bar: 0.98, for a 7B model), and what the processor writes with the card hidden.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import tomli_w

BAR = 0.98


def main() -> int:
    """0 if the bar is reached, and the processor answers without the card."""
    asked = _asked()
    program = [asked.fullbore] if asked.fullbore else [sys.executable, "-m", "engine"]
    with tempfile.TemporaryDirectory(prefix="fullbore-pack-") as folder:
        home = Path(folder)
        (home / "engine.toml").write_text(
            tomli_w.dumps({"pack_source": asked.source, "serve": False}), "utf-8"
        )
        own = {**os.environ, "FULLBORE_HOME": str(home)}
        began = time.monotonic()
        pack = _told([*program, "pack", "install", "--json"], own)
        seconds = time.monotonic() - began
        bench = [*program, "bench", str(asked.model), "--json"]
        beside = _told([*bench, "--streams", "1", "--against", str(asked.llama)], own)
        hidden = {**own, "CUDA_VISIBLE_DEVICES": "-1"}
        alone = _told([*bench, "--streams", "1", "--prompt", "64", "--answer", "16"], hidden)
    shares = beside["one_stream_to_bench"]
    share = shares["engine"] or shares["port"]
    processor = alone["rows"][0]["decode_tps"]
    told = {
        "pack": pack["kind"],
        "install_seconds": round(seconds, 1),
        "share_of_llama_bench": share,
        "processor_tps": processor,
    }
    print(json.dumps(told))
    return 0 if share >= BAR and processor > 0 else 1


def _told(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{ran.stderr}")
    return json.loads(ran.stdout)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benches.pack")
    parser.add_argument("model", type=Path)
    parser.add_argument("--llama", type=Path, required=True, help="where llama-bench is")
    parser.add_argument("--source", required=True, help="where the pack's parts are")
    parser.add_argument("--fullbore", help="the bundle's program")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
