"""What a server without a window writes down: on stderr, and in a file that is never large.

Whoever asks what is named by key, path and model; what was said is not.
"""

import logging
import sys
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing
from logging.handlers import RotatingFileHandler
from pathlib import Path

from engine.events import Event, RequestMoved
from engine.host.facts import LoadStepped, ModelMoved, Phase, WorkerEnded
from engine.requests import RequestSeen, Stage

FILE_BYTES = 1_000_000
_OLDER_FILES = 3
_LINE = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OVER = {Stage.DONE, Stage.FAILED, Stage.LEFT}

_log = logging.getLogger("fullbore.serve")


def log_to(file: Path) -> None:
    """Begin to log. Without its file, which is told, there is stderr."""
    logging.basicConfig(level=logging.INFO, format=_LINE, stream=sys.stderr)
    for library in ("httpx", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        writer = RotatingFileHandler(
            file, maxBytes=FILE_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
    except OSError as error:
        _log.warning("Nothing can be logged to %s: %s", file.name, error.strerror or error)
        return
    writer.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().addHandler(writer)


async def keep_log(events: AsyncGenerator[Event]) -> None:
    """A line for each request's end, and for what models and workers do."""
    told = deque[int](maxlen=512)  # a request that has ended may be told again, with its prompt
    async with aclosing(events):
        async for event in events:
            match event:
                case RequestMoved(request=seen):
                    if seen.stage in _OVER and seen.id not in told:
                        told.append(seen.id)
                        _log.info("%s", request_line(seen))
                case ModelMoved() if event.phase is not Phase.LOADING:
                    _log.info("%s: %s%s", event.model, event.phase.value, _why(event.failure))
                case LoadStepped():
                    _log.info("%s: %s", event.model, event.sentence)
                case WorkerEnded():
                    _log.error("%s Its last words: %s", event.sentence, event.last_words[-2000:])
                case _:
                    pass


def request_line(seen: RequestSeen) -> str:
    """Who asked what, and what it took; not a word of what was said."""
    numbers = [f"{seen.seconds:.2f} s"]
    if seen.prompt_tokens is not None:
        numbers.append(f"{seen.prompt_tokens} tokens read")
    if seen.answer_tokens is not None:
        numbers.append(f"{seen.answer_tokens} written")
    what = [seen.path, "—" if seen.status is None else str(seen.status), seen.stage.value]
    who = [word for word in (seen.model, f"key {seen.key}" if seen.key else "") if word]
    line = f"{' '.join(what)}: {', '.join([*numbers, *who])}"
    return line + _why(seen.failure)


def _why(failure: str | None) -> str:
    return f" ({failure})" if failure else ""
