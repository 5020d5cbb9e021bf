"""The body of a request: JSON, not too long, of the right shape; else a failure that says where."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from engine.errors import BadRequest
from engine.server.errors import BadField, BodyTooLarge, NotJson
from engine.server.pictures import with_pictures
from engine.server.situation import Situation
from engine.server.sse import unless_closing

T = TypeVar("T", bound=BaseModel)

_CURL = "application/x-www-form-urlencoded"  # what `curl -d` says if it is not told otherwise


async def read_body(request: Request, kind: type[T]) -> T:
    """The body as that kind, with the pictures it names. Raises RequestError, or PortClosing."""
    situation: Situation = request.app.state.situation
    return await unless_closing(_body(request, kind, situation), situation.closing)


async def _body(request: Request, kind: type[T], situation: Situation) -> T:
    # A web page may send any text unasked, but JSON only with the port's consent, which strangers'
    # pages never have (CORS): so this line keeps them from using the model.
    said = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if said != "application/json" and not (said == _CURL and _is_ollama(request)):
        raise NotJson("The request does not say that it is JSON.")
    config = situation.config()
    body = await _read(request, config.most_body_bytes)
    fetching = situation.fetching if config.image_urls else None
    body = await with_pictures(body, fetching, most_bytes=config.most_body_bytes)
    try:
        # It reads no deeper than 200 lists and objects within each other.
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise _first_complaint(error) from None


def _is_ollama(request: Request) -> bool:
    """Whether Ollama's words are spoken: its users write `curl -d` and no header, as its pages do.

    Web pages do not get in by that. A form of theirs writes no JSON under this name, and a script
    sends its `Origin`, which the gate has looked at.
    """
    return request.url.path.startswith("/api/")


async def _read(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "")
    # Compared as words first: a number of a thousand digits is not worth the work.
    if length.isdecimal() and (len(length) > 18 or int(length) > most):
        raise _too_large(most)
    body = bytearray()
    async for stretch in request.stream():
        body += stretch
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


def _too_large(most: int) -> BodyTooLarge:
    large = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most:,} bytes"
    return BodyTooLarge(f"The request is longer than {large}.")


def _first_complaint(error: ValidationError) -> BadRequest:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = _path(first)
    complaint = first["msg"][:1].lower() + first["msg"][1:]
    if first["type"] == "json_invalid":
        return BadRequest(f"The request is no valid JSON: {complaint}.")
    if not field:
        return BadRequest(f"The request is wrong: {complaint}.")
    return BadField(f"`{field}` is wrong: {complaint}.", field=field)


def _path(complaint: ErrorDetails) -> str:
    path = ""
    for step in complaint["loc"]:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path
