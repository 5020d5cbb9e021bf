"""The child: `python -m engine.background`. Reads tasks, does one at a time, answers."""

import os
import queue
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, NoReturn, assert_never

from engine.background import collecting
from engine.background.preparing import prepare
from engine.background.words import (
    Answer,
    Describe,
    Described,
    Failed,
    PlanModels,
    Render,
    Scan,
    Scanned,
    Started,
    Task,
    answers,
    tasks,
)
from engine.errors import EngineError, ModelError
from engine.protocol.framing import frame, read_body

if TYPE_CHECKING:
    from engine.background.planning import Planning
    from engine.library.known_files import KnownFiles


def main() -> NoReturn:
    """Serve until stdin ends."""
    try:
        _serve()
    except Exception:  # noqa: BLE001 - the outermost: a bug's last words go to stderr
        traceback.print_exc()
    sys.stderr.flush()
    # Not sys.exit: the reader thread sits in a read that nothing else would end.
    os._exit(1)


def _serve() -> NoReturn:
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints from now on is heard as last words, not as a frame
    inbox: queue.SimpleQueue[Task] = queue.SimpleQueue()
    # A thread of its own reads, so that the end of stdin is noticed in the midst of a template.
    ThreadPoolExecutor(1, thread_name_prefix="background reader").submit(_read, source, inbox.put)
    _tell(sink, Started())
    collecting.begin()
    while True:
        _tell(sink, _answer(inbox.get()))
        collecting.collect(awaited=not inbox.empty())


def _read(source: BinaryIO, put: Callable[[Task], None]) -> None:
    try:
        while (body := read_body(source)) is not None:
            put(tasks.validate_json(body))
    finally:
        os._exit(0)  # the parent is gone or done; nothing here is worth a farewell


def _answer(task: Task) -> Answer:
    try:
        match task:
            case Render():
                return prepare(task.template, task.conversation)
            case Scan():
                return _scanned(task)
            case Describe():
                return _described(task)
            case PlanModels():
                return _planning().answer(task)
            case _:
                assert_never(task)
    except EngineError as error:
        return Failed(code=error.code, sentence=str(error), remedy=error.remedy)


def _scanned(task: Scan) -> Answer:
    # Imported when asked for: a chat needs no header reader.
    from engine.library.shelf import scan  # noqa: PLC0415

    return Scanned(models=scan(task.folders, _known_files().read))


@cache
def _known_files() -> "KnownFiles":
    from engine.library.known_files import KnownFiles  # noqa: PLC0415

    return KnownFiles()


def _described(task: Describe) -> Answer:
    from engine.library.details import read_details  # noqa: PLC0415

    try:
        return Described(details=read_details(task.model, task.files))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(
            f"{task.model} could not be read: {reason}.", remedy="Refresh the library."
        ) from error


@cache
def _planning() -> "Planning":
    # Imported when asked for, and then kept: it remembers the headers it has read.
    from engine.background.planning import Planning  # noqa: PLC0415

    return Planning()


def _tell(sink: BinaryIO, answer: Answer) -> None:
    sink.write(frame(answers.dump_json(answer)))
    sink.flush()


if __name__ == "__main__":
    main()
