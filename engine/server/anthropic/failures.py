"""Failures, as Anthropic's clients read them."""

from typing import NotRequired, TypedDict

from engine.errors import Busy, ContextExceeded, EngineError
from engine.server.dialect import Dialect
from engine.server.errors import BadField, told, treatment
from engine.server.sse import event

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
}


class ErrorDetails(TypedDict):
    """For programs: what happened, and the path of the field that is to blame."""

    error_code: str
    field: NotRequired[str]


class ErrorFields(TypedDict):
    """The inside of Anthropic's error object."""

    type: str
    message: str
    details: ErrorDetails


class ErrorObject(TypedDict):
    """Anthropic's error object."""

    type: str
    error: ErrorFields


def error_object(error: EngineError) -> ErrorObject:
    """The body of this failure."""
    details: ErrorDetails = {"error_code": error.code}
    if isinstance(error, BadField) and error.field is not None:
        details["field"] = error.field
    return {
        "type": "error",
        "error": {"type": _type(error), "message": _message(error), "details": details},
    }


ANTHROPIC = Dialect(
    name="anthropic",
    body=error_object,
    last_words=lambda error: event(error_object(error), name="error"),
    waiting=event({"type": "ping"}, name="ping"),
)


def _type(error: EngineError) -> str:
    status = treatment(error).status
    # Only what passes by itself is "overloaded": clients ask again then.
    if isinstance(error, Busy) and status >= 500:
        return "overloaded_error"
    return _TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")


def _message(error: EngineError) -> str:
    if isinstance(error, ContextExceeded):
        # Programs look for these words, and for the numbers in them, to shorten a conversation.
        numbers = f"{error.prompt_tokens} tokens > {error.context_tokens} maximum"
        return f"prompt is too long: {numbers}. {error.remedy}"
    return told(error)
