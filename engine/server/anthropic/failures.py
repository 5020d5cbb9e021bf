"""Failures, as Anthropic's clients read them."""

from typing import TypedDict

from engine.errors import EngineError
from engine.server.dialect import Dialect
from engine.server.errors import treatment
from engine.server.sse import event

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}


class ErrorFields(TypedDict):
    """The inside of Anthropic's error object."""

    type: str
    message: str


class ErrorObject(TypedDict):
    """Anthropic's error object."""

    type: str
    error: ErrorFields


def error_object(error: EngineError) -> ErrorObject:
    """The body of this failure."""
    status = treatment(error).status
    fallback = "api_error" if status >= 500 else "invalid_request_error"
    return {
        "type": "error",
        "error": {"type": _TYPES.get(status, fallback), "message": error.sentence},
    }


ANTHROPIC = Dialect(
    name="anthropic",
    body=error_object,
    last_words=lambda error: event(error_object(error), name="error"),
    waiting=event({"type": "ping"}, name="ping"),
)
