"""Failures, as OpenAI's clients read them."""

from functools import partial
from typing import TypedDict

from engine.errors import ContextExceeded, EngineError, ModelNotFound
from engine.server.dialect import Dialect
from engine.server.errors import BadField, told, treatment
from engine.server.sse import event


class ErrorFields(TypedDict):
    """The inside of OpenAI's error object."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorObject(TypedDict):
    """OpenAI's error object."""

    error: ErrorFields


def error_object(error: EngineError, *, asked: str = "messages") -> ErrorObject:
    """The body of this failure; `asked` is the field that is to blame for too long a prompt."""
    is_ours = treatment(error).status >= 500
    return {
        "error": {
            "message": told(error),
            "type": "server_error" if is_ours else "invalid_request_error",
            "param": _param(error, asked),
            "code": error.code,
        }
    }


def _asked_by(field: str) -> Dialect:
    body = partial(error_object, asked=field)
    return Dialect(name="openai", body=body, last_words=lambda error: event(body(error)))


OPENAI = _asked_by("messages")
OPENAI_RESPONSES = _asked_by("input")
OPENAI_COMPLETIONS = _asked_by("prompt")


def _param(error: EngineError, asked: str) -> str | None:
    match error:
        case BadField():
            return error.field
        case ModelNotFound():
            return "model"
        case ContextExceeded():
            return asked
        case _:
            return None
