"""The port's description: OpenAPI, the page in the port, and the page among the docs."""

import json
import re
from collections.abc import AsyncGenerator, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, NotRequired, TypedDict, cast

import httpx
import jsonschema_rs
import pytest
from starlette.routing import BaseRoute
from typing_extensions import override

from engine.server.anthropic.schema import CountBody, MessagesBody
from engine.server.app import app_for
from engine.server.description.described import Described
from engine.server.description.routes import document
from engine.server.description.shapes import Shapes
from engine.server.description.statuses import statuses
from engine.server.description.table import CHAPTERS
from engine.server.openai.schema import ChatBody
from engine.server.situation import Situation
from tests.support.answers import ScriptedAnswers
from tests.support.api_page import PAGE, page

ROUTES = [route for chapter in CHAPTERS for route in chapter.routes]
# Asked without a body for their headers alone; the description has GET.
HEADS = {"HEAD"}


@pytest.fixture
async def http(address: str) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address) as client:
        yield client


def served(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Every method and path of these routes, and of the routers among them."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from served(cast("Iterable[BaseRoute]", inner.routes))
        else:
            methods = cast("set[str]", getattr(route, "methods", None) or set())
            path = cast("str", getattr(route, "path_format", ""))
            yield from ((method, path) for method in methods - HEADS)


def test_that_every_route_is_described_and_no_other() -> None:
    app = app_for(Situation(answers=ScriptedAnswers(), fingerprint="test"), host="localhost")
    described = {(route.method, path) for route in ROUTES for path in route.paths}
    assert described == set(served(app.routes))


def test_that_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    named = document()["components"]["schemas"]
    references = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert len(references) > 60
    assert references <= set(named)
    assert "$defs" not in text


def test_that_operations_have_names_of_their_own() -> None:
    names = [told["operationId"] for path in document()["paths"].values() for told in path.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.example], ids=lambda route: route.paths[0]
)
def test_that_an_example_keeps_to_its_schema(route: Described) -> None:
    assert route.body is not None
    route.body.model_validate_json(json.dumps(route.example))
    whole = {"components": document()["components"], "$ref": f"#{_pointer(route)}"}
    told = {**whole, "paths": document()["paths"]}
    jsonschema_rs.validate(told, route.example)


def _pointer(route: Described) -> str:
    path = route.paths[0].replace("/", "~1")
    return f"/paths/{path}/{route.method.lower()}/requestBody/content/application~1json/schema"


def test_that_what_readers_take_is_in_the_schema() -> None:
    shapes = Shapes()
    shapes.body(ChatBody)
    shapes.body(MessagesBody)
    shapes.body(CountBody)
    content = shapes.named["ChatMessage"]["properties"]["content"]["anyOf"]
    assert {"type": "string"} in content
    assert shapes.named["ChatBody"]["properties"]["messages"]["minItems"] == 1
    assert shapes.named["Function"]["properties"]["parameters"]["anyOf"][0]["type"] == "object"
    assert "AnthropicBlock" in shapes.named


class _Inner(TypedDict):
    """Inside."""

    text: str


class _Outer(TypedDict):
    """Outside."""

    inner: _Inner
    several: list[int | None]
    note: NotRequired[str]
    anything: dict[str, Any]


def test_that_a_typed_dictionary_becomes_a_schema() -> None:
    shapes = Shapes()
    assert shapes.said(_Outer) == {"$ref": "#/components/schemas/_Outer"}
    outer = shapes.named["_Outer"]
    assert outer["required"] == ["inner", "several", "anything"]
    assert outer["properties"]["inner"] == {"$ref": "#/components/schemas/_Inner"}
    assert outer["properties"]["several"] == {
        "type": "array",
        "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    }


def test_that_statuses_tell_every_code_once() -> None:
    told = dict(statuses())
    assert "`model_not_found`" in told[404]
    assert "`bad_field`" in told[400]
    assert "`internal_error`" in told[500]
    codes = [code for codes in told.values() for code in codes.split(", ")]
    assert len(codes) == len(set(codes))


@pytest.mark.anyio
async def test_that_the_port_tells_its_schema(http: httpx.AsyncClient) -> None:
    answer = await http.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(document()))


class _Addresses(HTMLParser):
    """What a page would ask for, and the names within it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.ids: set[str] = set()
        self.inner: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            match name, value:
                case "id", str():
                    self.ids.add(value)
                case "href", str() if value.startswith("#"):
                    self.inner.append(value[1:])
                case (("src" | "href" | "srcset" | "action"), str()):
                    self.asked.append(value)
                case _:
                    pass


@pytest.mark.anyio
async def test_that_the_page_in_the_port_asks_nobody_for_anything(http: httpx.AsyncClient) -> None:
    answer = await http.get("/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    read = _Addresses()
    read.feed(answer.text)
    assert read.asked == []
    assert "@import" not in answer.text
    assert set(read.inner) <= read.ids
    assert "prefers-color-scheme:dark" in answer.text


@pytest.mark.anyio
async def test_that_the_page_s_examples_ask_the_port_it_came_from(
    http: httpx.AsyncClient, address: str
) -> None:
    text = (await http.get("/docs")).text
    assert f"curl {address}/v1/chat/completions" in text
    assert "11711" not in text
    assert text.count("<button") == text.count("<pre>")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.example and route.paths[0].startswith("/v1/")],
    ids=lambda route: route.paths[0],
)
async def test_that_an_example_of_the_page_is_answered(
    http: httpx.AsyncClient, route: Described
) -> None:
    body = {**(route.example or {})}
    if "model" in body:
        body["model"] = "owner/quiet:Q4_K_M"
    assert (await http.post(route.paths[0], json=body)).status_code == 200


def test_that_the_page_among_the_docs_is_what_the_port_says() -> None:
    remedy = "docs/api.md is stale: run `python -m tests.support.api_page`"
    assert PAGE.read_text("utf-8") == page(), remedy
