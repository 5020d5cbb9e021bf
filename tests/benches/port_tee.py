"""Stands between the host and a worker, passes every frame on, and writes down what passed.

`python -m tests.benches.port_tee LOG WORKER COMMAND…`: a line of JSON for each answer, with the
moments (of the monotonic clock, which all processes of a machine share) at which its order went
in and its first token came out, and a digest of everything the worker wrote.
"""

import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from engine.protocol.framing import frame, read_body, report_of
from engine.protocol.messages import Part, Refused, Step

MARK = re.compile(r"request (\d+)\.")


@dataclass(slots=True, kw_only=True)
class Passed:
    """One answer, as it passed."""

    mark: int
    received: float
    first: float | None = None
    cancelled: float | None = None
    ended: bool = False
    tokens: int = 0
    steps_after_cancel: int = 0
    text: list[str] = field(default_factory=list[str])


class Tee:
    """Two directions, one log."""

    def __init__(self, log: TextIO, worker: subprocess.Popen[bytes]) -> None:
        self._log = log
        self._worker = worker
        self._answers: dict[int, Passed] = {}
        self._lock = threading.Lock()

    def orders(self) -> None:
        """What the host says."""
        assert self._worker.stdin is not None
        while (body := read_body(sys.stdin.buffer)) is not None:
            now = time.monotonic()
            self._worker.stdin.write(frame(body))
            self._worker.stdin.flush()
            # Pictures would lie behind the frame; the bench sends none.
            order = json.loads(body)
            if order["kind"] == "cancel":  # there may be no further step to show that it is over
                threading.Timer(1.0, self._give_up, (order["id"],)).start()
            with self._lock:
                if order["kind"] == "generate":
                    mark = MARK.search(order["prompt"])
                    number = int(mark[1]) if mark else -1
                    self._answers[order["id"]] = Passed(mark=number, received=now)
                elif order["kind"] == "cancel" and order["id"] in self._answers:
                    self._answers[order["id"]].cancelled = now
        self._worker.stdin.close()

    def reports(self) -> None:
        """What the worker says."""
        assert self._worker.stdout is not None
        out_of, out = cast("BinaryIO", self._worker.stdout), sys.stdout.buffer
        while (body := read_body(out_of)) is not None:
            now = time.monotonic()
            out.write(frame(body))
            out.flush()
            report = report_of(body)
            with self._lock:
                if isinstance(report, Step):
                    self._step(report, now)
                elif isinstance(report, Refused):
                    self._close(report.id)

    def _step(self, step: Step, now: float) -> None:
        told = set[int]()
        for part in step.parts:
            told.add(part.id)
            self._note(part, now)
        for identity, answer in tuple(self._answers.items()):
            if answer.cancelled is not None:  # it is over when a step passes without it
                answer.steps_after_cancel += identity in told
                if identity not in told:
                    self._close(identity)

    def _note(self, part: Part, now: float) -> None:
        answer = self._answers.get(part.id)
        if answer is None:
            return
        if part.answer and answer.first is None:
            answer.first = now
        answer.text.append(part.answer)
        answer.tokens += part.tokens
        if part.reason is not None:
            answer.ended = True
            self._close(part.id)

    def _give_up(self, identity: int) -> None:
        with self._lock:
            if identity in self._answers:
                self._close(identity)

    def _close(self, identity: int) -> None:
        answer = self._answers.pop(identity)
        line = asdict(answer)
        line["digest"] = digest("".join(line.pop("text")))
        self._log.write(json.dumps(line) + "\n")
        self._log.flush()


def digest(text: str) -> str:
    """What two sides compare."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def main() -> None:
    """Pass on until either side ends."""
    log, *command = sys.argv[1:]
    with (
        Path(log).open("a", encoding="utf-8") as file,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker,
    ):
        tee = Tee(file, worker)
        threading.Thread(target=tee.orders, daemon=True).start()
        tee.reports()
    sys.exit(worker.returncode)


if __name__ == "__main__":
    main()
