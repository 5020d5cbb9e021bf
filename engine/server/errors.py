"""Failures as HTTP tells them: one table from EngineError to status; each dialect has its shape.

The failures that only HTTP knows are here too; they are EngineErrors like the others.
"""

from dataclasses import dataclass

from engine.access import Scope
from engine.errors import (
    BadRequest,
    Busy,
    DiskFull,
    EngineError,
    HubUnreachable,
    LoadCancelled,
    ModelError,
    ModelNotFound,
    OutOfMemory,
    RequestError,
    TemplateFailed,
    Unanswerable,
    WorkerDied,
)
from engine.server.private import without_paths


class BadField(BadRequest):
    """One field of the request cannot be honoured; `field` is its path, as `messages[0].role`."""

    code = "bad_field"
    remedy = "Correct this field."

    def __init__(
        self, sentence: str, *, remedy: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(sentence, remedy=remedy)
        self.field = field


class UnknownResponse(BadField):
    """No response of that id is kept."""

    code = "response_not_found"
    remedy = "Send the whole conversation as `input`."


class BodyTooLarge(RequestError):
    """The request's body is longer than the port takes."""

    code = "request_too_large"
    remedy = "Shorten the request."


class NotJson(RequestError):
    """The body does not call itself JSON, as a web page of a stranger would send it."""

    code = "unsupported_media_type"
    remedy = "Send JSON with the header `Content-Type: application/json`."


class WrongKey(RequestError):
    """The port has a key, and the request does not."""

    code = "invalid_api_key"
    remedy = "Send the header `Authorization: Bearer KEY` with the key set in Fullbore."


class KeyTooNarrow(RequestError):
    """The key is right, but not for this; `needed` is what it would have to open."""

    code = "key_scope"

    def __init__(self, sentence: str, *, needed: Scope = Scope.ANSWERS) -> None:
        super().__init__(sentence, remedy=f"Use a key that has the scope `{needed}`.")


class RateLimited(RequestError):
    """The key asks for more than its limits; `retry_seconds` is when it may ask again."""

    code = "rate_limit_exceeded"
    remedy = "Ask again in a while, or raise the key's limits in Fullbore."

    def __init__(self, sentence: str, *, retry_seconds: int = 1) -> None:
        super().__init__(sentence)
        self.retry_seconds = retry_seconds


class SlowRequest(RequestError):
    """The request's body did not come in time."""

    code = "request_timeout"
    remedy = "Send it faster, or in parts."


class StrangeHost(RequestError):
    """The request was meant for another host, or comes from a web page."""

    code = "host_not_allowed"
    remedy = (
        "Use the address that Fullbore shows, from a program; a web page must stand in"
        " `cors_origins` of Fullbore's settings."
    )


class NoSuchRoute(RequestError):
    """Nothing is served at that path."""

    code = "unknown_url"
    remedy = "GET /docs lists the paths."


class WrongMethod(RequestError):
    """The path exists, the method does not."""

    code = "method_not_allowed"
    remedy = "GET /docs lists the paths and their methods."


class PortClosing(EngineError):
    """The port was closed while the answer was being written."""

    code = "port_closing"
    remedy = "Open the port in Fullbore, then ask again."


class InternalError(EngineError):
    """A bug, as the client sees it; the log has the rest."""

    code = "internal_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How a failure is sent. `again` says whether asking once more by itself may help."""

    status: int
    again: bool = False


# The nearest class in the failure's own line of descent decides.
_TREATMENTS: dict[type[EngineError], Treatment] = {
    EngineError: Treatment(status=500),
    ModelError: Treatment(status=422),
    ModelNotFound: Treatment(status=404),
    OutOfMemory: Treatment(status=503),
    LoadCancelled: Treatment(status=503),
    RequestError: Treatment(status=400),
    TemplateFailed: Treatment(status=400),
    UnknownResponse: Treatment(status=404),
    BodyTooLarge: Treatment(status=413),
    NotJson: Treatment(status=415),
    WrongKey: Treatment(status=401),
    KeyTooNarrow: Treatment(status=403),
    RateLimited: Treatment(status=429, again=True),
    SlowRequest: Treatment(status=408),
    StrangeHost: Treatment(status=403),
    NoSuchRoute: Treatment(status=404),
    WrongMethod: Treatment(status=405),
    Busy: Treatment(status=503, again=True),
    WorkerDied: Treatment(status=503, again=True),
    Unanswerable: Treatment(status=500),
    PortClosing: Treatment(status=503),
    HubUnreachable: Treatment(status=502),
    DiskFull: Treatment(status=507),
}


def treatment(error: EngineError) -> Treatment:
    """How this failure is sent."""
    return next(_TREATMENTS[kind] for kind in type(error).__mro__ if kind in _TREATMENTS)


def told(error: EngineError) -> str:
    """What a client is told of a failure: its sentence, without paths of this computer.

    Every dialect's failures are made of this and of nothing else.
    """
    if isinstance(error, NoSuchRoute | WrongMethod):  # whose path is the client's own
        return error.sentence
    return without_paths(error.sentence)


def foreseen(error: Exception) -> EngineError:
    """The failure itself, or, for a bug, what a client may know of it: nothing."""
    if isinstance(error, EngineError):
        return error
    return InternalError("Fullbore failed in a way it did not foresee.")
