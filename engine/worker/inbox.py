"""The reader thread: commands in, as they come, also in the middle of a step or a load."""

import os
import sys
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import BinaryIO, NoReturn

from engine.protocol.framing import BrokenFrame, read_command
from engine.protocol.messages import Cancel, CancelLoad, Command, Count, Spell, Tokenize
from engine.worker.brake import Brake

Work = Callable[[], None]


class Inbox:
    """Commands in their order. Cancellations are noticed at once, beside the queue."""

    def __init__(self, pipe: BinaryIO, brake: Brake) -> None:
        self._pipe = pipe
        self._brake = brake
        self._commands: SimpleQueue[Command | Work] = SimpleQueue()
        self._count: Callable[[Count | Tokenize | Spell], None] | None = None
        self._farewell: Callable[[], None] | None = None
        self.load_cancelled = Event()

    def send_counts(self, to: Callable[[Count | Tokenize | Spell], None]) -> None:
        """From now on counts and their like do not wait in the queue: the reader thread hands
        them over."""
        self._count = to

    def open(self) -> None:
        """Start reading."""
        Thread(target=self._read, name="commands", daemon=True).start()

    def hand(self, work: Work) -> None:
        """Something that another thread has made ready for the main one."""
        self._commands.put(work)

    def before_leaving(self, do: Callable[[], None]) -> None:
        """The reader thread does that, once the host has let go, and then ends the process."""
        self._farewell = do

    def wait(self) -> Command | Work:
        """The next command."""
        return self._commands.get()

    def wait_for(self, seconds: float | None) -> Command | Work | None:
        """The next command; None if it does not come so soon."""
        try:
            return self._commands.get(timeout=seconds)
        except Empty:
            return None

    def arrived(self) -> Iterator[Command | Work]:
        """What has come since; does not wait."""
        while True:
            try:
                yield self._commands.get_nowait()
            except Empty:
                return

    def _read(self) -> None:
        try:
            while (command := read_command(self._pipe)) is not None:
                match command:
                    case Count() | Tokenize() | Spell() if self._count is not None:
                        self._count(command)
                        continue
                    case CancelLoad():
                        self.load_cancelled.set()
                    case Cancel(id=request):
                        self._brake.cancel(request)
                    case _:
                        pass
                self._commands.put(command)
        except BrokenFrame as broken:
            _leave(2, f"The worker was sent something it cannot read: {broken}")
        if self._farewell is not None:
            self._farewell()
        # The host is gone, or lets go: the process ends, whatever the main thread does.
        _leave(0, "")


def _leave(code: int, last_words: str) -> NoReturn:
    if last_words:
        sys.stderr.write(last_words + "\n")
    sys.stderr.flush()
    os._exit(code)
