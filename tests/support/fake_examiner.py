"""A child of the doctor's that misbehaves at one step: `fake_examiner.py STEP hang|die|babble`."""

import os
import sys
import time

from engine.doctor.facts import PortFacts
from engine.doctor.words import Begun, Found, asked, told_frame
from engine.protocol.framing import read_body

body = read_body(sys.stdin.buffer)
assert body is not None
for step in asked(body).steps:
    sys.stdout.buffer.write(told_frame(Begun(step=step)))
    sys.stdout.buffer.flush()
    if step == sys.argv[1]:
        if sys.argv[2] == "hang":
            time.sleep(60)
        if sys.argv[2] == "die":
            os.abort()
        sys.stdout.buffer.write(b"\0\0\0\2{}")
        sys.stdout.buffer.flush()
    found = PortFacts(port=1, free=True, answers=False)
    sys.stdout.buffer.write(
        told_frame(
            Found.model_validate(
                {"step": step, step: None} | ({"port": found} if step == "port" else {})
            )
        )
    )
    sys.stdout.buffer.flush()
