"""POST /v1/responses, OpenAI's newer dialect, and what is kept of its conversations."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse
from starlette.responses import Response as HttpResponse

from engine.chat import ChatRequest
from engine.errors import EngineError
from engine.server.auth import key_of
from engine.server.body import read_body
from engine.server.errors import BadField
from engine.server.openai.conversations import Conversations, Kept, kept_items, read_items
from engine.server.openai.failures import OPENAI_RESPONSES
from engine.server.openai.responses_events import Event, Writing, writing_of
from engine.server.openai.responses_said import Deleted, InputTokens, ItemList, Response
from engine.server.openai.responses_schema import Item, ResponsesBody
from engine.server.openai.responses_wishes import chat_request
from engine.server.replying import streamed, wanted
from engine.server.situation import Situation
from engine.server.sse import event

_MOST_LISTED = 100
_LISTED = 20


def response_routes(situation: Situation, conversations: Conversations | None = None) -> APIRouter:
    """The routes. What is said stays in memory, up to a limit, while the port is open."""
    kept = conversations or Conversations()
    router = APIRouter()

    async def create(request: Request) -> HttpResponse:
        body = await read_body(request, ResponsesBody)
        asked = _asked(body, kept, _owner(request))
        if body.stream:
            return streamed(request, _events(situation, kept, asked), OPENAI_RESPONSES)
        response = await wanted(request, _whole(situation, kept, asked))
        return JSONResponse(response)

    async def count(request: Request) -> HttpResponse:
        body = await read_body(request, ResponsesBody)
        weight = await wanted(
            request, situation.answers.weigh(_asked(body, kept, _owner(request)).request)
        )
        return JSONResponse(InputTokens(object="response.input_tokens", input_tokens=weight.total))

    async def one(response_id: str, request: Request) -> JSONResponse:
        if request.query_params.get("stream") == "true":
            raise BadField("`stream` is wrong: a response is streamed but once.", field="stream")
        return JSONResponse(kept.response(response_id, owner=_owner(request)))

    async def forget(response_id: str, request: Request) -> JSONResponse:
        kept.forget(response_id, owner=_owner(request))
        return JSONResponse(Deleted(id=response_id, object="response", deleted=True))

    async def items(response_id: str, request: Request) -> JSONResponse:
        return JSONResponse(_listed(kept.asked(response_id, owner=_owner(request)), request))

    router.add_api_route("/v1/responses", create, methods=["POST"])
    router.add_api_route("/v1/responses/input_tokens", count, methods=["POST"])
    router.add_api_route("/v1/responses/{response_id}", one, methods=["GET"])
    router.add_api_route("/v1/responses/{response_id}", forget, methods=["DELETE"])
    router.add_api_route("/v1/responses/{response_id}/input_items", items, methods=["GET"])
    return router


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A body, whose it is, the request it makes, and all items that the answer follows."""

    body: ResponsesBody
    owner: str | None
    request: ChatRequest
    items: tuple[Kept, ...]


def _owner(request: Request) -> str | None:
    key = key_of(request.scope)
    return None if key is None else key.id


def _asked(body: ResponsesBody, conversations: Conversations, owner: str | None) -> _Asked:
    """Raises BadField, or UnknownResponse."""

    def looked_up(item: Item, index: int) -> Item:
        if item.type != "item_reference":
            return item
        found = conversations.item(item.id or "", owner=owner)
        if found is None:
            path = f"input[{index}].id"
            raise BadField(f"`{path}` is wrong: no item of that id is kept.", field=path)
        return read_items((found,))[0]

    previous = body.previous_response_id
    earlier = conversations.thread(previous, owner=owner) if previous else ()
    items = tuple(looked_up(item, index) for index, item in enumerate(body.input))
    return _Asked(
        body=body,
        owner=owner,
        request=chat_request(body, read_items(earlier), items),
        items=(*earlier, *kept_items(item.sent for item in items)),
    )


def _writing(situation: Situation, asked: _Asked) -> Writing:
    model = asked.body.model or situation.answers.loaded or ""
    return writing_of(asked.body, asked.request, model)


async def _whole(situation: Situation, conversations: Conversations, asked: _Asked) -> Response:
    writing: Writing | None = None
    async with aclosing(situation.answers.generate(asked.request)) as deltas:
        async for delta in deltas:
            writing = writing or _writing(situation, asked)
            for _ in writing.hear(delta):
                pass
    assert writing is not None, "an answer has deltas"
    _remember(writing, conversations, asked)
    return writing.response


async def _events(
    situation: Situation, conversations: Conversations, asked: _Asked
) -> AsyncGenerator[bytes, None]:
    writing: Writing | None = None
    try:
        async with aclosing(situation.answers.generate(asked.request)) as deltas:
            async for delta in deltas:
                if writing is None:
                    # Not before the first word: until then the model may still be loading.
                    writing = _writing(situation, asked)
                    for each in writing.begin():
                        yield _sent(each)
                for each in writing.hear(delta):
                    yield _sent(each)
    except EngineError as failure:
        if writing is None:
            raise
        for each in writing.fail(failure):
            yield _sent(each)
    if writing is not None:
        _remember(writing, conversations, asked)


def _sent(told: Event) -> bytes:
    return event(told, name=told["type"])


def _remember(writing: Writing, conversations: Conversations, asked: _Asked) -> None:
    if asked.body.store is not False:
        conversations.keep(writing.response, asked.items, owner=asked.owner)


def _listed(items: tuple[Kept, ...], request: Request) -> ItemList:
    """The latest first, unless `order` says otherwise; `after` an item, `limit` at most."""
    wishes = request.query_params
    limit = wishes.get("limit", str(_LISTED))
    if not limit.isdecimal() or not 1 <= int(limit[:9]) <= _MOST_LISTED:
        raise BadField(f"`limit` is wrong: it must be 1 to {_MOST_LISTED}.", field="limit")
    order = wishes.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise BadField("`order` is wrong: it must be asc or desc.", field="order")
    told = [each.told for each in (items if order == "asc" else items[::-1])]
    after = wishes.get("after")
    if after is not None:
        ids = [each["id"] for each in told]
        if after not in ids:
            raise BadField("`after` is wrong: no item of that id is there.", field="after")
        told = told[ids.index(after) + 1 :]
    page = [dict(each) for each in told[: int(limit)]]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else "",
        "last_id": page[-1]["id"] if page else "",
        "has_more": len(told) > len(page),
    }
