"""A worker asked to prove: two cards, of which the numbers in $1 take it down or hang it."""

import os
import sys
import time

from engine.protocol.proof import Built, Over, Present, ProofReport, Proved, Trying, proof_frame

bad, how = {int(word) for word in sys.argv[1].split(",")}, sys.argv[2]
skipped = {int(word) for word in sys.argv[4:]}


def tell(report: ProofReport) -> None:
    sys.stdout.buffer.write(proof_frame(report))
    sys.stdout.buffer.flush()


if how == "mute":
    sys.stderr.write("libcudart.so.12: cannot open shared object file\n")
    sys.exit(1)
tell(Built(library="llama", features="CUDA : ARCHS = 890", cuda=(12, 4)))
for number in range(3):
    tell(
        Present(
            number=number,
            device=f"CUDA{number}",
            name=f"Card {number}",
            is_card=True,
            memory_bytes=1,
        )
    )
for number in sorted({0, 1, 2} - skipped):
    tell(Trying(number=number))
    if number in bad:
        if how == "hang":
            time.sleep(60)
        os.abort()
    tell(Proved(number=number, error=0.001, flops=1e12))
tell(Over())
