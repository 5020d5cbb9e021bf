"""The body of a request: JSON, not too long, of the right shape; else a failure that says where."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from engine.errors import BadRequest
from engine.server.errors import BadField, BodyTooLarge, NotJson

T = TypeVar("T", bound=BaseModel)

MAX_BODY_BYTES = 32 << 20  # a picture of 20 MB has 27 of base64


async def read_body(request: Request, kind: type[T]) -> T:
    """The body as that kind. Raises NotJson, BodyTooLarge, BadField or BadRequest."""
    # A web page may send any text unasked, but JSON only with the port's consent, which it never
    # gives (CORS): so this line keeps strangers' pages from using the model.
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise NotJson("The request does not say that it is JSON.")
    try:
        return kind.model_validate_json(await _read(request))
    except ValidationError as error:
        raise _first_complaint(error) from None


async def _read(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MAX_BODY_BYTES:
        raise _too_large()
    body = bytearray()
    async for stretch in request.stream():
        body += stretch
        if len(body) > MAX_BODY_BYTES:
            raise _too_large()
    return bytes(body)


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(f"The request is longer than {MAX_BODY_BYTES >> 20} MiB.")


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
