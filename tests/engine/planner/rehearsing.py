"""A dry run without llama.cpp: every layer on the one card takes `--layer-bytes`.

`--asked` names a file that gets a line for every question: the layers asked for.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from engine.protocol.dry_run import Rehearsed, answer_frame, read_question
from engine.protocol.messages import DeviceBytes

KV_BYTES = 123_456_789
COMPUTE_BYTES = 98_765_432


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--layer-bytes", type=int, required=True)
    parser.add_argument("--asked", type=Path, required=True)
    said = parser.parse_args()
    while (spec := read_question(sys.stdin.buffer)) is not None:
        layers = spec.gpu_layers or 0
        with said.asked.open("a", encoding="utf-8") as lines:
            lines.write(f"{layers}\n")
        card = DeviceBytes(
            name="CUDA0",
            card=0,
            weights=layers * said.layer_bytes,
            kv=KV_BYTES,
            compute=COMPUTE_BYTES,
        )
        ram = DeviceBytes(name="CPU", card=None, weights=1 << 20, kv=0, compute=1 << 20)
        answer = Rehearsed(devices=(card, ram), exact=True, kv=KV_BYTES, seconds=0.001)
        sys.stdout.buffer.write(answer_frame(answer))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
