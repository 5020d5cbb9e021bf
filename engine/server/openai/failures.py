"""Failures, as OpenAI's clients read them."""

from typing import TypedDict

from engine.errors import EngineError, ModelNotFound
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


def error_object(error: EngineError) -> ErrorObject:
    """The body of this failure."""
    is_ours = treatment(error).status >= 500
    return {
        "error": {
            "message": told(error),
            "type": "server_error" if is_ours else "invalid_request_error",
            "param": _param(error),
            "code": error.code,
        }
    }


OPENAI = Dialect(
    name="openai",
    body=error_object,
    last_words=lambda error: event(error_object(error)),
)


def _param(error: EngineError) -> str | None:
    match error:
        case BadField():
            return error.field
        case ModelNotFound():
            return "model"
        case _ if error.code == "context_length_exceeded":
            return "messages"
        case _:
            return None
