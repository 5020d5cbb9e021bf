"""A calibration without ggml: a real process that speaks a calibrating worker's words.

`--ends` says how: "done", "dies" or "hangs" after half of it, "nonsense" instead of a frame.
"""

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.protocol.calibrate import (
    GO,
    Board,
    CalibrationReport,
    CardFound,
    Done,
    Figure,
    Measured,
    Missed,
    Moved,
    Standing,
    calibration_frame,
)

CARD = "NVIDIA GeForce RTX 4090"
OWN_BYTES = 1 << 30
LAST_WORDS = "GGML_ASSERT(a card) failed"


def measured(number: int | None, figure: Figure, value: float, key: str = "") -> Measured:
    return Measured(number=number, figure=figure, key=key, value=value)


FIRST: tuple[CalibrationReport, ...] = (
    Board(threads=4, library="llama-cpp-python 0.3.36"),
    CardFound(number=0, device="CUDA0", name=CARD, memory_bytes=24 << 30),
    Moved(step="RAM", fraction=0.0),
    measured(None, Figure.READ_RATE, 20e9, "1"),
    measured(None, Figure.READ_RATE, 45e9, "4"),
    measured(None, Figure.TYPE_RATE, 40e9, "Q4_K"),
    measured(None, Figure.FLOPS, 5e11),
    measured(None, Figure.LAYER, 6e-5),
    Missed(step="IQ1_S", reason="there was no time left"),
)
SECOND: tuple[CalibrationReport, ...] = (
    Moved(step="models", fraction=0.5),
    Standing(number=0, stage="loaded", own_bytes=OWN_BYTES),
    Moved(step="prompts", fraction=0.6),
    Standing(number=0, stage="used", own_bytes=OWN_BYTES),
    measured(0, Figure.TYPE_RATE, 800e9, "Q4_K"),
    measured(0, Figure.TYPE_RATE, 900e9, "Q6_K"),
    measured(0, Figure.TYPE_RATE, 850e9, "Q8_0"),
    measured(0, Figure.FLOPS, 1.5e14),
    measured(0, Figure.PAGEABLE, 12e9),
    measured(0, Figure.PINNED, 25e9),
    measured(0, Figure.LAYER, 4e-5),
    measured(0, Figure.EXPERT_LAYER, 7e-5),
    Done(),
)


def tell(report: CalibrationReport) -> None:
    sys.stdout.buffer.write(calibration_frame(report))
    sys.stdout.buffer.flush()
    if isinstance(report, Standing) and sys.stdin.buffer.read(len(GO)) != GO:
        os._exit(3)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ends", default="done")
    options.add_argument("--calibrate", action="store_true")
    options.add_argument("file", nargs="?")
    asked = options.parse_args()
    for report in FIRST:
        tell(report)
    match asked.ends:
        case "dies":
            sys.stderr.write(LAST_WORDS)
            sys.stderr.flush()
            os._exit(6)
        case "hangs":
            while True:  # as a driver does: deaf to the end of its stdin
                time.sleep(60)
        case "nonsense":
            sys.stdout.buffer.write(b"\0\0\0\2{}")
            sys.stdout.buffer.flush()
        case _:
            for report in SECOND:
                tell(report)


if __name__ == "__main__":
    main()
