"""The child process of Downloads: one question on stdin, answers on stdout, a line each."""

import os
import sys
import threading
from collections.abc import Iterator, Mapping

from engine.download.limiter import Limiter
from engine.download.values import SearchWish
from engine.download.wire import (
    Answer,
    Bring,
    Fetch,
    Fetched,
    Hits,
    LoggedIn,
    Login,
    Look,
    Offer,
    Offered,
    OfHub,
    Outline,
    Outlined,
    Question,
    Read,
    Refused,
    Search,
    Seek,
    Show,
    Shown,
    Text,
    TryOut,
    answers,
    limits,
    questions,
)
from engine.errors import EngineError, GatedRepository, HubUnreachable

_ENVIRONMENT: Mapping[str, str] = {
    # The Xet protocol has its own cache and cannot resume a plain file of ours.
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}


def main() -> int:
    """Answer the one question; the exit status is 0 unless there is a bug."""
    line, rest = _question()
    if not line:
        return 0
    limiter = Limiter()
    # A daemon: it waits for the end of stdin as long as the process lives.
    threading.Thread(  # noqa: TID251
        target=_follow_parent, args=(limiter, rest), name="stdin", daemon=True
    ).start()
    os.environ.update(_ENVIRONMENT)
    # huggingface_hub reads the environment when it is imported.
    from huggingface_hub import constants  # noqa: PLC0415

    from engine.download.failures import foreseen  # noqa: PLC0415

    question = questions.validate_json(line)
    try:
        if isinstance(question, Bring | Read):
            _say(_brought(question, limiter))
        else:
            for answer in _answers(question, limiter):
                _say(answer)
    except Exception as error:
        refusal = foreseen(error, _subject(question))
        if refusal is None:
            raise
        if not isinstance(question, Bring | Read):  # those do not speak to the Hub
            _advise(refusal, question.endpoint or constants.ENDPOINT)
        _say(Refused(code=refusal.code, sentence=str(refusal), remedy=refusal.remedy))
    return 0


def _brought(question: Bring | Read, limiter: Limiter) -> Answer:
    from engine.download import bringing  # noqa: PLC0415

    if isinstance(question, Read):
        return Text(text=bringing.read(question))
    limiter.set(question.bytes_per_second)
    bringing.bring(question, _say, limiter)
    return Fetched()


def _answers(question: OfHub, limiter: Limiter) -> Iterator[Answer]:
    from engine.download import headers, hub, mirrors, outlines, transfer  # noqa: PLC0415

    match question:
        case Search():
            wish = SearchWish(words=question.query)
            yield Hits(hits=hub.search(wish, question.endpoint))
        case Offer():
            yield Offered(quantizations=hub.quantizations(question.repository, question.endpoint))
        case Fetch():
            limiter.set(question.bytes_per_second)
            transfer.fetch(question, _say, limiter)
            yield Fetched()
        case Look():
            yield from headers.look(question)
        case Seek():
            yield Hits(hits=hub.search(question.wish, question.endpoint))
        case Show():
            yield Shown(page=hub.page(question.repository, question.endpoint))
        case TryOut():
            yield mirrors.test_endpoint(question.endpoint)
        case Login():
            yield LoggedIn(present=hub.log_in(question))
        case Outline():
            yield Outlined(paths=outlines.outline(question))


def _subject(question: Question) -> str:
    match question:
        case Search():
            return question.query
        case Seek():
            return question.wish.words
        case TryOut() | Login():
            return question.endpoint or "the Hub"
        case Bring():
            return "the files"
        case Read():
            return question.url
        case _:
            return question.repository


def _advise(refusal: EngineError, endpoint: str) -> None:
    """What to do depends on who was asked."""
    from engine.download import mirrors, token  # noqa: PLC0415

    match refusal:
        case HubUnreachable():
            refusal.remedy = mirrors.offer(endpoint)
        case GatedRepository() if not mirrors.is_hub(endpoint) and not token.read(endpoint):
            refusal.remedy = (
                "No token is sent to a mirror: set https://huggingface.co as the Hub's address for"
                " this one, accept its licence there, and log in with an access token."
            )
        case _:
            pass


def _say(answer: Answer) -> None:
    sys.stdout.buffer.write(answers.dump_json(answer) + b"\n")
    sys.stdout.buffer.flush()


def _question() -> tuple[bytes, bytes]:
    """The first line, and what came behind it. Not through sys.stdin, which would keep that."""
    told = b""
    while b"\n" not in told and (piece := os.read(0, 1 << 16)):
        told += piece
    line, _, rest = told.partition(b"\n")
    return line, rest


def _follow_parent(limiter: Limiter, piece: bytes) -> None:
    """Take what limits it tells, and end when it ends."""
    # Not through sys.stdin, whose lock would hold up the interpreter's end.
    told = b""
    while True:
        *lines, told = (told + piece).split(b"\n")
        for line in lines:
            limiter.set(limits.validate_json(line).bytes_per_second)
        if not (piece := os.read(0, 4096)):
            os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
