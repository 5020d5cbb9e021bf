"""The child: `python -m engine.doctor`. Reads what is asked, takes the steps, tells each fact."""

import os
import queue
import sys
import threading
from typing import BinaryIO

from engine.doctor.steps import Steps
from engine.doctor.words import Begun, Found, asked, told_frame
from engine.protocol.framing import read_body

_TOLD_OF = (
    "CUDA_",
    "GGML_",
    "GOMP_",
    "LLAMA_",
    "NVIDIA_VISIBLE_DEVICES",
    "OMP_",
    "HIP_VISIBLE_DEVICES",
)


def main() -> None:
    """Take every step that is asked for, and end; or end with stdin."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints from now on is heard as last words, not as a frame
    inbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    # Its only other thread: it notices the end of stdin in the midst of a step.
    reader = threading.Thread(  # noqa: TID251
        target=_listen, args=(source, inbox), name="pipe", daemon=True
    )
    reader.start()
    body = inbox.get()
    if body is None:
        return
    question = asked(body)
    variables = {name: text for name, text in os.environ.items() if name.startswith(_TOLD_OF)}
    steps = Steps(question, variables)
    for step in question.steps:
        _tell(sink, told_frame(Begun(step=step)))
        _tell(sink, told_frame(Found.model_validate({"step": step, **steps.take(step)})))


def _listen(source: BinaryIO, inbox: "queue.SimpleQueue[bytes | None]") -> None:
    while (body := read_body(source)) is not None:
        inbox.put(body)
    inbox.put(None)
    os._exit(0)


def _tell(sink: BinaryIO, framed: bytes) -> None:
    sink.write(framed)
    sink.flush()


if __name__ == "__main__":
    main()
    sys.stderr.flush()
    # Not sys.exit: the reader sits in a read that nothing else would end.
    os._exit(0)
