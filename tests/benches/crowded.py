"""What other programs' work costs a model on the processor, by how its threads wait for each other.

    python -m tests.benches.crowded MODEL [--rounds 2]

Decode tokens a second of `fullbore bench`, one stream, while as many other processes keep busy as
stand in the first column. Where threads wait for each other they spin a while before they sleep:
as long as the worker lets them, as GNU's OpenMP library does by itself, or not at all.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

WAYS = {
    "ours": {},
    "OpenMP's own": {"GOMP_SPINCOUNT": "300000"},
    "asleep": {"GOMP_SPINCOUNT": "0"},
}


@contextmanager
def busy(programs: int) -> Generator[None]:
    """So many processes compute for nothing."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(programs)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def decode_tps(model: str, way: dict[str, str], home: str) -> float:
    """Of one stream, through the product."""
    command = [sys.executable, "-m", "engine", "bench", model, "--streams", "1"]
    told = subprocess.run(
        [*command, "--prompt", "64", "--answer", "64", "--json"],
        env={**os.environ, "FULLBORE_HOME": home, **way},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return json.loads(told)["rows"][0]["decode_tps"]


def main() -> None:
    """Measure and print, the ways in turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    print("busy  waiting       decode tok/s")
    with tempfile.TemporaryDirectory() as home:
        for programs in (0, 1, os.cpu_count() or 1):
            for _ in range(asked.rounds):
                for name, way in WAYS.items():
                    with busy(programs):
                        speed = decode_tps(asked.model, way, home)
                    print(f"{programs:4}  {name:12} {speed:8.1f}", flush=True)


if __name__ == "__main__":
    main()
