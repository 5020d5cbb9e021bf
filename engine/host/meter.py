"""What the answers in progress are doing, told at most four times a second."""

import asyncio
import time
from collections.abc import Callable

from engine.host.facts import StreamsMoved
from engine.protocol.messages import Step

PERIOD_SECONDS = 0.25


class Meter:
    """Counts the tokens of one worker's steps. The last word after an answer is never lost."""

    def __init__(self, model: str, tell: Callable[[StreamsMoved], None]) -> None:
        self.context_tokens = 0
        self._model = model
        self._tell = tell
        self._streams: Callable[[], int] = lambda: 0
        self._tokens = 0
        self._cells = 0
        self._since = 0.0
        self._due: asyncio.TimerHandle | None = None

    def watch(self, streams: Callable[[], int]) -> None:
        """Ask this for the number of answers in progress."""
        self._streams = streams

    def step(self, step: Step) -> None:
        """A turn of the worker's loop arrived."""
        self._tokens += sum(part.tokens for part in step.parts)
        self._cells = step.cells_used
        self.moved()

    def moved(self) -> None:
        """Something changed: tell it when the period is over."""
        if self._due is None:
            self._since = time.monotonic()
            self._due = asyncio.get_running_loop().call_later(PERIOD_SECONDS, self._speak)

    def stop(self) -> None:
        """The worker ended."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _speak(self) -> None:
        self._due = None
        passed = time.monotonic() - self._since
        tokens, self._tokens = self._tokens, 0
        self._tell(
            StreamsMoved(
                model=self._model,
                streams=self._streams(),
                decode_tps=tokens / passed if passed > 0 else 0.0,
                context_used_tokens=self._cells,
                context_tokens=self.context_tokens,
                tokens=tokens,
            )
        )
