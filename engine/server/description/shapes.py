"""Types as JSON Schema: pydantic's models for what comes in, typed dictionaries for what goes out.

pydantic cannot read typing's own TypedDict on Python 3.11; what goes out uses little of the type
system, so that it is read here.
"""

import inspect
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from pydantic import BaseModel

Schema = dict[str, Any]

_REF = "#/components/schemas/"
_SIMPLE: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    None: {"type": "null"},
    Any: {},
    object: {},
}
_LENGTHS = {"minLength": "minItems", "maxLength": "maxItems"}


class Shapes:
    """Collects the named schemas that the others refer to."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}
        self.incoming: set[str] = set()
        self._names: dict[type, str] = {}

    def body(self, kind: type[BaseModel]) -> Schema:
        """What may come in. The schema describes the plain forms; readers may take more."""
        own = kind.model_json_schema(mode="validation", ref_template=_REF + "{model}")
        prefix = _prefix(kind)
        inner = cast("dict[str, Schema]", own.pop("$defs", {}))
        for name, schema in inner.items():
            self.incoming.add(prefix + name)
            self._keep(prefix + name, _tidy(schema, prefix))
        self.incoming.add(prefix + kind.__name__)
        return self._keep(prefix + kind.__name__, _tidy(own, prefix))

    def said(self, kind: object) -> Schema:
        """What goes out."""
        if kind in _SIMPLE:
            return dict(_SIMPLE[kind])
        if is_typeddict(kind):
            return self._dictionary(cast("type", kind))
        origin, inner = get_origin(kind), get_args(kind)
        if origin in {Annotated, NotRequired, Required}:
            return self.said(inner[0])
        if origin is Literal:
            return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
        return self._several(origin, inner)

    def _several(self, origin: Any, inner: tuple[object, ...]) -> Schema:
        if origin in {Union, UnionType}:
            return {"anyOf": [self.said(each) for each in inner]}
        if origin in {list, tuple}:
            return {"type": "array", "items": self.said(inner[0])}
        assert origin in {dict, Mapping}, f"{origin} has no schema"
        return {"type": "object", "additionalProperties": self.said(inner[1])}

    def _dictionary(self, kind: type) -> Schema:
        name = self._names.get(kind)
        if name is None:
            name = self._names[kind] = _prefix(kind) + kind.__name__
            hints = get_type_hints(kind, include_extras=True)
            required = cast("frozenset[str]", getattr(kind, "__required_keys__"))  # noqa: B009
            self._keep(
                name,
                {
                    "type": "object",
                    "description": inspect.getdoc(kind) or "",
                    "properties": {key: self.said(each) for key, each in hints.items()},
                    "required": [key for key in hints if key in required],
                },
            )
        return {"$ref": _REF + name}

    def _keep(self, name: str, schema: Schema) -> Schema:
        before = self.named.setdefault(name, schema)
        assert before == schema, f"two shapes are called {name}"
        return {"$ref": _REF + name}


def _prefix(kind: type) -> str:
    """Dialects have the same names for different things."""
    match kind.__module__.split(".")[:3]:
        case ["engine", "server", ("anthropic" | "ollama") as dialect]:
            return dialect.title()
        case _:
            return ""


def _tidy(schema: Schema, prefix: str) -> Schema:
    """Without what pydantic adds for others; lengths of lists are called what they are."""
    found: Schema = {}
    for key, value in schema.items():
        match key:
            case "title" if isinstance(value, str):
                continue
            case "default" if value in (None, [], {}) or isinstance(value, dict):
                continue
            case "discriminator":
                continue
            case "$ref":
                found[key] = value.replace(_REF, _REF + prefix)
            case "properties" | "patternProperties":
                found[key] = {name: _tidy(each, prefix) for name, each in value.items()}
            case "description":
                found[key] = " ".join(inspect.cleandoc(value).split())
            case _:
                found[key] = _inside(value, prefix)
    return _lengths(found)


def _inside(value: object, prefix: str) -> object:
    match value:
        case dict():
            return _tidy(cast("Schema", value), prefix)
        case list():
            return [_inside(each, prefix) for each in cast("list[object]", value)]
        case _:
            return value


def _lengths(schema: Schema) -> Schema:
    """A limit that pydantic checks on the list it made is one of items."""
    told = {new: schema[old] for old, new in _LENGTHS.items() if old in schema}
    if not told or schema.get("type") == "string":
        return schema
    rest = {key: value for key, value in schema.items() if key not in _LENGTHS}
    if rest.get("type") == "array":
        return {**rest, **told}
    if "anyOf" in rest:
        several = cast("list[Schema]", rest["anyOf"])
        rest["anyOf"] = [
            {**each, **told} if each.get("type") == "array" else each for each in several
        ]
    return rest
