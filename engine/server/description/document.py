"""The whole interface as an OpenAPI document."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from engine.server.description.described import Chapter, Described, Stream
from engine.server.description.fields import FIELDS
from engine.server.description.shapes import Schema, Shapes

OPENAPI = "3.1.0"
_PARAMETER = re.compile(r"{(\w+)}")
_EVENTS = "text/event-stream"


def document_of(chapters: Sequence[Chapter], version: str) -> dict[str, Any]:
    """The document. A route with several paths is told at each."""
    shapes = Shapes()
    paths: dict[str, dict[str, Any]] = {}
    for chapter in chapters:
        for route in chapter.routes:
            for path, operation in _operations(route, chapter, shapes):
                paths.setdefault(path, {})[route.method.lower()] = operation
    _explain(shapes)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Fullbore",
            "version": version,
            "description": "The local port: language models on this computer, in the words of"
            " OpenAI, Anthropic and Ollama.",
        },
        "tags": [{"name": chapter.name} for chapter in chapters if chapter.routes],
        "paths": paths,
        "components": {
            "schemas": shapes.named,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"key": []}],
    }


def _operations(
    route: Described, chapter: Chapter, shapes: Shapes
) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in route.paths:
        operation: dict[str, Any] = {
            "tags": [chapter.name],
            "summary": route.title,
            "operationId": f"{route.method.lower()}{re.sub(r'[^A-Za-z0-9]+', '_', path)}",
            "responses": _responses(route, chapter.failure, shapes),
        }
        if route.text:
            operation["description"] = route.text
        if parameters := _parameters(path, route):
            operation["parameters"] = parameters
        if route.body is not None:
            content: dict[str, Any] = {"schema": shapes.body(route.body)}
            if route.example is not None:
                content["example"] = route.example
            operation["requestBody"] = {
                "required": True,
                "content": {"application/json": content},
            }
        if path != route.paths[0]:
            operation["description"] = f"The same as {route.paths[0]}."
        yield path, operation


def _parameters(path: str, route: Described) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PARAMETER.findall(path)
    ]
    in_query = [
        {"name": wish.name, "in": "query", "description": wish.text, "schema": wish.schema}
        for wish in route.query
    ]
    return [*in_path, *in_query]


def _responses(route: Described, failure: object, shapes: Shapes) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if route.answer is not None:
        content[route.media] = {"schema": shapes.said(route.answer)}
    if route.stream is not None:
        content[route.stream.media] = {"schema": _each(route.stream, failure, shapes)}
    failed = {"application/json": {"schema": shapes.said(failure)}}
    told: dict[str, Any] = {"4XX": {"description": "Refused, and why.", "content": failed}}
    if route.status < 400:
        done = {"description": "The answer.", "content": content}
        told = {str(route.status): done, **told}
    return {**told, "5XX": {"description": "Failed, and what to do.", "content": failed}}


def _each(stream: Stream, failure: object, shapes: Shapes) -> Schema:
    """One event as those who read streams see it; or one line."""
    content = {"anyOf": [shapes.said(stream.each), shapes.said(failure)]}
    if stream.media != _EVENTS:
        return content
    told: Schema = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": content,
    }
    if stream.last is not None:
        told = {"anyOf": [{"const": stream.last}, told]}
    return {
        "type": "object",
        "properties": {"event": {"type": "string"}, "data": told},
        "required": ["data"],
    }


def _explain(shapes: Shapes) -> None:
    """Say what a field of what comes in is for."""
    for name in shapes.incoming:
        for field, each in shapes.named[name].get("properties", {}).items():
            text = FIELDS.get(f"{name}.{field}") or FIELDS.get(field)
            if text is not None and "description" not in each:
                each["description"] = text
