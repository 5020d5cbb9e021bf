"""`python -m engine.worker`: claim stdout, load one model, answer until the pipe closes."""

import ctypes
import os
import signal
import sys
import sysconfig
import traceback
from contextlib import suppress
from io import BufferedReader, FileIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from engine.errors import ForeignLibrary
from engine.protocol.framing import report_frame
from engine.protocol.messages import Load, LoadRefused, Report
from engine.worker.brake import Brake
from engine.worker.dry_run import answer_dry_runs
from engine.worker.inbox import Inbox
from engine.worker.pack import load_runtimes, pack_and_rest
from engine.worker.variables import count_by_bus, wait_briefly


class Outbox:
    """Reports out, whole, in the order they are told; by any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = Lock()

    def tell(self, report: Report) -> None:
        """Write one report; the process ends if nobody listens any more."""
        self.send(report_frame(report))

    def send(self, body: bytes) -> None:
        """Write one frame, likewise."""
        frame = memoryview(body)
        try:
            with self._lock:
                while frame:
                    frame = frame[os.write(self._descriptor, frame) :]
        except OSError:  # Windows calls a broken pipe an invalid argument
            os._exit(0)


def main() -> int:
    """Serve one host; gives the exit code."""
    count_by_bus(os.environ)
    # Ctrl+C in a terminal reaches every process of the group; this one's life is its pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pack, words = pack_and_rest(sys.argv[1:])
    pipe, outbox = _claim_pipes()
    if words[:1] == ["--calibrate"]:
        return _calibrate(pipe, outbox, words[1:], pack)
    if words[:1] == ["--prove"]:
        return _prove(pipe, outbox, words[1:], pack)
    if words[:1] == ["--dry-run"]:
        _load_runtimes(pack)
        return answer_dry_runs(pipe, outbox.send, pack)
    brake = Brake()
    inbox = Inbox(pipe, brake)
    inbox.open()
    command = inbox.wait()
    if not isinstance(command, Load):
        sys.stderr.write(f"The worker was sent {command!r:.80} before a model was loaded.\n")
        return 2
    return _serve(command, inbox, brake, outbox, pack)


def _serve(command: Load, inbox: Inbox, brake: Brake, outbox: Outbox, pack: Path | None) -> int:
    if not command.spec.cpu_experts:
        wait_briefly(os.environ)
    try:
        _load_runtimes(pack)
        # Only now: importing llama_cpp loads native code, which may print.
        from engine.worker.serving import serve  # noqa: PLC0415
    except (ImportError, OSError, RuntimeError) as problem:
        sentence = f"llama.cpp could not be started: {problem}."
        outbox.tell(LoadRefused(code=ForeignLibrary.code, sentence=sentence))
        return 0
    return serve(command, inbox, brake, outbox.tell, pack)


def _calibrate(pipe: BinaryIO, outbox: Outbox, files: list[str], pack: Path | None) -> int:
    _load_runtimes(pack)
    from engine.worker.calibrate import calibrate  # noqa: PLC0415

    calibrate(pipe, outbox.send, Path(files[0]) if files else None, pack)
    return 0


def _prove(pipe: BinaryIO, outbox: Outbox, skipped: list[str], pack: Path | None) -> int:
    _load_runtimes(pack)
    from engine.worker.proof import prove  # noqa: PLC0415

    prove(pipe, outbox.send, {int(number) for number in skipped}, pack)
    return 0


def _load_runtimes(pack: Path | None) -> None:
    """What llama.cpp's CUDA build is linked to, first and for all.

    The system's C++ library: some CUDA builds carry their own copies of its stream symbols and
    crash in them otherwise. CUDA's own libraries: the prebuilt wheels leave them to NVIDIA's
    wheels, where no loader would look; a GPU pack brings them along.
    """
    if sys.platform == "linux":
        _load_installed()
    if pack is not None:
        load_runtimes(pack)


def _load_installed() -> None:
    packages = Path(sysconfig.get_path("purelib")) / "nvidia"
    wanted = [Path("libstdc++.so.6")]
    for name in ("libcudart.so.*", "libcublasLt.so.*", "libcublas.so.*"):
        wanted.extend(sorted(packages.glob(f"*/lib/{name}")))
    for library in wanted:
        with suppress(OSError):
            ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)


def _claim_pipes() -> tuple[BinaryIO, Outbox]:
    """Keep stdout for frames alone: whatever else prints there goes to stderr."""
    private = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        for descriptor in (0, private):
            msvcrt.setmode(descriptor, os.O_BINARY)
    return BufferedReader(FileIO(0, closefd=False)), Outbox(private)


if __name__ == "__main__":
    try:
        code = main()
    except Exception:  # noqa: BLE001 - the outermost: a bug's last words go to stderr
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    # Not sys.exit: the reader thread sits in a read that nothing else would end.
    os._exit(code)
