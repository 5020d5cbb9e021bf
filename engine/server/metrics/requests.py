"""What the port's requests were, and how fast their answers came: an observer that counts."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from prometheus_client.metrics_core import Metric

from engine.chat import CallPiece, Delta, Piece, PromptRead
from engine.errors import EngineError
from engine.server.errors import foreseen, treatment
from engine.server.metrics.series import (
    BETWEEN_TOKENS_SECONDS,
    FIRST_TOKEN_SECONDS,
    REQUEST_SECONDS,
    Bins,
    Count,
    Spread,
    gauge,
)
from engine.server.observer import Call, Question, TextsAsked

_METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
_OTHER = "other"
_CONVERTER = re.compile(r":\w+}")  # of a path's parameter
_LEFT = "499"  # as nginx has it


@dataclass(slots=True)
class _Writing:
    """One answer under way: where its gaps go, and when its last word came (0: none yet)."""

    model: str
    between: Bins
    reads_texts: bool
    at_seconds: float = 0.0


class RequestMeters:
    """Counts requests by what they are; `model_named` makes a label of what a client wrote."""

    def __init__(self, model_named: Callable[[str | None], str]) -> None:
        self._model_named = model_named
        self._in_flight = 0
        self._writings: dict[tuple[int, int], _Writing] = {}
        self._requests = Count(
            "fullbore_requests",
            "Requests to the port, by route and HTTP status; 499: the client left.",
            ("route", "method", "code"),
        )
        self._seconds = Spread(
            "fullbore_request_seconds",
            "From a request's arrival to the end of its answer.",
            REQUEST_SECONDS,
            ("route",),
        )
        self._errors = Count(
            "fullbore_errors", "Failed requests, by the failure's code.", ("code",)
        )
        self._broken = Count(
            "fullbore_streams_broken",
            "Streams that had begun (with status 200) and failed by the engine's fault.",
            ("route",),
        )
        self._first = Spread(
            "fullbore_time_to_first_token_seconds",
            "From a request's arrival at the port to its first token; queue and load included.",
            FIRST_TOKEN_SECONDS,
            ("model",),
        )
        self._between = Spread(
            "fullbore_inter_token_seconds",
            "From one token of an answer to its next, as they come to the port.",
            BETWEEN_TOKENS_SECONDS,
            ("model",),
        )
        self._texts = Count(
            "fullbore_text_tokens", "Tokens read for vectors and ranks.", ("model",)
        )

    # --- what it observes --------------------------------------------------------------------

    def began(self, call: Call) -> None:
        """As Observer."""
        del call
        self._in_flight += 1

    def asked(self, call: Call, index: int, question: Question) -> None:
        """As Observer."""
        model = self._model_named(question.model)
        reads = isinstance(question, TextsAsked)
        self._writings[call.id, index] = _Writing(model, self._between.bins(model), reads)

    def delta(self, call: Call, index: int, delta: Delta) -> None:
        """As Observer. Between two tokens this is a look-up and a note."""
        if isinstance(delta, (Piece, CallPiece)):
            now = perf_counter()
            writing = self._writings[call.id, index]
            before, writing.at_seconds = writing.at_seconds, now
            if not before:
                self._first.bins(writing.model).note(now - call.began_at_seconds)
            elif delta.tokens:
                writing.between.note((now - before) / delta.tokens, delta.tokens)
        elif isinstance(delta, PromptRead):
            writing = self._writings[call.id, index]
            if writing.reads_texts:
                self._texts.add(writing.model, amount=delta.prompt_tokens)

    def ended(self, call: Call) -> None:
        """As Observer."""
        self._in_flight -= 1
        for index in range(call.questions):
            self._writings.pop((call.id, index), None)
        route = _CONVERTER.sub("}", call.route) or _OTHER
        method = call.method if call.method in _METHODS else _OTHER
        gone = call.left and not call.whole
        code = _LEFT if gone or call.status is None else str(call.status)
        self._requests.add(route, method, code)
        self._seconds.bins(route).note(call.seconds)
        if call.failure is not None and not gone:
            self._note_failure(foreseen(call.failure), route, call.status)

    # --- what it tells -----------------------------------------------------------------------

    def collect(self) -> Iterator[Metric]:
        """Every family."""
        for each in (
            *(self._requests, self._seconds, self._errors, self._broken),
            *(self._first, self._between, self._texts),
        ):
            yield each.family()
        yield gauge(
            "fullbore_requests_in_flight",
            "Requests that have no whole answer yet.",
            [((), self._in_flight)],
        )

    def _note_failure(self, failure: EngineError, route: str, status: int | None) -> None:
        self._errors.add(failure.code)
        if status == 200 and treatment(failure).status >= 500:
            self._broken.add(route)
