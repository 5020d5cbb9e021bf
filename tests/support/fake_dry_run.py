"""A dry run without llama.cpp: a real process that speaks its words, or misbehaves as told.

It knows one card: of every model's ten layers, each a MiB, as many go there as `gpu_layers` says.
"""

import argparse
import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.protocol.dry_run import RehearsalRefused, Rehearsed, answer_frame, read_question
from engine.protocol.framing import frame
from engine.protocol.load import LoadSpec
from engine.protocol.messages import DeviceBytes

LAST_WORDS = "GGML_ASSERT(everything) failed"
LAYERS = 10
MIB = 1 << 20


def answer(spec: LoadSpec) -> Rehearsed:
    there = LAYERS if spec.gpu_layers is None else min(spec.gpu_layers, LAYERS)
    kv = spec.context_tokens * 64
    return Rehearsed(
        devices=(
            DeviceBytes(name="CUDA0", card=0, weights=there * MIB, kv=kv, compute=MIB),
            DeviceBytes(
                name="CPU", card=None, weights=(LAYERS - there) * MIB, kv=0, compute=MIB // 2
            ),
            DeviceBytes(name="CUDA_Host", card=None, weights=0, kv=0, compute=MIB // 4),
        ),
        exact=True,
        kv=kv,
        seconds=0.001,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--how", default="well", help="well, hang, die, babble, nonsense, refuse")
    parser.add_argument("--once", type=Path, help="misbehave only until this file is there")
    said = parser.parse_args()
    how = "well" if said.once is not None and said.once.exists() else said.how
    while (spec := read_question(sys.stdin.buffer)) is not None:
        if said.once is not None:
            said.once.write_text(str(os.getpid()), encoding="utf-8")
        match how:
            case "hang":
                while True:
                    threading.Event().wait()
            case "die":
                sys.exit(LAST_WORDS)
            case "babble":
                body = b"\xff" * 64
            case "nonsense":
                body = frame(b'{"kind": "rehearsed", "devices": 7}')
            case "refuse":
                sentence = "It is no model."
                body = answer_frame(RehearsalRefused(code="not_a_model", sentence=sentence))
            case _:
                body = answer_frame(answer(spec))
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
