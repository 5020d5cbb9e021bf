"""`python -m engine.worker --dry-run`: answer what loads would take, until the pipe closes."""

import os
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from engine.errors import EngineError, ForeignLibrary
from engine.protocol.dry_run import Answer, RehearsalRefused, answer_frame, read_question
from engine.protocol.load import LoadSpec


def answer_dry_runs(
    pipe: BinaryIO, write: Callable[[bytes], None], pack: Path | None = None
) -> int:
    """Answer one question after the other; gives the exit code if that is impossible."""
    try:
        # Only now: importing llama_cpp loads native code, which may print.
        from engine.worker.llama import Library, Rehearsal  # noqa: PLC0415

        rehearsal = Rehearsal(Library(pack))
    except (ImportError, OSError, RuntimeError) as problem:
        sentence = f"llama.cpp could not be started: {problem}."
        write(answer_frame(RehearsalRefused(code=ForeignLibrary.code, sentence=sentence)))
        return 0
    except EngineError as error:
        write(answer_frame(_refused(error)))
        return 0
    asked: SimpleQueue[LoadSpec] = SimpleQueue()
    Thread(target=_read, args=(pipe, asked), name="questions", daemon=True).start()
    while True:
        answer: Answer
        try:
            answer = rehearsal.rehearse(asked.get())
        except EngineError as error:
            answer = _refused(error)
        write(answer_frame(answer))


def _read(pipe: BinaryIO, asked: SimpleQueue[LoadSpec]) -> None:
    try:
        while (spec := read_question(pipe)) is not None:
            asked.put(spec)
    finally:
        # Whoever asked is gone, or speaks nonsense: the process ends, whatever llama.cpp does.
        os._exit(0)


def _refused(error: EngineError) -> RehearsalRefused:
    return RehearsalRefused(code=error.code, sentence=str(error))
