"""The interface as one page of Markdown, made from the OpenAPI document."""

import json
from collections.abc import Iterator
from typing import Any, cast

from engine.server.description.shapes import Schema
from engine.server.description.statuses import statuses
from engine.server.description.table import CHAPTERS
from engine.server.description.words import FAILURES, PREFACE

ADDRESS = "http://127.0.0.1:11711"
_EVENTS = "text/event-stream"


def page_of(document: dict[str, Any], address: str = ADDRESS) -> str:
    """The page; its examples ask that address."""
    return "\n".join(_lines(document, address)).replace(ADDRESS, address).rstrip() + "\n"


def _lines(document: dict[str, Any], address: str) -> Iterator[str]:
    yield "# The local port\n"
    yield PREFACE
    yield from _overview(document)
    for chapter in CHAPTERS:
        yield f"\n## {chapter.name}\n"
        if chapter.text:
            yield chapter.text
        for route in chapter.routes:
            operation = document["paths"][route.paths[0]][route.method.lower()]
            others = route.paths[1:]
            yield f"\n### `{route.method} {route.paths[0]}`\n"
            yield f"{route.title}."
            if others:
                yield "\nAlso at " + ", ".join(f"`{path}`" for path in others) + "."
            yield from _operation(operation, document)
            if route.example is not None:
                yield from _example(address + route.paths[0], route.example)
    yield "\n## Failures\n"
    rows = "\n".join(f"| {status} | {codes} |" for status, codes in statuses())
    yield FAILURES.replace("STATUSES", rows)
    yield "\n## Shapes\n"
    for name in sorted(document["components"]["schemas"]):
        yield from _shape(name, document["components"]["schemas"][name])


def _overview(document: dict[str, Any]) -> Iterator[str]:
    yield "| Path | |"
    yield "|---|---|"
    for chapter in CHAPTERS:
        for route in chapter.routes:
            title = document["paths"][route.paths[0]][route.method.lower()]["summary"]
            yield f"| `{route.method} {'`, `'.join(route.paths)}` | {title} |"


def _operation(operation: dict[str, Any], document: dict[str, Any]) -> Iterator[str]:
    if "description" in operation:
        yield f"\n{operation['description']}"
    for wish in operation.get("parameters", ()):
        if wish["in"] == "query":
            yield f"\n* `?{wish['name']}=` {wish['description']} ({_kind(wish['schema'])})"
    if "requestBody" in operation:
        shape = operation["requestBody"]["content"]["application/json"]["schema"]
        yield from _fields(_named(shape, document))
    yield from _answers(operation["responses"])


def _answers(responses: dict[str, Any]) -> Iterator[str]:
    for media, content in responses.get("200", {}).get("content", {}).items():
        schema = content["schema"]
        if media == _EVENTS:
            data = schema["properties"]["data"]
            told = data["anyOf"][1] if "anyOf" in data else data
            last = f", ended by `data: {data['anyOf'][0]['const']}`" if "anyOf" in data else ""
            yield f"\nAs a stream: events of {_kind(told['contentSchema'])}{last}."
        elif "ndjson" in media:
            yield f"\nAs a stream: lines of {_kind(schema)}."
        elif media == "application/json":
            yield f"\nAnswer: {_kind(schema)}."


def _fields(schema: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    yield "\n| Field | | |"
    yield "|---|---|---|"
    for name, each in schema.get("properties", {}).items():
        mark = " (required)" if name in required else ""
        yield f"| `{name}`{mark} | {_kind(each)} | {_cell(each.get('description', ''))} |"


def _shape(name: str, schema: Schema) -> Iterator[str]:
    yield f"\n### {name}\n"
    if schema.get("description"):
        yield " ".join(schema["description"].split())
    if "properties" in schema:
        yield from _fields(schema)


def _example(address: str, body: object) -> Iterator[str]:
    text = json.dumps(body, ensure_ascii=False)
    yield f"\n```sh\ncurl {address} -H 'Content-Type: application/json' \\\n  -d '{text}'\n```"


def _kind(schema: Schema) -> str:
    """A type in few words; shapes are linked."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    several = cast("list[Schema]", schema.get("anyOf") or schema.get("oneOf") or [])
    if several:
        kinds = [_kind(each) for each in several if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    values = cast(
        "list[object]", schema.get("enum") or [schema[key] for key in schema if key == "const"]
    )
    if values:
        return ", ".join(f"`{json.dumps(value)}`" for value in values)
    return _plain(schema)


def _plain(schema: Schema) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        inner = _kind(schema.get("items", {}))
        return f"list of {inner}{_limits(schema, 'minItems', 'maxItems')}"
    return f"{kind}{_limits(schema, 'minimum', 'maximum')}"


def _limits(schema: Schema, least: str, most: str) -> str:
    low, high = schema.get(least), schema.get(most)
    if low is None:
        return "" if high is None else f", up to {_number(high)}"
    return f", from {_number(low)}" if high is None else f", {_number(low)} to {_number(high)}"


def _number(value: float | str) -> str:
    return f"{int(value):,}" if float(value).is_integer() else str(value)


def _named(schema: Schema, document: dict[str, Any]) -> Schema:
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
